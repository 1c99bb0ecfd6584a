"""Addresses of reports, under the journal's own."""

from django.urls import path

from modules.journal.reports.views import achievement

urlpatterns = [
    path("", achievement.index, name="reports"),
    path("achievement/", achievement.achievement, name="report_achievement"),
    path("achievement/pupils/", achievement.pupils, name="report_pupils"),
]
