from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class TransfersConfig(AppConfig):
    """Every installed app's dossier.py registers what it puts into the dossier of a pupil who leaves."""

    name = "modules.transfers"
    label = "transfers"
    verbose_name = _("Transfers between schools")

    def ready(self) -> None:
        autodiscover_modules("dossier")
