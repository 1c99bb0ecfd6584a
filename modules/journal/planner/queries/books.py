"""What stands in the database: the works of a quarter, lessons for them, and whose they are to plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.journal import permissions
from modules.journal import queries as journals
from modules.journal import rules as marks
from modules.journal.planner.rules import Book, Place, Work
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo

CIRCLES = 51  # groups from this number on are clubs and children at home


# --- what stands in the database

_WORKS = """
SELECT w.id, w.kind, w.maximum, w.title, l.id, l.course_id, l.school_class_id, c.subject_code, l.group, l.date, l.number,
       l.state = 'held',
       EXISTS (SELECT FROM journal_mark m WHERE m.lesson_id = l.id AND m.kind = w.kind AND m.points IS NOT NULL)
FROM journal_summativework w JOIN schedule_lesson l ON l.id = w.lesson_id JOIN schedule_course c ON c.id = l.course_id
WHERE l.date BETWEEN %(start)s AND %(end)s AND (%(classes)s::uuid[] IS NULL OR l.school_class_id = ANY(%(classes)s))
ORDER BY l.date, l.number, w.id
"""
_LAST_DAYS = """
SELECT l.school_class_id, max(l.date) FROM schedule_lesson l
WHERE l.date BETWEEN %(start)s AND %(end)s AND l.state = 'held'
  AND (%(classes)s::uuid[] IS NULL OR l.school_class_id = ANY(%(classes)s))
GROUP BY 1
"""
_LESSONS = """
SELECT l.course_id, l.id, l.date, l.number FROM schedule_lesson l
WHERE l.course_id = ANY(%(courses)s) AND l.date BETWEEN %(start)s AND %(end)s AND l.state = 'held'
ORDER BY l.date, l.number
"""
_OF_DAY = """
SELECT l.id FROM schedule_lesson l
WHERE l.course_id = %s AND l.date = %s AND l.state = 'held'
  AND NOT EXISTS (SELECT FROM journal_summativework w WHERE w.lesson_id = l.id)
ORDER BY l.number LIMIT 1
"""


def book_of(*, period: PeriodInfo, class_ids: Collection[UUID] | None = None) -> tuple[Book, list[Work]]:
    """All works of the quarter in the classes (None: in the school), and the book that judges them. Two statements."""
    values: dict[str, Any] = {
        "start": period.start,
        "end": period.end,
        "classes": None if class_ids is None else list(class_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WORKS, values)
        works = [
            Work(course, room, subject, group, kind, day, lesson, number, key, maximum, title, held, marked)
            for (key, kind, maximum, title, lesson, course, room, subject, group, day, number, held,
                 marked) in cursor.fetchall()
        ]  # fmt: skip
        cursor.execute(_LAST_DAYS, values)
        last_days = dict(cursor.fetchall())
    return Book(last_days, works), works


def places_of(*, course_ids: Iterable[UUID], period: PeriodInfo) -> dict[UUID, list[Place]]:
    """The held lessons of the courses in the quarter. The caller has checked the right to the courses."""
    values: dict[str, Any] = {"courses": list(course_ids), "start": period.start, "end": period.end}
    found: dict[UUID, list[Place]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LESSONS, values)
        for course, lesson, day, number in cursor.fetchall():
            found[course].append(Place(lesson, day, number))
    return found


def free_lesson(*, course_id: UUID, day: date) -> UUID:
    """The course's first lesson of the day without a work; raises NotFound. The caller has checked the right."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_DAY, [course_id, day])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return UUID(str(row[0]))


# --- whose works


def kinds_of(course: CourseInfo, options: marks.Options) -> tuple[str, ...]:
    """The kinds of works that the subject has in the class."""
    rule = journals.rule_of(course, options)
    if rule.mode is not marks.Mode.POINTS or course.group >= CIRCLES:
        return ()
    return tuple(kind for kind, share in (("sor", rule.sor), ("soch", rule.soch)) if share)


def may_plan(actor: Actor, course: CourseInfo) -> bool:
    """Whether the actor puts and moves works of the course: its teacher, or who may in the whole school."""
    scopes = actor.scopes(permissions.PLAN_WORKS)
    own = actor.person_id is not None and course.teacher_id == actor.person_id
    return Scope.SCHOOL in scopes or (Scope.OWN_LESSONS in scopes and own)


def open_course(*, actor: Actor, course_id: UUID) -> CourseInfo:
    """The course whose works the actor plans; raises NotFound for any other."""
    require(actor, permissions.PLAN_WORKS)
    course = schedule.course(actor=actor, course_id=course_id)
    if not may_plan(actor, course):
        raise NotFound
    return course


def quarter(*, year: str, code: str = "") -> tuple[PeriodInfo | None, list[PeriodInfo]]:
    """The quarter asked for, or the current one, with the year's others."""
    known = schedule.periods(year=year, kind="quarter")
    found = next((one for one in known if one.code == code), None)
    return found or schedule.current_period(year=year), known


def place_of_work(work_id: UUID) -> tuple[UUID, str, date]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.course_id, w.kind, l.date FROM journal_summativework w JOIN schedule_lesson l ON l.id = w.lesson_id"
            " WHERE w.id = %s",
            [work_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


def lesson_of(*, course_id: UUID, lesson_id: UUID) -> tuple[date, int, bool]:
    """Day, number and whether it is held; raises NotFound for a lesson of another course."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT date, number, state = 'held' FROM schedule_lesson WHERE id = %s AND course_id = %s",
            [lesson_id, course_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]
