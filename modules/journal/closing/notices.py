"""Teachers hear beforehand that a period closes and what they have not filled; the heads hear that it has closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel.access import Actor, Role
from modules.journal import permissions
from modules.journal.queries import period_label, unfilled_by_course
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo
from notify import api as notify

TOPIC = "journal.closing"


def _words(params: Mapping[str, Any]) -> Mapping[str, Any]:
    day = date.fromisoformat(str(params["day"]))
    return {
        **params,
        "period": period_label(str(params["period"])),
        "day": formats.date_format(day, "j E").lower(),
    }


def _declared(code: str, title: Any, body: Any) -> str:
    notify.message(code, topic=TOPIC, title=title, body=body, icon="lock", values=_words)
    return code


notify.topic(
    TOPIC,
    _("Closing of quarters"),
    hint=_("A quarter or a half-year closes by itself soon, or has closed."),
    permission=permissions.VIEW,
)
CLOSES = _declared(
    "journal.period_closes",
    _("{period} closes on {day}"),
    _("Your topics are all written. Look through the period marks."),
)
CLOSES_UNFILLED = _declared(
    "journal.period_closes_unfilled",
    _("{period} closes on {day}"),
    _("Lessons of yours without a topic: {lacking}. From then on nothing changes without asking."),
)
CLOSED = _declared(
    "journal.period_closed",
    _("{period} has closed by itself"),
    _("Its sheets wait for the teachers’ signatures."),
)


def tell_teachers(period: PeriodInfo, day: date, *, actor: Actor) -> None:
    """Everybody who has a journal of that kind, each with the number of lessons left to fill."""
    courses = [
        one for one in schedule.courses(actor=actor, year=period.year) if one.period_kind == period.kind
    ]
    left = unfilled_by_course(course_ids=[one.id for one in courses], start=period.start, until=period.end)
    lacking: dict[Any, int] = defaultdict(int)
    for one in courses:
        if one.teacher_id is not None:
            lacking[one.teacher_id] += left.get(one.id, 0)
    accounts = identity.accounts_of(lacking)
    groups: dict[int, list[int]] = defaultdict(list)
    for teacher_id, account in accounts.items():
        groups[lacking[teacher_id]].append(account.id)
    for count, people in groups.items():
        notify.tell(
            people,
            TOPIC,
            CLOSES_UNFILLED if count else CLOSES,
            {"period": period.code, "day": day.isoformat(), "lacking": count},
            f"{_path('journal:index')}{'?unfilled=1' if count else ''}",
            actor=actor,
            group=f"{CLOSES}:{period.id}",
        )


def tell_heads(period: PeriodInfo, *, actor: Actor) -> None:
    people = {
        one.id for role in (Role.DIRECTOR, Role.DEPUTY_ACADEMIC) for one in identity.users_with_role(role)
    }
    notify.tell(
        sorted(people),
        TOPIC,
        CLOSED,
        {"period": period.code, "day": period.end.isoformat()},
        f"{_path('journal:sheets')}?period={period.code}",
        actor=actor,
        group=f"{CLOSED}:{period.id}",
    )


def _path(name: str) -> str:
    # A worker serves no host, so it has no routes of its own.
    return reverse(name, urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"]))
