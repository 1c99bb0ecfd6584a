from django.urls import path

from modules.school import views

app_name = "school"
urlpatterns = [
    path("", views.first_page, name="home"),
    path("school/start/", views.start_page, name="start"),
    path("school/start/<str:code>/skip/", views.skip_step, name="skip_step"),
    path("school/start/<str:code>/resume/", views.resume_step, name="resume_step"),
    path("school/", views.profile, name="profile"),
    path("school/edit/", views.edit_profile, name="edit_profile"),
    path("school/logo/", views.logo, name="logo"),
    path("school/logo/set/", views.set_logo, name="set_logo"),
    path("school/slips/", views.login_slips, name="slips"),
    path("school/access/", views.access_review, name="access"),
    path("school/access/review.xlsx", views.access_workbook, name="access_workbook"),
    path("school/access/review.pdf", views.access_paper, name="access_paper"),
    path("school/contract/", views.contract, name="contract"),
    path("school/contract/archive/", views.take_along, name="take_along"),
    path("school/contract/archive/<uuid:job_id>/", views.take_along_job, name="take_along_job"),
    path("school/contract/archive/<uuid:job_id>/file/", views.take_along_file, name="take_along_file"),
    path("school/settings/", views.settings, name="settings"),
    path("school/settings/<str:code>/", views.edit_setting, name="edit_setting"),
]
