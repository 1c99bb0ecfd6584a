"""Hours of the curriculum against the lessons of the calendar, line by line, to the lesson."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q

from kernel import clock
from kernel.access import Actor, require
from modules.schedule import permissions
from modules.schedule import queries as base
from modules.schedule.load.data import Held
from modules.schedule.load.queries.lines import lines
from modules.schedule.models import Lesson, Period
from tenants import reference


def held_hours(*, actor: Actor, year: str, code: str = "", on: date | None = None) -> list[Held]:
    """Every line with its lessons of the year, or of one quarter ("q2"): due by the calendar up to the day, and held.

    A cancelled lesson is due and not held; a lesson put in besides the calendar is held and makes up for it.
    """
    require(actor, permissions.SET_LOAD)
    day = on or clock.today()
    periods = [one for one in base.periods(year=year, kind=Period.Kind.QUARTER) if code in ("", one.code)]
    if not periods:
        return []
    start, end = periods[0].start, periods[-1].end
    # A moved lesson counts where it is held; the place that it left is no second one.
    rows = Lesson.objects.filter(course__year=year, date__range=(start, end), moved_to=None).order_by()
    past = Q(date__lte=day)
    off = Q(state=Lesson.State.CANCELLED)
    counts: dict[UUID, tuple[int, int, int]] = {
        key: (laid, due, cancelled)
        for key, laid, due, cancelled in rows.values_list("course_id").annotate(
            laid=Count("id"), due=Count("id", filter=past), cancelled=Count("id", filter=past & off)
        )
    }
    found = lines(actor=actor, year=year, on=day)
    names = base.short_names(actor=actor, teacher_ids=[one.teacher_id for one in found])
    weeks = sum((_weeks(one.start, one.end) for one in periods), 0)
    weeks_of_first = weeks - _extra_week(year, periods[0].start, periods[-1].end)
    answer = []
    for one in found:
        laid, due, cancelled = counts.get(one.id, (0, 0, 0))
        answer.append(
            Held(
                line=one,
                teacher=names.get(one.teacher_id, "") if one.teacher_id else "",
                of_year=one.hours * Decimal(weeks_of_first if one.grade == 1 else weeks),
                laid=laid,
                due=due,
                held=due - cancelled,
                cancelled=cancelled,
            )
        )
    return answer


def _weeks(start: date, end: date) -> int:
    """Weeks of teaching between the days, as the calendar counts them: 8, 8, 10 and 8 in a year."""
    return round(((end - start).days + 1) / 7)


def _extra_week(year: str, start: date, end: date) -> int:
    """The week by which grade 1 rests longer, where it falls between the days."""
    known = reference.school_years().get(year)
    gap = known.grade1_break if known else None
    return 1 if gap and start <= gap.start <= end else 0
