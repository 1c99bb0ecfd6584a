"""Who hears of a request: those who answer when it comes, whoever asked when it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import clock
from kernel.access import Actor, Role
from modules.journal import permissions
from modules.journal.opening.models import Opening
from modules.journal.queries import period_label
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo
from notify import api as notify
from tenants import reference

TOPIC = "journal.openings"


def _words(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The subject and the hour in the reader's language."""
    said = dict(params)
    subject = reference.subjects().get(str(params.get("subject", "")))
    if subject is not None:
        said["subject"] = subject.name
    if params.get("period"):
        said["period"] = period_label(str(params["period"]))
    if params.get("until"):
        until = datetime.fromisoformat(str(params["until"])).astimezone(clock.ALMATY)
        said["until"] = formats.date_format(until, "j E, H:i").lower()
    return said


def _declared(code: str, title: Any, body: Any) -> str:
    notify.message(code, topic=TOPIC, title=title, body=body, icon="lock-open", values=_words)
    return code


notify.topic(
    TOPIC,
    _("Opening of closed cells"),
    hint=_("Requests to correct a closed period, and what became of them."),
    permission=permissions.OPENINGS,
)
ASKED = _declared(
    "journal.opening_asked",
    _("{name} asks to open cells of a closed period"),
    "{class}, {subject}: {reason}",
)
OPENED = _declared(
    "journal.opening_allowed", _("Cells are open for you until {until}"), "{class}, {subject}: {period}"
)
REFUSED = _declared("journal.opening_refused", _("The cells stay closed"), "{class}, {subject}: {answer}")
CLOSED = _declared("journal.opening_closed", _("The cells are closed again"), "{class}, {subject}: {period}")


def tell_who_answers(row: Opening, *, course: CourseInfo, actor: Actor) -> None:
    accounts = {
        one.id
        for role in (Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_PROFILE)
        for one in identity.users_with_role(role)
    }
    people = [one for one in sorted(accounts) if identity.actor_of_user(one).may(permissions.OPEN_CELLS)]
    _tell(people, ASKED, row, course, _path("journal:opening", row.pk), actor)


def tell_asker(row: Opening, message: str, *, actor: Actor) -> None:
    course = schedule.course(actor=actor, course_id=row.course_id)
    page = f"{_path('journal:grid', row.course_id)}?period={row.period.code}"
    _tell([row.asked_by], message, row, course, page, actor)


def _tell(people: list[int], message: str, row: Opening, course: CourseInfo, page: str, actor: Actor) -> None:
    params: dict[str, str | int] = {
        "class": course.class_label,
        "subject": course.subject_code,
        "period": row.period.code,
        "name": row.asked_name,
        "reason": row.reason,
        "answer": row.answer,
        "until": row.until.isoformat() if row.until else "",
    }
    notify.tell(people, TOPIC, message, params, page, actor=actor, group=f"{message}:{row.pk}")


def _path(name: str, *ids: Any) -> str:
    # A worker serves no host, so it has no routes of its own.
    return reverse(name, args=ids, urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"]))
