"""Requests to open closed cells in the frame: the menu, the one-tap card, for how long a tap opens."""

from __future__ import annotations

from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.access import Actor, Role
from kernel.errors import NotFound
from modules.journal import permissions
from modules.journal.opening.queries import requests, standing
from modules.journal.queries import open_course
from modules.schedule import api as schedule
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


def closed_lesson(*, actor: Actor, course_id: UUID, period_id: UUID) -> str:
    """On the page of a lesson in a closed period: that its text stands, and the way to ask for the day."""
    try:
        course = open_course(actor=actor, course_id=course_id)
    except NotFound:
        return ""
    period = schedule.period(period_id=period_id)
    found = standing.standing(actor=actor, course=course, period=period)
    context = {"course": course, "period": period, "standing": found, "csrf_token": TOKEN}
    return render_to_string("journal/_closed.html", context)


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
registry.panel("schedule.closed_lesson", closed_lesson, permission=permissions.VIEW)
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
