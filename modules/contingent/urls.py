from django.urls import path

from modules.contingent.views import card, charges, classes, guardians, movement, pupils, year

app_name = "contingent"
urlpatterns = [
    path("", classes.index, name="classes"),
    path("classes/new/", classes.add, name="add_class"),
    path("classes/<uuid:class_id>/", classes.show, name="school_class"),
    path("classes/<uuid:class_id>/edit/", classes.edit, name="edit_class"),
    path("classes/<uuid:class_id>/delete/", classes.delete, name="delete_class"),
    path("classes/<uuid:class_id>/move/", movement.move_many, name="move_many"),
    path("year/", year.year, name="year"),
    path("year/classes/<uuid:class_id>/", year.year_class, name="year_class"),
    path("year/orders/", year.carry_out, name="year_orders"),
    path("year/jobs/<uuid:job_id>/", year.year_job, name="year_job"),
    path("year/undo/", year.undo, name="year_undo"),
    path("classes/<uuid:class_id>/charges/new/", charges.appoint, name="appoint"),
    path("charges/", charges.index, name="charges"),
    path("charges/<uuid:charge_id>/", charges.show, name="charge"),
    path("charges/<uuid:charge_id>/withdraw/", charges.withdraw, name="withdraw_charge"),
    path("pupils/", pupils.index, name="pupils"),
    path("pupils/excel/", pupils.excel_list, name="pupils_excel"),
    path("pupils/act/", pupils.act, name="act_on_pupils"),
    path("pupils/new/", movement.enrol, name="add_pupil"),
    path("pupils/<uuid:pupil_id>/", card.show, name="pupil"),
    path("pupils/<uuid:pupil_id>/edit/", card.edit, name="edit_pupil"),
    path("pupils/<uuid:pupil_id>/iin/", card.reveal_iin, name="reveal_iin"),
    path("pupils/<uuid:pupil_id>/move/", movement.move, name="move"),
    path("pupils/<uuid:pupil_id>/leave/", movement.leave, name="leave"),
    path("pupils/<uuid:pupil_id>/return/", movement.come_back, name="return"),
    path("pupils/<uuid:pupil_id>/attest/", movement.attest, name="attest"),
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
