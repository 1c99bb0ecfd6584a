"""One work, standing or new, and the lessons at which it may stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.journal import permissions
from modules.journal import queries as journals
from modules.journal.planner import rules
from modules.journal.planner.queries.books import (
    book_of,
    kinds_of,
    lesson_of,
    open_course,
    place_of_work,
    places_of,
)
from modules.journal.planner.queries.wishes import wish_for
from modules.journal.planner.rules import Place, Target, Work
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo


@dataclass(frozen=True, slots=True)
class Choice:
    """A work, standing or new, with the lessons at which it may stand."""

    course: CourseInfo
    period: PeriodInfo
    kind: str
    work: Work | None
    breaks: tuple[rules.Breach, ...]
    targets: list[Target]
    best: Target | None


def choice(*, actor: Actor, work_id: UUID) -> Choice:
    """Where the work stands and may go; raises NotFound for a work that is not the actor's to plan."""
    require(actor, permissions.PLAN_WORKS)
    course_id, kind, day = place_of_work(work_id)
    course = open_course(actor=actor, course_id=course_id)
    return _choice(course, kind, day, work_id)


def new_choice(*, actor: Actor, course_id: UUID, kind: str, period: PeriodInfo) -> Choice:
    """Where a new work of the course may stand; raises NotFound when the subject has no such works."""
    course = open_course(actor=actor, course_id=course_id)
    if kind not in kinds_of(course, journals.school_options()):
        raise NotFound
    return _choice(course, kind, period.start, None)


def _choice(course: CourseInfo, kind: str, day: date, work_id: UUID | None) -> Choice:
    period = schedule.period_of(day, kind="quarter")
    if period is None:
        raise NotFound
    book, works = book_of(period=period, class_ids=[course.school_class_id])
    own = next((one for one in works if one.id == work_id), None)
    places = places_of(course_ids=[course.id], period=period).get(course.id, [])
    found = rules.targets(book, wish_for(course, kind, places, day), instead=own)
    today = clock.today()
    ahead = [one for one in found if one.place.day > today]
    best = rules.nearest(ahead, own.day if own else max(day, today))
    return Choice(course, period, kind, own, book.breaks(own) if own else (), found, best)


def broken_by(*, course: CourseInfo, lesson_id: UUID, kind: str) -> tuple[rules.Breach, ...]:
    """What a new work at the lesson would break. The caller has checked the right to the course."""
    day, number, held = lesson_of(course_id=course.id, lesson_id=lesson_id)
    period = schedule.period_of(day, kind="quarter")
    if period is None:
        return ()
    book, __ = book_of(period=period, class_ids=[course.school_class_id])
    wish = wish_for(course, kind, (), day)
    found = book.breaks(wish.at(Place(lesson_id, day, number)))
    return found if held else (rules.Breach.NO_LESSON, *found)
