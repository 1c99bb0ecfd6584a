from django.urls import path

from modules.schedule import views
from modules.schedule.timetabling import views as timetabling

app_name = "schedule"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("classes/", views.classes, name="classes"),
    path("classes/<uuid:class_id>/", views.class_week, name="class_week"),
    path("lessons/<uuid:lesson_id>/", views.lesson, name="lesson"),
    path("load/", views.load, name="load"),
    path("load/<uuid:class_id>/", views.load_class, name="load_class"),
    path("load/<uuid:class_id>/lay/", views.lay, name="load_lay"),
    path("courses/<uuid:course_id>/", views.load_course, name="load_course"),
    path("courses/<uuid:course_id>/drop/", views.drop, name="load_drop"),
    path("timetables/", timetabling.timetables, name="timetables"),
    path("timetables/days/", timetabling.days, name="timetable_days"),
    path("timetables/days/<uuid:wish_id>/forget/", timetabling.forget_day, name="timetable_day_forget"),
    path("timetables/<uuid:timetable_id>/", timetabling.timetable, name="timetable"),
    path("timetables/<uuid:timetable_id>/move/", timetabling.move, name="timetable_move"),
    path("timetables/<uuid:timetable_id>/cards/<uuid:card_id>/pin/", timetabling.pin, name="timetable_pin"),
    path(
        "timetables/<uuid:timetable_id>/cards/<uuid:card_id>/room/", timetabling.room, name="timetable_room"
    ),
    path("timetables/<uuid:timetable_id>/undo/", timetabling.undo, name="timetable_undo"),
    path("timetables/<uuid:timetable_id>/load/", timetabling.match_load, name="timetable_load"),
    path("timetables/<uuid:timetable_id>/drop/", timetabling.drop, name="timetable_drop"),
    path("timetables/<uuid:timetable_id>/excel/", timetabling.workbook, name="timetable_excel"),
    path("timetables/<uuid:timetable_id>/search/", timetabling.search, name="timetable_search"),
    path("timetables/<uuid:timetable_id>/search/stop/", timetabling.stop, name="timetable_stop"),
    path("timetables/<uuid:timetable_id>/publish/", timetabling.publish, name="timetable_publish"),
    path("periods/", views.periods, name="periods"),
    path("periods/open/", views.open_year, name="open_year"),
    path("periods/<uuid:period_id>/", views.period, name="period"),
    path("periods/<uuid:period_id>/close/", views.close, name="close"),
    path("periods/<uuid:period_id>/reopen/", views.reopen, name="reopen"),
]
