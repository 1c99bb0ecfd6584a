from django.urls import include, path

from modules.journal import views
from modules.journal.cards.urls import urlpatterns as cards
from modules.journal.export.urls import of_course
from modules.journal.export.urls import urlpatterns as archives

app_name = "journal"
urlpatterns = [
    path("", views.index, name="index"),
    path("save/", views.save, name="save"),
    path("sheets/", views.sheets, name="sheets"),
    path("sheets/export.xlsx", views.sheets_excel, name="sheets_excel"),
    path("cards/", include(cards)),
    path("archives/", include(archives)),
    path("<uuid:course_id>/year/", include(of_course)),
    path("<uuid:course_id>/", views.grid, name="grid"),
    path("<uuid:course_id>/history/", views.history, name="history"),
    path("<uuid:course_id>/topics/", views.planned_topics, name="planned_topics"),
    path("<uuid:course_id>/topics/<uuid:lesson_id>/", views.topic, name="topic"),
    path("<uuid:course_id>/works/", views.add_work, name="add_work"),
    path("<uuid:course_id>/works/<uuid:work_id>/remove/", views.remove_work, name="remove_work"),
    path("<uuid:course_id>/marks/", views.finals, name="finals"),
    path("<uuid:course_id>/marks/accept/", views.accept_recommended, name="accept_recommended"),
    path("<uuid:course_id>/sheet/", views.sheet, name="sheet"),
    path("<uuid:course_id>/sheet/prepare/", views.prepare_sheet, name="prepare_sheet"),
    path("<uuid:course_id>/print/", views.printed, name="print"),
    path("<uuid:course_id>/export.xlsx", views.export, name="export"),
]
