from django.apps import AppConfig


class FamilyConfig(AppConfig):
    name = "modules.family"
    label = "family"
