from django.urls import path

from ui import views

app_name = "ui"
urlpatterns = [
    path("", views.component_gallery, name="gallery"),
    path("journal-grid", views.journal_harness, name="journal_harness"),
    path("journal-grid/save", views.journal_save, name="journal_save"),
    path("journal-grid/history", views.journal_history, name="journal_history"),
    path("language", views.language, name="language"),
    path("theme", views.theme, name="theme"),
    path("year", views.year, name="year"),
    path("search", views.search, name="search"),
    path("offline", views.offline, name="offline"),
    path("worker.js", views.worker, name="worker"),
    path("help/<str:app>/<str:slug>", views.help, name="help"),
]
