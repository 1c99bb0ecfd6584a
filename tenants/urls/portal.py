from django.urls import path

from tenants.views import portal

app_name = "portal"
urlpatterns = [path("", portal.find_school, name="find_school")]
