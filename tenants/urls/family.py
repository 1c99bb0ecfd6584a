from django.urls import path

from tenants.views import family

app_name = "my"
urlpatterns = [path("", family.home, name="home")]
