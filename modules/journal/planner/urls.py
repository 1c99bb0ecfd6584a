"""Addresses of the planner, under the journal's own."""

from django.urls import path

from modules.journal.planner import views

urlpatterns = [
    path("", views.board, name="planner"),
    path("accept/", views.accept, name="planner_accept"),
    path("works/<uuid:work_id>/", views.work, name="planner_work"),
    path("works/<uuid:work_id>/change/", views.change, name="planner_change"),
    path("works/<uuid:work_id>/remove/", views.remove, name="planner_remove"),
    path("new/<uuid:course_id>/<slug:kind>/", views.new, name="planner_new"),
    path("watch/", views.watch, name="planner_watch"),
    path("watch/export.xlsx", views.watch_excel, name="planner_watch_excel"),
]
