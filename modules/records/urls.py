from django.urls import path

from modules.records.views import alphabet, certificates, family, movement, verify

app_name = "records"
urlpatterns = [
    path("alphabet/", alphabet.book, name="alphabet"),
    path("alphabet/write/", alphabet.write, name="write"),
    path("movement/", movement.book, name="movement"),
    path("movement/names/", movement.names, name="names"),
    path("pupils/<uuid:pupil_id>/file.pdf", alphabet.personal_file, name="personal_file"),
    path("pupils/<uuid:pupil_id>/certificate/", certificates.issue_one, name="issue_one"),
    path("pupils/<uuid:pupil_id>/certificate/now/", certificates.issue_now, name="issue_now"),
    path("classes/<uuid:class_id>/certificates/", certificates.issue_many, name="issue_many"),
    path("certificates/", certificates.index, name="certificates"),
    path("certificates/ordered/", certificates.issue_ordered, name="issue_ordered"),
    path("certificates/print/", certificates.print_many, name="print_many"),
    path("certificates/<uuid:certificate_id>/", certificates.show, name="certificate"),
    path("certificates/<uuid:certificate_id>/paper.pdf", certificates.paper, name="paper"),
    path("certificates/<uuid:certificate_id>/withdraw/", certificates.withdraw, name="withdraw"),
    path("certificates/<uuid:certificate_id>/decline/", certificates.decline, name="decline"),
    path("children/<uuid:pupil_id>/", family.of_child, name="of_child"),
    path("genuine/<str:token>/", verify.verify, name="verify"),
]
