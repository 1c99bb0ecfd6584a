from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScheduleConfig(AppConfig):
    name = "modules.schedule"
    label = "schedule"
    verbose_name = _("Timetable and load")
    default_auto_field = "django.db.models.BigAutoField"
