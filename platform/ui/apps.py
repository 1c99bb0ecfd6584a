from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Once everything is installed, every app's panels.py tells what it adds to menus, search and today."""

    name = "ui"
    verbose_name = _("Interface")

    def ready(self) -> None:
        autodiscover_modules("panels")
