"""Days on which the works of a class break rules: the deputy's list, and how many there are ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, IntegerField, QuerySet
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Collate

from kernel import clock
from kernel.access import Actor, require
from kernel.names import KK_COLLATION, fold
from modules.journal import permissions
from modules.journal.models import SummativeWork
from modules.journal.planner import rules
from modules.journal.planner.queries.books import book_of, places_of
from modules.journal.planner.queries.wishes import wish_for
from modules.journal.planner.rules import Book, BrokenDay, Target, Work
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo


@dataclass(frozen=True, slots=True)
class Found:
    """A broken day with the book that judged it."""

    day: BrokenDay
    book: Book
    period: PeriodInfo


@dataclass(frozen=True, slots=True)
class WatchLine:
    """A broken day as a line of the list: its works with their courses and the nearest place that breaks nothing."""

    row: Any
    day: BrokenDay
    works: tuple[tuple[Work, CourseInfo, Target | None], ...]

    @property
    def class_label(self) -> str:
        return self.works[0][1].class_label


def broken_days(*, year: str, since: date | None = None) -> dict[UUID, Found]:
    """Broken days of the year (from the day on) by the first work of each. Two statements a quarter."""
    found = {}
    for period in schedule.periods(year=year, kind="quarter"):
        if since is not None and period.end < since:
            continue
        book, __ = book_of(period=period)
        for day in rules.broken_days(book):
            first = day.works[0][0].id
            if first is not None and (since is None or day.day >= since):
                found[first] = Found(day, book, period)
    return found


def ahead(*, actor: Actor) -> int:
    """How many days of the current quarter, from today on, break rules."""
    require(actor, permissions.WATCH_WORKS)
    today = clock.today()
    period = schedule.period_of(today, kind="quarter")
    if period is None:
        return 0
    book, __ = book_of(period=period)
    return sum(1 for one in rules.broken_days(book) if one.day >= today)


_CLASS = "(SELECT k.{what} FROM contingent_schoolclass k WHERE k.id = schedule_lesson.school_class_id)"
BY_CLASS: tuple[str | Combinable, ...] = (
    F("class_grade"),
    Collate(F("class_letter"), KK_COLLATION),
    F("lesson__date"),
)


def watch_rows(actor: Actor, year: str) -> QuerySet[SummativeWork]:
    """One row for each broken day of a class in the school year."""
    require(actor, permissions.WATCH_WORKS)
    rows = SummativeWork.objects.filter(pk__in=list(broken_days(year=year))).select_related("lesson")
    return rows.annotate(
        class_grade=RawSQL(_CLASS.format(what="grade"), [], IntegerField()),  # noqa: S611 - constant texts
        class_letter=RawSQL(_CLASS.format(what="letter"), [], CharField()),  # noqa: S611
    )


def watch_lines(rows: Sequence[Any], actor: Actor) -> list[WatchLine]:
    """The lines of a page, each with where its works could go."""
    if not rows:
        return []
    year = clock.school_year_of(rows[0].lesson.date)
    found = broken_days(year=year)
    courses = {one.id: one for one in schedule.courses(actor=actor, year=year)}
    shown = [(row, found[row.pk]) for row in rows if row.pk in found]
    periods = {one.period.id: one.period for __, one in shown}
    places = {
        key: places_of(
            course_ids={w.course_id for __, one in shown if one.period.id == key for w, __ in one.day.works},
            period=period,
        )
        for key, period in periods.items()
    }
    return [
        WatchLine(
            row,
            one.day,
            tuple(
                (work, courses[work.course_id], _way_out(one, work, courses, places[one.period.id]))
                for work, __ in one.day.works
                if work.course_id in courses
            ),
        )
        for row, one in shown
    ]


def _way_out(
    found: Found, work: Work, courses: dict[UUID, CourseInfo], places: dict[UUID, list[rules.Place]]
) -> Target | None:
    """The nearest day ahead at which the work breaks nothing; none for one that has marks."""
    if work.has_marks:
        return None
    today = clock.today()
    ahead_of = [one for one in places.get(work.course_id, []) if one.day > today]
    wish = wish_for(courses[work.course_id], work.kind, ahead_of, work.day)
    return rules.nearest(rules.targets(found.book, wish, instead=work), work.day)


def of_quarter(rows: QuerySet[SummativeWork], period_id: UUID) -> QuerySet[SummativeWork]:
    period = schedule.period(period_id=period_id)
    return rows.filter(lesson__date__range=(period.start, period.end))


def of_class(rows: QuerySet[SummativeWork], text: str, _actor: Actor) -> QuerySet[SummativeWork]:
    """Days of the classes that are called so."""
    wanted = fold(text).replace(" ", "")
    found: list[Any] = list(rows.order_by())
    keys = [row.pk for row in found if wanted in fold(f"{row.class_grade}{row.class_letter}")]
    return rows.filter(pk__in=keys)
