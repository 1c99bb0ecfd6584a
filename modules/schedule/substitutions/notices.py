"""Who is told what about substitutions, each in the own language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel.access import Actor
from modules.schedule import permissions, queries
from modules.schedule.substitutions.models import Substitution
from notify import api as notify
from tenants import reference

TOPIC = "schedule.substitutions"


def _words(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The subject and the day in the reader's language."""
    subject = reference.subjects().get(str(params.get("subject", "")))
    said = dict(params)
    if params.get("club"):
        said["subject"] = params["club"]
    elif subject is not None:
        said["subject"] = subject.name
    if params.get("day"):
        said["day"] = formats.date_format(date.fromisoformat(str(params["day"])), "j E").lower()
    return said


def _declared(code: str, title: Any) -> str:
    where = _("{day}, lesson {number}: {class}, {subject}")
    notify.message(code, topic=TOPIC, title=title, body=where, icon="switch-horizontal", values=_words)
    return code


notify.topic(
    TOPIC,
    _("Substitutions"),
    hint=_("Questions to take a lesson, and what was decided."),
    permission=permissions.STAND_IN,
)
ASKED = _declared("schedule.asked", _("Can you take a lesson?"))
ASSIGNED = _declared("schedule.assigned", _("You take a colleague's lesson"))
NOT_NEEDED = _declared("schedule.not_needed", _("The lesson has been provided for, thank you"))
TAKEN_AWAY = _declared("schedule.taken_away", _("You need not take this lesson any more"))
SAID_YES = _declared("schedule.said_yes", _("{name} takes the lesson"))
ALL_REFUSED = _declared("schedule.all_refused", _("Nobody who was asked can take the lesson"))


def tell(
    teacher_ids: Iterable[UUID],
    message: str,
    row: Substitution,
    *,
    school_class: str,
    actor: Actor,
) -> None:
    """Tell teachers of the lesson; who has no account is told by nobody."""
    accounts = identity.accounts_of(teacher_ids)
    _tell([one.id for one in accounts.values()], message, row, school_class, actor)


def tell_asker(
    user_id: int | None, message: str, row: Substitution, *, school_class: str, name: str = "", actor: Actor
) -> None:
    if user_id is not None:
        _tell([user_id], message, row, school_class, actor, name=name)


def _tell(
    users: list[int], message: str, row: Substitution, school_class: str, actor: Actor, *, name: str = ""
) -> None:
    params: dict[str, str | int] = {
        "day": row.date.isoformat(),
        "number": row.number,
        "class": school_class,
        "subject": row.lesson.course.subject_code,
        "club": queries.own_name(row.lesson.course),
        "name": name,
    }
    pages = {
        ASKED: _path("schedule:standing_in"),
        NOT_NEEDED: _path("schedule:standing_in"),
        TAKEN_AWAY: _path("schedule:standing_in"),
        ASSIGNED: _path("schedule:lesson", row.lesson_id),
        SAID_YES: f"{_path('schedule:board')}?day={row.date.isoformat()}",
        ALL_REFUSED: _path("schedule:substitution", row.pk),
    }
    notify.tell(users, TOPIC, message, params, pages[message], actor=actor, group=f"{message}:{row.pk}")


def _path(name: str, *ids: Any) -> str:
    # A worker serves no host, so it has no routes of its own.
    return reverse(name, args=ids, urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"]))
