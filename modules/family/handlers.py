"""Families hear of their children's days."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kernel.access import Actor
from kernel.events import handles
from modules.family import notices
from modules.journal.events import MarksSettled
from modules.schedule.events import LessonsChanged, SpecialDaysChanged


@handles(LessonsChanged)
def tell_of_lessons(event: LessonsChanged, *, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        for day in event.days:
            notices.tell_of_lessons(
                actor=actor,
                class_id=UUID(event.class_id),
                course_ids=[UUID(one) for one in event.course_ids],
                day=date.fromisoformat(day),
            )


@handles(SpecialDaysChanged)
def tell_of_days(event: SpecialDaysChanged, *, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        notices.tell_of_days(
            actor=actor,
            special_id=UUID(event.special_id),
            class_ids=[UUID(one) for one in event.class_ids],
        )


@handles(MarksSettled)
def tell_of_marks(event: MarksSettled, *, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        notices.tell_of_marks(actor=actor, pupil_id=UUID(event.pupil_id), lines=event.lines)
