from django.urls import include, path

from modules.schedule import views
from modules.schedule.substitutions.urls import urlpatterns as substitutions

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
    path("substitutions/", include(substitutions)),
    path("periods/", views.periods, name="periods"),
    path("periods/open/", views.open_year, name="open_year"),
    path("periods/<uuid:period_id>/", views.period, name="period"),
    path("periods/<uuid:period_id>/close/", views.close, name="close"),
    path("periods/<uuid:period_id>/reopen/", views.reopen, name="reopen"),
]
