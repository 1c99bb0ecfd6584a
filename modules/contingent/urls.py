from django.urls import path

from modules.contingent.views import card, classes, guardians, pupils

app_name = "contingent"
urlpatterns = [
    path("", classes.index, name="classes"),
    path("classes/new/", classes.add, name="add_class"),
    path("classes/<uuid:class_id>/", classes.show, name="school_class"),
    path("classes/<uuid:class_id>/edit/", classes.edit, name="edit_class"),
    path("classes/<uuid:class_id>/delete/", classes.delete, name="delete_class"),
    path("pupils/", pupils.index, name="pupils"),
    path("pupils/excel/", pupils.excel_list, name="pupils_excel"),
    path("pupils/new/", pupils.add, name="add_pupil"),
    path("pupils/<uuid:pupil_id>/", card.show, name="pupil"),
    path("pupils/<uuid:pupil_id>/edit/", card.edit, name="edit_pupil"),
    path("pupils/<uuid:pupil_id>/iin/", card.reveal_iin, name="reveal_iin"),
    path("pupils/<uuid:pupil_id>/move/", card.move, name="move"),
    path("pupils/<uuid:pupil_id>/leave/", card.leave, name="leave"),
    path("pupils/<uuid:pupil_id>/statuses/new/", card.give_status, name="give_status"),
    path("pupils/<uuid:pupil_id>/statuses/<uuid:status_id>/end/", card.end_status, name="end_status"),
    path("pupils/<uuid:pupil_id>/guardians/new/", guardians.add, name="add_guardian"),
    path("pupils/<uuid:pupil_id>/guardians/<uuid:guardian_id>/", guardians.edit, name="edit_guardian"),
    path(
        "pupils/<uuid:pupil_id>/guardians/<uuid:guardian_id>/unlink/",
        guardians.unlink,
        name="unlink_guardian",
    ),
]
