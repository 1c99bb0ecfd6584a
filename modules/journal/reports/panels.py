"""Reports on marks in the menu, and from when a mark is late."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from modules.journal import permissions
from modules.school import api as school
from ui import registry

registry.menu(
    section="reports",
    label=_("Reports on marks"),
    url_name="journal:reports",
    permission=permissions.VIEW,
    icon="report-analytics",
    order=15,
    match="journal:report",
)
school.declare_setting(
    "journal.late_days",
    _("A mark is late when it comes later after its lesson than"),
    default=3,
    minimum=0,
    maximum=30,
    unit=pgettext_lazy("after a number", "days"),
    section=_("How journals are filled"),
    hint=_("The deputy reads late marks in the report on how journals are filled."),
    source=_("The order names no term: schools set one."),
    order=40,
)
