"""Addresses of opening, under the journal's own."""

from django.urls import path

from modules.journal.opening import views

urlpatterns = [
    path("openings/", views.openings, name="openings"),
    path("openings/export.xlsx", views.openings_excel, name="openings_excel"),
    path("openings/<uuid:opening_id>/", views.opening, name="opening"),
    path("openings/<uuid:opening_id>/answer/", views.answer, name="answer_opening"),
    path("openings/<uuid:opening_id>/close/", views.close, name="close_opening"),
    path("<uuid:course_id>/open/", views.ask, name="ask_opening"),
]
