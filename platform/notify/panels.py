"""What this app adds to the frame. It stands below ui, so ui hands its register in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from notify import api


def add_to(registry: Any) -> None:
    registry.bell(api.bell)
    registry.account(label=_("Notifications"), url_name="notify:notifications", icon="bell", order=30)
    registry.account(label=_("My tasks"), url_name="notify:jobs", icon="hourglass", order=40)
