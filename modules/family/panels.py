"""The family's line of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from modules.family import permissions
from ui import registry

registry.menu(
    section="study",
    label=_("Timetable and marks"),
    url_name="family:home",
    permission=permissions.VIEW_CHILD,
    icon="notebook",
    order=5,
    tab=True,
)
