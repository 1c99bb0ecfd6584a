from django.urls import path

from modules.breaches import views

app_name = "breaches"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<uuid:breach_id>/", views.show, name="show"),
    path("<uuid:breach_id>/persons.xlsx", views.workbook, name="workbook"),
    path("<uuid:breach_id>/notified/", views.notified, name="notified"),
    path("<uuid:breach_id>/count/", views.recount, name="recount"),
]
