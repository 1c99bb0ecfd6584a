"""A lesson goes to another place; the place of the week that it leaves is held by a cancelled row that names it."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from kernel.errors import DomainError
from modules.schedule.models import Lesson


def put_at(lesson: Lesson, day: date, number: int, *, refusal: DomainError) -> None:
    """Put the lesson at the place, back to its own too; raises `refusal` when something stands there.

    The place left is not laid anew and tells where the lesson went. A lesson put by hand leaves nothing.
    """
    home = Lesson.objects.filter(moved_to=lesson, date=day, number=number).first()
    left = None
    if not lesson.is_by_hand:
        left = Lesson(
            course_id=lesson.course_id,
            school_class_id=lesson.school_class_id,
            group=lesson.group,
            teacher_id=lesson.teacher_id,
            set_code=lesson.set_code,
            shift=lesson.shift,
            date=lesson.date,
            number=lesson.number,
            room=lesson.room,
            state=Lesson.State.CANCELLED,
            moved_to=lesson,
        )
    if home is not None:
        home.delete()
    lesson.date, lesson.number, lesson.is_by_hand = day, number, home is None
    try:
        with transaction.atomic():
            lesson.save(update_fields=["date", "number", "is_by_hand"])
    except IntegrityError as clash:
        raise refusal from clash
    if left is not None:
        left.save(force_insert=True)
