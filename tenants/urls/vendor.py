from django.urls import path

from tenants.views import vendor

app_name = "ops"
urlpatterns = [
    path("", vendor.home, name="home"),
    path("tenants/excel/", vendor.export, name="export"),
]
