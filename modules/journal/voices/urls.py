from django.urls import path

from modules.journal.voices import views

urlpatterns = [
    path("", views.keep, name="keep_voice"),
    path("<uuid:file_id>/", views.hear, name="voice"),
    path("<uuid:file_id>/delete/", views.take_back, name="take_back_voice"),
]
