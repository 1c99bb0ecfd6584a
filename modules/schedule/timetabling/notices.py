"""Teachers whose week changes are told when a timetable is published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel.access import Actor
from notify import api as notify

TOPIC = "timetable"
PUBLISHED = "schedule.published"

notify.topic(TOPIC, _("Timetable"), hint=_("When the days or rooms of your lessons change."))
notify.message(
    PUBLISHED, topic=TOPIC, title=_("Your timetable changes from {day}"), body="", icon="calendar-time"
)


def tell_teachers(teacher_ids: Iterable[UUID], *, since: date, actor: Actor) -> int:
    """Tell the teachers who have an account; answer how many were told."""
    people = [one.id for one in identity.accounts_of(teacher_ids).values()]
    # A worker serves no host, so it has no routes of its own.
    page = reverse("schedule:mine", urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"]))
    return notify.tell(
        people,
        TOPIC,
        PUBLISHED,
        {"day": since.strftime("%d.%m.%Y")},
        f"{page}?day={since.isoformat()}",
        actor=actor,
    )
