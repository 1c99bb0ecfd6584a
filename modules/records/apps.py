from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "modules.records"
    label = "records"
    verbose_name = _("Books and certificates")
