import sys

from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Once everything is installed, every app's panels.py tells what it adds to menus, search and today.

    Apps below ui may not import it: their panels.py has `add_to(registry)`, and the register is handed in.
    """

    name = "ui"
    verbose_name = _("Interface")

    def ready(self) -> None:
        from ui import registry

        autodiscover_modules("panels")
        for config in apps.get_app_configs():
            if add_to := getattr(sys.modules.get(f"{config.name}.panels"), "add_to", None):
                add_to(registry)
