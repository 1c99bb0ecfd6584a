from django.urls import path

from modules.staff.views import card, newcomers, orders, overview, people, records

app_name = "staff"
urlpatterns = [
    path("", people.index, name="employees"),
    path("excel/", people.excel_list, name="excel"),
    path("act/", people.act, name="act_on_employees"),
    path("new/", newcomers.add, name="add"),
    path("slip/", newcomers.print_slip, name="print_slip"),
    path("service/", overview.service, name="service"),
    path("dates/", overview.dates, name="dates"),
    path("staffing/", overview.staffing, name="staffing"),
    path("staffing/approve/", overview.approve, name="approve_rates"),
    path("hand-overs/", overview.hand_overs, name="hand_overs"),
    path("posts/<uuid:position_id>/", records.correct_post, name="correct_post"),
    path("posts/<uuid:position_id>/remove/", records.remove_post, name="remove_post"),
    path("<uuid:employee_id>/", card.show, name="employee"),
    path("<uuid:employee_id>/edit/", card.edit, name="edit"),
    path("<uuid:employee_id>/remove/", card.remove, name="remove"),
    path("<uuid:employee_id>/iin/", card.reveal_iin, name="reveal_iin"),
    path("<uuid:employee_id>/photo/", card.photo, name="photo"),
    path("<uuid:employee_id>/photo/set/", card.set_photo, name="set_photo"),
    path("<uuid:employee_id>/photo/drop/", card.drop_photo, name="drop_photo"),
    path("<uuid:employee_id>/login/", newcomers.give_login, name="give_login"),
    path("<uuid:employee_id>/posts/new/", records.note_post, name="note_post"),
    path("<uuid:employee_id>/hire/", orders.hire_again, name="hire_again"),
    path("<uuid:employee_id>/transfer/", orders.transfer, name="transfer"),
    path("<uuid:employee_id>/part-time/", orders.part_time, name="part_time"),
    path("<uuid:employee_id>/away/", orders.leave, name="give_leave"),
    path("<uuid:employee_id>/leave/", orders.dismiss, name="leave"),
    path("<uuid:employee_id>/acting/", orders.acting, name="acting"),
    path("<uuid:employee_id>/<slug:section>/new/", records.add, name="add_record"),
    path("<uuid:employee_id>/<slug:section>/<uuid:record_id>/", records.change, name="record"),
    path("<uuid:employee_id>/<slug:section>/<uuid:record_id>/remove/", records.remove, name="remove_record"),
]
