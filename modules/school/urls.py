from django.urls import path

from modules.school import views

app_name = "school"
urlpatterns = [
    path("", views.first_page, name="home"),
    path("school/start/", views.start_page, name="start"),
    path("school/", views.profile, name="profile"),
    path("school/edit/", views.edit_profile, name="edit_profile"),
    path("school/slips/", views.login_slips, name="slips"),
    path("school/settings/", views.settings, name="settings"),
    path("school/settings/<str:code>/", views.edit_setting, name="edit_setting"),
]
