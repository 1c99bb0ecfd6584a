"""Addresses of reports, under the journal's own."""

from django.urls import path

from modules.journal.reports.views import achievement, filling, interval, mentors, rooms, works

urlpatterns = [
    path("", achievement.index, name="reports"),
    path("achievement/", achievement.achievement, name="report_achievement"),
    path("achievement/pupils/", achievement.pupils, name="report_pupils"),
    path("works/", works.works, name="report_works"),
    path("works/<uuid:work_id>/", works.work, name="report_work"),
    path("class/", rooms.room, name="report_class"),
    path("class/<slug:what>/", rooms.behind, name="report_class_list"),
    path("mentors/", mentors.mentors, name="report_mentors"),
    path("mentors/<uuid:mentorship_id>/", mentors.mentor, name="report_mentor"),
    path("mentors/<uuid:mentorship_id>/behind/<slug:what>/", mentors.behind, name="report_mentor_list"),
    path("mentors/<uuid:mentorship_id>/end/", mentors.end, name="report_mentor_end"),
    path("teacher/", interval.years, name="report_years"),
    path("teacher/pupils/", interval.years_pupils, name="report_years_pupils"),
    path("filling/", filling.filling, name="report_filling"),
    path("filling/<slug:what>/", filling.filling_list, name="report_filling_list"),
]
