"""In a school: requests of support before the director, and the visitor's own page."""

from django.urls import path

from modules.support.views import school

app_name = "support"
urlpatterns = [
    path("", school.index, name="index"),
    path("visit/", school.visit, name="visit"),
    path("visit/leave/", school.leave, name="leave"),
    path("<uuid:asking_id>/", school.asking, name="asking"),
    path("<uuid:asking_id>/grant/", school.grant, name="grant"),
    path("<uuid:asking_id>/refuse/", school.refuse, name="refuse"),
    path("<uuid:asking_id>/end/", school.end, name="end"),
]
