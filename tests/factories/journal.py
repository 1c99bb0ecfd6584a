"""Marks and works for tests; `op` is what the grid would send."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from modules.journal.models import Absence, Mark, PeriodMark, SummativeWork, YearMark
from modules.journal.services import Operation
from modules.schedule.models import Course, Lesson


def op(
    lesson: Lesson,
    pupil: Any,
    new: Any,
    *,
    old: Any = None,
    kind: str = "fo",
    field: str = "points",
    id: UUID | None = None,
) -> Operation:
    return Operation(
        id=id or uuid4(),
        lesson_id=lesson.pk,
        pupil_id=pupil.pk,
        kind=kind,
        field=field,
        old=old,
        new=new,
    )


def mark(lesson: Lesson, pupil: Any, points: int | None, kind: str = "fo") -> Mark:
    return Mark.objects.create(lesson=lesson, pupil_id=pupil.pk, kind=kind, points=points)


def absence(lesson: Lesson, pupil: Any, code: str = "ill") -> Absence:
    return Absence.objects.create(lesson=lesson, pupil_id=pupil.pk, code=code)


def work(lesson: Lesson, kind: str = "sor", maximum: int = 10) -> SummativeWork:
    return SummativeWork.objects.create(lesson=lesson, kind=kind, maximum=maximum)


def year_mark(course: Course, pupil: Any, kind: str, mark: str) -> YearMark:
    return YearMark.objects.create(course=course, pupil_id=pupil.pk, kind=kind, mark=mark)


def final(course: Course, pupil: Any, period_id: UUID, value: str) -> PeriodMark:
    return PeriodMark.objects.create(
        course=course, pupil_id=pupil.pk, period_id=period_id, final=value, recommended=value
    )
