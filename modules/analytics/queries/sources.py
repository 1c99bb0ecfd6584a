"""What the modules below count, as figures of classes. The only place where figures come from."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from kernel import clock
from kernel.access import Actor
from kernel.errors import NotFound
from modules.analytics.data import ClassFigure
from modules.analytics.queries.metrics import ACHIEVEMENT, ATTENDANCE, AVERAGE, FINAL, PUPILS, QUALITY
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo
from modules.journal import api as journal
from modules.journal.data import AttendanceCounts, ClassSubjectCounts
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo
from tenants.rollups import Metric


def periods(*, year: str) -> list[PeriodInfo]:
    """Quarters and half-years of the year."""
    return schedule.periods(year=year)


def period(period_id: UUID) -> PeriodInfo | None:
    """The period, or None when it is no more."""
    try:
        return schedule.period(period_id=period_id)
    except NotFound:
        return None


def classes(*, actor: Actor, year: str) -> dict[UUID, ClassInfo]:
    return {one.id: one for one in contingent.classes(actor=actor, year=year)}


def of_marks(counts: Collection[ClassSubjectCounts], classes: dict[UUID, ClassInfo]) -> list[ClassFigure]:
    """Figures of marks by class and subject; a journal without any mark has none."""
    figures = []
    for one in counts:
        if one.assessed and one.school_class_id in classes:
            n = one.assessed
            total = 5 * one.n5 + 4 * one.n4 + 3 * one.n3 + 2 * one.n2
            for metric, numerator in (
                (QUALITY, one.n5 + one.n4),
                (ACHIEVEMENT, one.n5 + one.n4 + one.n3),
                (AVERAGE, total),
                (FINAL, n - min(one.forecast, n)),
            ):
                figures.append(
                    _figure(metric, classes[one.school_class_id], one.subject_code, numerator, n, n)
                )
    return figures


def of_attendance(
    counts: Collection[AttendanceCounts], classes: dict[UUID, ClassInfo], pupils: dict[UUID, int]
) -> list[ClassFigure]:
    """Figures of attendance by class; a class without a held lesson has none."""
    return [
        _figure(
            ATTENDANCE,
            classes[one.school_class_id],
            "",
            one.lessons - one.missed,
            one.lessons,
            pupils.get(one.school_class_id, 0),
        )
        for one in counts
        if one.lessons and one.school_class_id in classes
    ]


def of_pupils(classes: dict[UUID, ClassInfo], pupils: dict[UUID, int]) -> list[ClassFigure]:
    return [
        _figure(PUPILS, one, "", pupils[key], 1, pupils[key])
        for key, one in classes.items()
        if pupils.get(key)
    ]


def marks(
    *,
    actor: Actor,
    period: PeriodInfo,
    class_ids: Collection[UUID] | None = None,
    subject_code: str | None = None,
) -> list[ClassFigure]:
    """Figures of marks in the period, of all classes and subjects or of some."""
    counts = journal.mark_counts(actor=actor, year=period.year, period_code=period.code, class_ids=class_ids)
    if subject_code is not None:
        counts = [one for one in counts if one.subject_code == subject_code]
    return of_marks(counts, classes(actor=actor, year=period.year))


def attendance(
    *, actor: Actor, period: PeriodInfo, class_ids: Collection[UUID] | None = None
) -> list[ClassFigure]:
    """Figures of attendance from the first day of the period to its last, or to today."""
    until = min(period.end, clock.today())
    if until < period.start:
        return []
    counts = journal.attendance_counts(actor=actor, start=period.start, end=until, class_ids=class_ids)
    people = contingent.counts(actor=actor, year=period.year, on=until).by_class
    return of_attendance(counts, classes(actor=actor, year=period.year), dict(people))


def pupils(*, actor: Actor, year: str) -> list[ClassFigure]:
    """How many pupils the classes of the year have today."""
    return of_pupils(
        classes(actor=actor, year=year), dict(contingent.counts(actor=actor, year=year).by_class)
    )


def _figure(
    metric: Metric, room: ClassInfo, subject: str, numerator: int, denominator: int, people: int
) -> ClassFigure:
    return ClassFigure(
        metric.code,
        metric.version,
        room.id,
        room.grade,
        room.language,
        subject,
        numerator,
        denominator,
        people,
    )
