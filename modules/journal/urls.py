from django.urls import include, path

from modules.journal import views
from modules.journal.cards.urls import urlpatterns as cards
from modules.journal.changes.urls import urlpatterns as changes
from modules.journal.export.urls import of_course
from modules.journal.export.urls import urlpatterns as archives
from modules.journal.kinds import views as kinds
from modules.journal.opening.urls import urlpatterns as opening
from modules.journal.planner.urls import urlpatterns as planner
from modules.journal.remarks.urls import urlpatterns as remarks
from modules.journal.voices.urls import urlpatterns as voices
from modules.journal.year import views as year

app_name = "journal"
urlpatterns = [
    path("", views.index, name="index"),
    path("save/", views.save, name="save"),
    path("planner/", include(planner)),
    path("year/failing/", year.failing, name="year_failing"),
    path("year/failing/export.xlsx", year.failing_excel, name="year_failing_excel"),
    path("sheets/", views.sheets, name="sheets"),
    path("reports/", include("modules.journal.reports.urls")),
    path("sheets/export.xlsx", views.sheets_excel, name="sheets_excel"),
    *changes,
    *opening,
    *remarks,
    path("cards/", include(cards)),
    path("archives/", include(archives)),
    path("list/", kinds.journals, name="journals"),
    path("list/export.xlsx", kinds.journals_excel, name="journals_excel"),
    path("development/", kinds.monitoring, name="monitoring"),
    path("development/<uuid:class_id>/", kinds.development, name="development"),
    path("classes/<uuid:class_id>/", kinds.classes.subjects, name="class"),
    path("classes/<uuid:class_id>/summary/", kinds.classes.summary, name="class_summary"),
    path("classes/<uuid:class_id>/words/", kinds.classes.words, name="class_words"),
    path("classes/<uuid:class_id>/attendance/", kinds.classes.attendance, name="class_attendance"),
    path("classes/<uuid:class_id>/pupils/", kinds.classes.pupils, name="class_pupils"),
    path("classes/<uuid:class_id>/health/", kinds.classes.health, name="class_health"),
    path("<uuid:course_id>/files/", include(of_course)),
    path("<uuid:course_id>/voices/", include(voices)),
    path("<uuid:course_id>/", views.grid, name="grid"),
    path("<uuid:course_id>/history/", views.history, name="history"),
    path("<uuid:course_id>/needed/", views.needed, name="needed"),
    path("<uuid:course_id>/topics/", views.planned_topics, name="planned_topics"),
    path("<uuid:course_id>/topics/<uuid:lesson_id>/", views.topic, name="topic"),
    path("<uuid:course_id>/works/", views.add_work, name="add_work"),
    path("<uuid:course_id>/works/<uuid:work_id>/remove/", views.remove_work, name="remove_work"),
    path("<uuid:course_id>/marks/", views.finals, name="finals"),
    path("<uuid:course_id>/marks/accept/", views.accept_recommended, name="accept_recommended"),
    path("<uuid:course_id>/year/", year.year, name="year"),
    path("<uuid:course_id>/words/", kinds.words, name="words"),
    path("<uuid:course_id>/home/", kinds.home_journal, name="home"),
    path("<uuid:course_id>/programmes/", kinds.programmes, name="programmes"),
    path("<uuid:course_id>/programmes/set/", kinds.programme, name="programme"),
    path("<uuid:course_id>/programmes/<uuid:pupil_id>/end/", kinds.end_programme, name="end_programme"),
    path("<uuid:course_id>/sheet/", views.sheet, name="sheet"),
    path("<uuid:course_id>/sheet/prepare/", views.prepare_sheet, name="prepare_sheet"),
    path("<uuid:course_id>/print/", views.printed, name="print"),
    path("<uuid:course_id>/export.xlsx", views.export, name="export"),
]
