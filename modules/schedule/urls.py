from django.urls import path

from modules.schedule import views
from modules.schedule.load import views as load

app_name = "schedule"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("classes/", views.classes, name="classes"),
    path("classes/<uuid:class_id>/", views.class_week, name="class_week"),
    path("lessons/<uuid:lesson_id>/", views.lesson, name="lesson"),
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
    path("load/<uuid:class_id>/lay/", views.lay, name="load_lay"),
    path("courses/<uuid:course_id>/", load.course, name="load_course"),
    path("courses/<uuid:course_id>/give/", load.assign, name="load_assign"),
    path("courses/<uuid:course_id>/pupils/", load.circle, name="load_circle"),
    path("courses/<uuid:course_id>/drop/", load.drop, name="load_drop"),
    path("periods/", views.periods, name="periods"),
    path("periods/open/", views.open_year, name="open_year"),
    path("periods/<uuid:period_id>/", views.period, name="period"),
    path("periods/<uuid:period_id>/close/", views.close, name="close"),
    path("periods/<uuid:period_id>/reopen/", views.reopen, name="reopen"),
]
