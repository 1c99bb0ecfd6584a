"""The history of marks in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from modules.journal import permissions
from ui import registry

registry.menu(
    section="journals",
    label=_("History of marks"),
    url_name="journal:changes",
    permission=permissions.HISTORY,
    icon="history",
    order=75,
    match="journal:changes",
)
