from django.urls import path

from modules.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.index, name="employees"),
    path("excel/", views.excel_list, name="excel"),
    path("new/", views.add, name="add"),
    path("slip/", views.print_slip, name="print_slip"),
    path("<uuid:employee_id>/", views.show, name="employee"),
    path("<uuid:employee_id>/edit/", views.edit, name="edit"),
    path("<uuid:employee_id>/iin/", views.reveal_iin, name="reveal_iin"),
    path("<uuid:employee_id>/login/", views.give_login, name="give_login"),
    path("<uuid:employee_id>/leave/", views.leave, name="leave"),
]
