"""Who hears of days that differ: the staff of the classes here, families in their own module, by the same words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import api as identity
from kernel import clock
from kernel.access import Actor
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule.data import DaysNews
from modules.schedule.lessons.showing import span
from modules.schedule.year import queries
from modules.schedule.year.rules import Special
from notify import api as notify

TOPIC = "schedule.days"
STAFF = "schedule.days_differ"
_NOBODY = UUID(int=0)


def news(*, actor: Actor, special_id: UUID, class_ids: Iterable[UUID]) -> list[DaysNews]:
    """What the classes are told of the special days: that they differ, or that they are ordinary after all.

    Nothing of days that are over.
    """
    try:
        row = queries.get_special(special_id=special_id)
    except NotFound:
        return []
    special = queries.special_of(row)
    last = max(special.end, special.instead or special.end)
    if last < clock.today():
        return []
    wanted = set(class_ids)
    return [
        DaysNews(
            class_id=one.id,
            class_label=one.label,
            first=special.start,
            is_back=row.removed_at is not None or not special.is_for(one),
            leader_ids=one.leader_ids,
            params=_plain(special),
        )
        for one in contingent.classes(actor=actor, year=row.year)
        if one.id in wanted
    ]


def _plain(special: Special) -> dict[str, str | int]:
    return {
        "kind": special.kind,
        "title": special.title,
        "code": special.code,
        "start": special.start.isoformat(),
        "end": special.end.isoformat(),
        "instead": special.instead.isoformat() if special.instead else "",
    }


def said(params: Mapping[str, Any]) -> dict[str, Any]:
    """The kept codes with the days and what they are, in the reader's language."""
    start, end = (date.fromisoformat(str(params[name])) for name in ("start", "end"))
    instead = date.fromisoformat(str(params["instead"])) if params.get("instead") else None
    special = Special(
        id=_NOBODY,
        year="",
        kind=str(params["kind"]),
        start=start,
        end=end,
        title=str(params.get("title", "")),
        code=str(params.get("code", "")),
        instead=instead,
    )
    days = span(start, end) if start != end else formats.date_format(start, "j E").lower()
    what = _("Lessons are as usual after all") if params.get("back") else queries.words_of(special, start)
    return {**params, "days": days, "what": what}


def _for_staff(params: Mapping[str, Any]) -> Mapping[str, Any]:
    return said(params)


notify.topic(
    TOPIC,
    gettext_lazy("Days that differ"),
    hint=gettext_lazy("Frost, quarantine, moved and shortened days of the classes that you teach."),
    permission=permissions.VIEW,
)
notify.message(
    STAFF,
    topic=TOPIC,
    title="{days}: {what}",
    body=gettext_lazy("Classes: {classes}"),
    icon="calendar-event",
    values=_for_staff,
)


def tell_staff(*, actor: Actor, special_id: UUID, class_ids: Iterable[UUID]) -> int:
    """Tell the class teachers and the teachers of the classes, each one once of all classes of hers."""
    found = news(actor=actor, special_id=special_id, class_ids=class_ids)
    hers: dict[UUID, list[DaysNews]] = {}
    for one, teacher in _taught(found):
        if one not in hers.setdefault(teacher, []):
            hers[teacher].append(one)
    told: dict[tuple[bool, str], list[UUID]] = {}
    for teacher, of_her in hers.items():
        is_back = all(one.is_back for one in of_her)
        labels = ", ".join(one.class_label for one in of_her if one.is_back == is_back)
        told.setdefault((is_back, labels), []).append(teacher)
    count = 0
    for (is_back, labels), teachers in told.items():
        params = {**found[0].params, "classes": labels, "back": int(is_back)}
        users = [one.user_id for one in identity.actors_of(teachers).values() if one.user_id]
        page = f"{_path('schedule:mine')}?day={found[0].first.isoformat()}"
        count += notify.tell(users, TOPIC, STAFF, params, page, actor=actor, group=f"{STAFF}:{special_id}")
    return count


def _taught(found: Iterable[DaysNews]) -> list[tuple[DaysNews, UUID]]:
    """Each class with everybody who leads or teaches it; classes in their order."""
    found = list(found)
    teachers = queries.teachers_of_classes(one.class_id for one in found)
    return [
        (one, teacher)
        for one in found
        for teacher in sorted(one.leader_ids | teachers.get(one.class_id, set()), key=str)
    ]


def _path(name: str) -> str:
    # A worker serves no host, so it has no routes of its own.
    return reverse(name, urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"]))
