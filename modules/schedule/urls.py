from django.urls import path

from modules.schedule import views
from modules.schedule.lessons import views as lessons
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
    path("load/", views.load, name="load"),
    path("load/<uuid:class_id>/", views.load_class, name="load_class"),
    path("load/<uuid:class_id>/lay/", views.lay, name="load_lay"),
    path("courses/<uuid:course_id>/", views.load_course, name="load_course"),
    path("courses/<uuid:course_id>/drop/", views.drop, name="load_drop"),
    path("courses/<uuid:course_id>/month/", lessons.course_month, name="course_month"),
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
