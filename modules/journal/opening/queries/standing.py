"""What is open for whom at this moment: asked by every save into a closed period, and by its grid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from kernel import clock
from kernel.access import Actor
from modules.journal import permissions
from modules.journal.opening.models import Opening
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo

State = Opening.State


def open_now(*, actor: Actor, course_id: UUID, period_ids: Iterable[UUID]) -> list[Opening]:
    """What is open at this moment for the actor in closed periods. The caller has checked the right to the course."""
    if actor.user_id is None:
        return []
    return list(
        Opening.objects.filter(
            course_id=course_id,
            period_id__in=list(period_ids),
            asked_by=actor.user_id,
            state=State.OPEN,
            until__gt=clock.now(),
        ).order_by("until", "pk")
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How the actor stands before a closed period of a journal."""

    may_ask: bool = False
    waiting: Opening | None = None
    open: Sequence[Opening] = field(default=())

    @property
    def until(self) -> Any:
        return max((one.until for one in self.open if one.until), default=None)

    def covers(self, day: date, pupil_id: UUID) -> bool:
        return any(one.covers(day, pupil_id) for one in self.open)

    def covers_final(self, pupil_id: UUID) -> bool:
        return any(one.covers_final(pupil_id) for one in self.open)

    def covers_topic(self, day: date) -> bool:
        return any(one.covers_topic(day) for one in self.open)

    def has_day(self, day: date) -> bool:
        return any(day in one.days for one in self.open)

    @property
    def with_finals(self) -> bool:
        return any(one.with_finals for one in self.open)

    @property
    def is_of_some(self) -> bool:
        """Whether only some pupils' cells are open, so that each row has to be looked at."""
        return any(one.pupil_ids for one in self.open)


def standing(*, actor: Actor, course: CourseInfo, period: PeriodInfo) -> Standing:
    """One statement, and only for a closed period."""
    if not period.is_closed or actor.user_id is None or not actor.may(permissions.OPENINGS):
        return Standing()
    rows = Opening.objects.filter(course_id=course.id, period_id=period.id, asked_by=actor.user_id).filter(
        Q(state=State.WAITING) | Q(state=State.OPEN, until__gt=clock.now())
    )
    found = list(rows.order_by("until", "pk"))
    return Standing(
        may_ask=may_ask(actor=actor, course=course),
        waiting=next((one for one in found if one.state == State.WAITING), None),
        open=tuple(one for one in found if one.state == State.OPEN),
    )


def has_topic(*, actor: Actor, course_id: UUID, period_id: UUID, day: date) -> bool:
    """Whether the topic and the homework of a day in a closed period are open for the actor."""
    return any(
        one.covers_topic(day) for one in open_now(actor=actor, course_id=course_id, period_ids=[period_id])
    )


def closed_days(*, actor: Actor, course: CourseInfo, days: Iterable[date]) -> set[date]:
    """Of the days those whose topics and homework stand for the actor. One statement besides that of the periods."""
    closed = [one for one in schedule.periods(year=course.year, kind=course.period_kind) if one.is_closed]
    held = {day for day in days if any(day in one for one in closed)}
    if not held:
        return held
    opened = open_now(actor=actor, course_id=course.id, period_ids=[one.id for one in closed])
    return {day for day in held if not any(one.covers_topic(day) for one in opened)}


def may_ask(*, actor: Actor, course: CourseInfo) -> bool:
    """Whoever sets marks in the whole journal: its teacher, or who may everywhere."""
    if actor.user_id is None or not actor.may(permissions.OPENINGS):
        return False
    if actor.reaches_school(permissions.SET_MARKS):
        return True
    return (
        actor.may(permissions.SET_MARKS)
        and actor.person_id is not None
        and course.teacher_id == actor.person_id
    )
