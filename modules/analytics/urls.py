from django.urls import path

from modules.analytics.views import school

app_name = "analytics"
urlpatterns = [
    path("", school.dashboard, name="dashboard"),
    path("class/<uuid:class_id>/", school.school_class, name="class"),
    path("figures.xlsx", school.workbook, name="workbook"),
    path("definitions/", school.definitions, name="definitions"),
]
