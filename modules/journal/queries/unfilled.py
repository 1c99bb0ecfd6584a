"""What is left to fill: held lessons without a topic or a mark, and the lessons that a teacher gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.journal import permissions
from modules.journal.data import UnfilledLesson
from modules.journal.kinds.rules import journal_of
from modules.schedule import api as schedule
from modules.schedule.data import TimetableLine
from tenants import reference

_UNFILLED = """
SELECT l.id, l.course_id, l.school_class_id, c.subject_code, l.date, l.number, l.topic = '',
       NOT EXISTS (SELECT 1 FROM journal_mark m WHERE m.lesson_id = l.id AND m.points IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM journal_absence a WHERE a.lesson_id = l.id AND a.code IS NOT NULL),
       c.kind, k.kind, k.grade
FROM schedule_lesson l JOIN schedule_course c ON c.id = l.course_id
JOIN contingent_schoolclass k ON k.id = c.school_class_id
WHERE l.state = 'held' AND l.date BETWEEN %(start)s AND %(until)s
  AND (%(teacher)s::uuid IS NULL OR l.teacher_id = %(teacher)s AND NOT EXISTS (
    SELECT FROM schedule_substitution s
    WHERE s.lesson_id = l.id AND s.state IN ('taken', 'joined') AND l.date + %(days)s::int < %(today)s))
ORDER BY l.date, l.number
"""


def unfilled_lessons(
    *, actor: Actor, teacher_id: UUID | None, start: date, until: date
) -> list[UnfilledLesson]:
    """Held lessons of the teacher (or of the school) without a topic, or without any mark or absence."""
    require(actor, permissions.VIEW)
    if teacher_id != actor.person_id and not actor.reaches_school(permissions.VIEW):
        raise NotFound
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"start": start, "until": until, "teacher": teacher_id}
        values |= {"days": schedule.lesson_right().days, "today": clock.today()}
        cursor.execute(_UNFILLED, values)
        rows = cursor.fetchall()
    found = []
    for (
        lesson,
        course,
        school_class,
        subject,
        day,
        number,
        no_topic,
        no_marks,
        part,
        class_kind,
        grade,
    ) in rows:
        known = reference.subjects().get(subject)
        wants_marks = known is None or known.assessment_mode != "none"
        wants_marks &= journal_of(part=part, class_kind=class_kind, grade=grade).has_marks
        if no_topic or (no_marks and wants_marks):
            found.append(
                UnfilledLesson(
                    lesson, course, school_class, subject, day, number, no_topic, no_marks and wants_marks
                )
            )
    return found


def unfilled_by_course(*, course_ids: Iterable[UUID], start: date, until: date) -> dict[UUID, int]:
    """How many held lessons of each course have no topic. The caller has checked the right to the courses."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT course_id, count(*)::int FROM schedule_lesson
            WHERE course_id = ANY(%s) AND date BETWEEN %s AND %s AND state = 'held' AND topic = '' GROUP BY 1
            """,
            [list(course_ids), start, until],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class TeachingDay:
    """A teacher's lessons of a day, each with where it stands in time."""

    day: date
    lines: Sequence[tuple[TimetableLine, str]]

    @property
    def is_today(self) -> bool:
        return self.day == clock.today()


def teaching_day(*, actor: Actor) -> TeachingDay | None:
    """The lessons that the actor gives today, or on the next day with any; None for who gives none."""
    if Scope.OWN_LESSONS not in actor.scopes(permissions.SET_MARKS) or actor.person_id is None:
        return None
    found = schedule.next_day_of_teacher(actor=actor, teacher_id=actor.person_id, day=clock.today())
    return TeachingDay(found.day, schedule.moments(found.lines, day=found.day)) if found.lines else None
