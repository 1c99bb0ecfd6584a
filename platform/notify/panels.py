"""What this app adds to the frame: the bell, and two lines under the person's face."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.http import path_to
from notify import queries
from ui import registry
from ui.registry import Bell


def bell(*, actor: Actor) -> Bell:
    return Bell(queries.unread(actor=actor), path_to("notify:notifications"), path_to("notify:bell"))


registry.bell(bell)
registry.account(label=_("Notifications"), url_name="notify:notifications", icon="bell", order=30)
registry.account(label=_("My tasks"), url_name="notify:jobs", icon="hourglass", order=40)
