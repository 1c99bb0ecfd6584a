from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContingentConfig(AppConfig):
    name = "modules.contingent"
    label = "contingent"
    verbose_name = _("Classes and pupils")
