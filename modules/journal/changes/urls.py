"""Addresses of the history, under the journal's own."""

from django.urls import path

from modules.journal.changes import views

urlpatterns = [
    path("changes/", views.changes, name="changes"),
    path("changes/export.xlsx", views.changes_excel, name="changes_excel"),
    path("changes/pupil/<uuid:pupil_id>/", views.changes_of_pupil, name="changes_of_pupil"),
    path("<uuid:course_id>/changes/", views.changes_of, name="changes_of"),
]
