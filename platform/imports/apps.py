from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = _("Loading from spreadsheets")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from imports import declaration

        declaration.discover()
