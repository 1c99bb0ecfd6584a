from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "modules.support"
    label = "support"
    verbose_name = _("Visits of support")
    default_auto_field = "django.db.models.BigAutoField"
