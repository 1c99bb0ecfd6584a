from django.urls import include, path

from modules.schedule.exchange.urls import urlpatterns as exchange
from modules.schedule.lessons import views as lessons
from modules.schedule.load import views as load
from modules.schedule.substitutions.urls import urlpatterns as substitutions
from modules.schedule.timetabling import views as timetabling
from modules.schedule.year import views as year

app_name = "schedule"
urlpatterns = [
    path("", lessons.mine, name="mine"),
    path("classes/", lessons.classes, name="classes"),
    path("classes/<uuid:class_id>/", lessons.class_week, name="class_week"),
    path("classes/<uuid:class_id>/month/", lessons.class_month, name="class_month"),
    path("classes/<uuid:class_id>/add/", lessons.add, name="lesson_add"),
    path("rooms/<str:room>/", lessons.room_week, name="room_week"),
    path("lessons/<uuid:lesson_id>/", lessons.lesson, name="lesson"),
    path("lessons/<uuid:lesson_id>/cancel/", lessons.cancel, name="lesson_cancel"),
    path("lessons/<uuid:lesson_id>/restore/", lessons.restore, name="lesson_restore"),
    path("lessons/<uuid:lesson_id>/move/", lessons.move, name="lesson_move"),
    path("feed/", lessons.feed, name="feed"),
    path("feed/<uuid:pupil_id>/", lessons.feed_of_child, name="feed_of_child"),
    path("feed/<str:token>.ics", lessons.feed_read, name="feed_read"),
    path("load/", load.classes, name="load"),
    path("load/teachers/", load.teachers, name="load_teachers"),
    path("load/vacancies/", load.vacancies, name="load_vacancies"),
    path("load/hours/", load.hours, name="load_hours"),
    path("load/typical/", load.typical, name="load_typical"),
    path("load/<uuid:class_id>/", load.school_class, name="load_class"),
    path("load/<uuid:class_id>/take/", load.take, name="load_take"),
    path("load/<uuid:class_id>/divide/", load.divide, name="load_divide"),
    path("load/<uuid:class_id>/undivide/", load.undivide, name="load_undivide"),
    path("load/<uuid:class_id>/groups/<slug:subject_code>/", load.groups, name="load_groups"),
    path("load/<uuid:class_id>/groups/<slug:subject_code>/halve/", load.halve, name="load_halve"),
    path("load/<uuid:class_id>/lay/", load.lay, name="load_lay"),
    path("courses/<uuid:course_id>/", load.course, name="load_course"),
    path("courses/<uuid:course_id>/give/", load.assign, name="load_assign"),
    path("courses/<uuid:course_id>/pupils/", load.circle, name="load_circle"),
    path("courses/<uuid:course_id>/drop/", load.drop, name="load_drop"),
    path("courses/<uuid:course_id>/month/", lessons.course_month, name="course_month"),
    path("timetables/", timetabling.timetables, name="timetables"),
    path("timetables/", include(exchange)),
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
    path("timetables/<uuid:timetable_id>/search/", timetabling.search, name="timetable_search"),
    path("timetables/<uuid:timetable_id>/search/stop/", timetabling.stop, name="timetable_stop"),
    path("timetables/<uuid:timetable_id>/publish/", timetabling.publish, name="timetable_publish"),
    path("substitutions/", include(substitutions)),
    path("periods/", year.periods, name="periods"),
    path("periods/open/", year.open_year, name="open_year"),
    path("periods/<uuid:period_id>/", year.period, name="period"),
    path("periods/<uuid:period_id>/close/", year.close, name="close"),
    path("periods/<uuid:period_id>/reopen/", year.reopen, name="reopen"),
    path("periods/changes/<uuid:job_id>/", year.year_job, name="year_job"),
    path("days/", year.special_add, name="special_add"),
    path("days/<uuid:special_id>/", year.special, name="special"),
    path("days/<uuid:special_id>/take-back/", year.special_take_back, name="special_take_back"),
    path("days/<uuid:special_id>/put-back/", year.special_put_back, name="special_put_back"),
    path("bells/", year.bells, name="bells"),
    path("bells/usual/", year.bells_usual, name="bells_usual"),
    path("bells/new/", year.bell_set_add, name="bell_set_add"),
    path("bells/<uuid:set_id>/", year.bell_set, name="bell_set"),
    path("bells/<uuid:set_id>/drop/", year.bell_set_drop, name="bell_set_drop"),
]
