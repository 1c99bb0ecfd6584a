"""What the upper rooms hear of changed lessons: families are told of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kernel.access import Actor
from kernel.events import publish
from modules.schedule.events import LessonsChanged
from modules.schedule.models import Lesson


def announce(lesson: Lesson, *, actor: Actor, days: Iterable[date] = ()) -> None:
    """The lesson is otherwise on its day, and on those where it was or will be."""
    publish(
        LessonsChanged(
            class_id=str(lesson.school_class_id),
            course_ids=[str(lesson.course_id)],
            days=sorted({lesson.date.isoformat(), *(day.isoformat() for day in days)}),
        ),
        actor=actor,
    )
