from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "modules.staff"
    label = "staff"
