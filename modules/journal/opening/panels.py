"""Requests to open closed cells in the frame: the menu, the one-tap card, for how long a tap opens."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.access import Actor, Role
from modules.journal import permissions
from modules.journal.opening.queries import requests
from modules.school import api as school
from ui import registry
from ui.context import TOKEN

MOST_REQUESTS = 3


def openings_waiting(*, actor: Actor, **_more: object) -> str:
    """On the first page of whoever answers: requests to open closed cells, each one tap."""
    lines = requests.waiting(actor=actor)
    if not lines:
        return ""
    context = {
        "lines": lines[:MOST_REQUESTS],
        "more": max(0, len(lines) - MOST_REQUESTS),
        "hours": requests.usual_hours(),
        "csrf_token": TOKEN,
    }
    return render_to_string("journal/_openings_waiting.html", context)


registry.menu(
    section="journals",
    label=_("Opening of closed cells"),
    url_name="journal:openings",
    permission=permissions.OPENINGS,
    icon="lock-open",
    order=65,
    match="journal:opening",
    daily={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
)
registry.panel("school.home", openings_waiting, permission=permissions.OPEN_CELLS, order=5)
school.declare_setting(
    requests.HOURS,
    _("Cells of a closed period are opened for"),
    default=24,
    minimum=1,
    maximum=168,
    unit=pgettext_lazy("after a number", "hours"),
    section=_("Closed periods"),
    hint=_("So long does one tap open what a teacher asked for; then it closes by itself."),
    source=_(
        "Order 125 closes marks of a period and names no way to correct a slip: this is the school’s own."
    ),
    order=40,
)
