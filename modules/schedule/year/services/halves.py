"""What new dates of a half-year do: no lesson moves, but marks of subjects of one hour come into it or leave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from imports.api import used
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.schedule import permissions, queries
from modules.schedule.models import Course, Lesson, Period
from modules.schedule.year.services.periods import PeriodIsClosed, check_dates


@dataclass(frozen=True, slots=True)
class HalfChange:
    """Lessons of subjects that are marked by half-years, and how many of them have marks."""

    comes: int
    leaves: int
    marked_comes: int
    marked_leaves: int

    @property
    def is_nothing(self) -> bool:
        return not (self.comes or self.leaves)


def foresee_half(*, actor: Actor, period_id: UUID, start: date, end: date) -> HalfChange:
    """What these dates of the half-year would do; refuses what `set_period_dates` refuses. Raises NotFound."""
    require(actor, permissions.SET_PERIODS)
    row = Period.objects.filter(pk=period_id, kind=Period.Kind.HALF_YEAR).first()
    if row is None:
        raise NotFound
    check_dates(row.year, {row.number: (start, end)}, Period.Kind.HALF_YEAR)
    courses = [
        pk
        for pk, subject, hours in Course.objects.filter(year=row.year).values_list(
            "pk", "subject_code", "hours_per_week"
        )
        if queries.period_kind(subject_code=subject, hours=float(hours)) == "half_year"
    ]
    held = Lesson.objects.filter(course_id__in=courses, state=Lesson.State.HELD)
    before, after = Q(date__range=(row.start, row.end)), Q(date__range=(start, end))
    comes = set(held.filter(after).exclude(before).values_list("pk", flat=True))
    leaves = set(held.filter(before).exclude(after).values_list("pk", flat=True))
    marked = used("schedule.marked_lesson", comes | leaves)
    if row.closed_at is not None and marked:
        raise PeriodIsClosed(period=queries.info_of_period(row).label)
    return HalfChange(len(comes), len(leaves), len(marked & comes), len(marked & leaves))
