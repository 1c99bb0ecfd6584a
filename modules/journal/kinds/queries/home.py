"""The journal of a child taught at home (order 130): all subjects on one page, lesson by lesson, and the ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from kernel import clock
from kernel.access import Actor
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.contingent.data import HomeGround
from modules.journal import permissions
from modules.journal.data import mark_text
from modules.journal.kinds.data import Kind
from modules.journal.kinds.queries import pupils_of_year
from modules.journal.kinds.rules import journal_of_course
from modules.journal.queries import may_open, open_course
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo


@dataclass(frozen=True, slots=True)
class Taught:
    """A subject that the child is taught at home: hours of the period, laid and given, and the period's mark."""

    course: CourseInfo
    laid: int
    given: int
    mark: str


@dataclass(frozen=True, slots=True)
class HomeLesson:
    """A lesson with what it came to: topic, homework, points as they are written, the letter of an absence."""

    course: CourseInfo
    day: date
    number: int
    topic: str
    homework: str
    is_off: bool
    points: str
    absence: str


@dataclass(frozen=True, slots=True)
class HomeJournal:
    pupil_id: UUID
    name: str
    subjects: tuple[Taught, ...]
    lessons: tuple[HomeLesson, ...]
    ground: HomeGround | None
    sees_ground: bool


def child_of(*, actor: Actor, course_id: UUID) -> tuple[CourseInfo, UUID, str]:
    """The line of load and the child it teaches; raises NotFound for any that is not at home."""
    course = open_course(actor=actor, course_id=course_id)
    pupils = pupils_of_year(actor=actor, course=course)
    if journal_of_course(course).kind is not Kind.HOME or not pupils:
        raise NotFound
    pupil_id, name = next(iter(pupils.items()))
    return course, pupil_id, name


def journal(
    *, actor: Actor, course: CourseInfo, pupil_id: UUID, name: str, quarter: PeriodInfo
) -> HomeJournal:
    """The child's subjects of the quarter that are open to the actor. The caller got the child from `child_of`."""
    of_class = schedule.courses(actor=actor, year=course.year, school_class_id=course.school_class_id)
    at_home = [one for one in of_class if one.part == "home"]
    closed = schedule.closed_to(
        pupil_id=pupil_id, course_ids=[one.id for one in at_home], start=quarter.start, end=quarter.end
    )
    mine = [
        one
        for one in at_home
        if one.id == course.id or (one.id not in closed and may_open(actor, one, permissions.VIEW))
    ]
    lessons = _lessons(mine, pupil_id, quarter)
    half = schedule.period_by_code(year=quarter.year, code=f"h{(quarter.number + 1) // 2}")
    marks = _marks(mine, pupil_id, [quarter.id, *([half.id] if half else [])])
    today = clock.today()
    subjects = []
    for one in mine:
        held = [lesson for lesson in lessons if lesson.course.id == one.id and not lesson.is_off]
        given = sum(1 for lesson in held if lesson.day <= today)
        subjects.append(Taught(one, len(held), given, mark_text(marks.get(one.id))))
    ground, sees = None, True
    try:
        ground = contingent.home_ground(actor=actor, pupil_id=pupil_id)
    except NotFound:
        sees = False
    return HomeJournal(pupil_id, name, tuple(subjects), tuple(lessons), ground, sees)


_LESSONS = """
SELECT l.course_id, l.date, l.number, l.topic, l.homework, l.state = 'cancelled', coalesce(m.points, ''), coalesce(a.code, '')
FROM schedule_lesson l
LEFT JOIN LATERAL (
  SELECT string_agg(m.points || CASE WHEN m.kind = 'fo' THEN '' ELSE '/' || w.maximum END, ', ' ORDER BY m.kind) AS points
  FROM journal_mark m LEFT JOIN journal_summativework w ON w.lesson_id = m.lesson_id AND w.kind = m.kind
  WHERE m.lesson_id = l.id AND m.pupil_id = %(pupil)s AND m.points IS NOT NULL) m ON true
LEFT JOIN journal_absence a ON a.lesson_id = l.id AND a.pupil_id = %(pupil)s
WHERE l.course_id = ANY(%(courses)s) AND l.date BETWEEN %(start)s AND %(end)s AND l.moved_to_id IS NULL
ORDER BY l.date, l.number
"""
_MARKS = """
SELECT course_id, final FROM journal_periodmark
WHERE course_id = ANY(%s) AND pupil_id = %s AND period_id = ANY(%s) AND final IS NOT NULL
"""


def _lessons(of: Sequence[CourseInfo], pupil_id: UUID, quarter: PeriodInfo) -> list[HomeLesson]:
    known = {one.id: one for one in of}
    values: dict[str, Any] = {
        "pupil": pupil_id,
        "courses": list(known),
        "start": quarter.start,
        "end": quarter.end,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LESSONS, values)
        return [HomeLesson(known[key], *rest) for key, *rest in cursor.fetchall()]


def _marks(of: Sequence[CourseInfo], pupil_id: UUID, periods: list[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, [[one.id for one in of], pupil_id, periods])
        return dict(cursor.fetchall())
