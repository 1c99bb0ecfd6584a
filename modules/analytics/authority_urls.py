from django.urls import path

from modules.analytics.views import authority

app_name = "authority"
urlpatterns = [
    path("", authority.home, name="home"),
    path("figures.xlsx", authority.workbook, name="workbook"),
    path("definitions/", authority.definitions, name="definitions"),
    path("of/<slug:code>/", authority.below, name="below"),
]
