"""Addresses of remarks, under the journal's own."""

from django.urls import path

from modules.journal.remarks import views

urlpatterns = [
    path("remarks/", views.remarks, name="remarks"),
    path("remarks/export.xlsx", views.remarks_excel, name="remarks_excel"),
    path("remarks/<uuid:remark_id>/answer/", views.answer_remark, name="answer_remark"),
    path("remarks/<uuid:remark_id>/mark/", views.mark_remark, name="mark_remark"),
    path("<uuid:course_id>/remarks/", views.remarks_of, name="remarks_of"),
    path("<uuid:course_id>/remarks/make/", views.make_remark, name="make_remark"),
    path("<uuid:course_id>/remarks/print/", views.print_remarks, name="print_remarks"),
]
