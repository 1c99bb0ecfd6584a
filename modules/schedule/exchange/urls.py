"""Addresses of exchange, below /schedule/timetables/."""

from django.urls import path

from modules.schedule.exchange import views

urlpatterns = [
    path("compare/", views.compare, name="timetable_compare"),
    path("out/<str:code>/", views.out, name="week_out"),
    path("out/<str:code>/wall.pdf", views.wall, name="week_wall"),
    path("out/<str:code>/timetable.xlsx", views.workbook, name="week_excel"),
    path("out/<str:code>/timetable.fet", views.fet_file, name="week_fet"),
    path("out/<str:code>/<str:whose>.pdf", views.pages, name="week_pages"),
]
