"""Addresses of reports, under the journal's own."""

from django.urls import path

from modules.journal.reports.views import achievement, filling, works

urlpatterns = [
    path("", achievement.index, name="reports"),
    path("achievement/", achievement.achievement, name="report_achievement"),
    path("achievement/pupils/", achievement.pupils, name="report_pupils"),
    path("works/", works.works, name="report_works"),
    path("works/<uuid:work_id>/", works.work, name="report_work"),
    path("filling/", filling.filling, name="report_filling"),
    path("filling/<slug:what>/", filling.filling_list, name="report_filling_list"),
]
