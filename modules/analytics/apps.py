from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "modules.analytics"
    label = "analytics"
    verbose_name = _("Figures")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from modules.analytics.queries import metrics  # noqa: F401  definitions stand in the register from the start
