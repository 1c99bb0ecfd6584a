from django.urls import path

from modules.journal.export import views

of_course = [
    path("", views.course_files, name="course_files"),
    path("journal.pdf", views.course_pdf, name="course_pdf"),
    path("journal.xlsx", views.course_excel, name="course_excel"),
]
urlpatterns = [
    path("", views.archive, name="archive"),
    path("<uuid:job_id>/", views.archive_job, name="archive_job"),
    path("<uuid:job_id>/stop/", views.stop_archive, name="stop_archive"),
    path("<uuid:job_id>/file.zip", views.archive_file, name="archive_file"),
]
