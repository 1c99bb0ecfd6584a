from django.urls import path

from modules.family import views

app_name = "family"
urlpatterns = [
    path("", views.home, name="home"),
    path("<uuid:pupil_id>/", views.child, name="child"),
    path("<uuid:pupil_id>/week/", views.week, name="week"),
    path("<uuid:pupil_id>/works/", views.works, name="works"),
    path("<uuid:pupil_id>/year/", views.year, name="year"),
    path("<uuid:pupil_id>/lookers/", views.lookers, name="lookers"),
    path("<uuid:pupil_id>/voices/<uuid:voice_id>/", views.voice, name="voice"),
    path("<uuid:pupil_id>/<uuid:course_id>/", views.subject, name="subject"),
]
