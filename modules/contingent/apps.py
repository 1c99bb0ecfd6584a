from django.apps import AppConfig


class ContingentConfig(AppConfig):
    name = "modules.contingent"
    label = "contingent"
