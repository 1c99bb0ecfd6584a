"""A teacher is told when somebody else plans her works."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel.access import Actor
from modules.schedule.data import CourseInfo
from notify import api as notify

TOPIC = "works"
notify.topic(
    TOPIC, _("Schedule of SOR and SOCH"), hint=_("When somebody else puts or moves your SOR and SOCH.")
)


def _declared(code: str, title: Any, body: Any) -> str:
    notify.message(code, topic=TOPIC, title=title, body=body, icon="calendar-stats")
    return code


MOVED = {
    "sor": _declared("journal.sor_moved", _("Your SOR is moved"), "{room}: {before} → {day}"),
    "soch": _declared("journal.soch_moved", _("Your SOCH is moved"), "{room}: {before} → {day}"),
}
PUT = _declared(
    "journal.works_put", _("Your SOR and SOCH are in the schedule"), _("Works: {count}. Look at their days.")
)


def tell_moved(*, actor: Actor, course: CourseInfo, kind: str, before: date, day: date) -> None:
    """The teacher of the course, unless she moved it herself."""
    if course.teacher_id is not None:
        params = {"room": course.class_label, "before": f"{before:%d.%m}", "day": f"{day:%d.%m}"}
        _tell(actor, MOVED[kind], {course.teacher_id: params})


def tell_put(*, actor: Actor, counts: Mapping[UUID, int]) -> None:
    """Teachers for whose courses somebody else accepted the proposal: how many works each."""
    _tell(actor, PUT, {teacher_id: {"count": count} for teacher_id, count in counts.items()})


def _tell(actor: Actor, message: str, params: Mapping[UUID, Mapping[str, str | int]]) -> None:
    """Each teacher what concerns her; nobody of her own doing, and nobody when the product itself fills a school."""
    told = {key: values for key, values in params.items() if key != actor.person_id}
    if actor.system or not told:
        return
    # A worker serves no host, so it has no routes of its own.
    page = reverse("journal:planner", urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"]))
    for teacher_id, account in identity.accounts_of(told).items():
        notify.tell([account.id], TOPIC, message, dict(told[teacher_id]), f"{page}?of=mine", actor=actor)
