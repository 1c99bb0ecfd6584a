"""СОР and СОЧ of one child, for the child, the family and the staff who may see him."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection

from kernel.access import Actor
from modules.contingent import api as contingent
from modules.journal.data import ChildWork
from modules.schedule import api as schedule

_CHILD_WORKS = """
SELECT l.date, l.number, w.kind, w.maximum, coalesce(nullif(w.title, ''), l.topic), l.course_id, m.points
FROM journal_summativework w JOIN schedule_lesson l ON l.id = w.lesson_id
LEFT JOIN journal_mark m ON m.lesson_id = l.id AND m.kind = w.kind AND m.pupil_id = %(pupil)s
WHERE l.course_id = ANY(%(courses)s) AND l.date BETWEEN %(start)s AND %(end)s AND l.state = 'held'
ORDER BY l.date, l.number
"""


def child_works(*, actor: Actor, pupil_id: UUID, start: date, end: date) -> list[ChildWork]:
    """СОР and СОЧ of the child between the days, in order; raises NotFound for a child whom the actor may not see."""
    contingent.pupil(actor=actor, pupil_id=pupil_id)
    room = contingent.class_of(actor=actor, pupil_id=pupil_id, on=end) or contingent.class_of(
        actor=actor, pupil_id=pupil_id
    )
    if room is None:
        return []
    courses = {c.id: c for c in schedule.courses(actor=actor, year=room.year, school_class_id=room.id)}
    parts = [key for key, course in courses.items() if course.group]
    for key in schedule.closed_to(pupil_id=pupil_id, course_ids=parts, start=start, end=end) if parts else ():
        courses.pop(key)
    with connection.cursor() as cursor:
        cursor.execute(
            _CHILD_WORKS, {"pupil": pupil_id, "courses": list(courses), "start": start, "end": end}
        )
        return [
            ChildWork(day, number, kind, top, title, key, courses[key].subject, courses[key].teacher, points)
            for day, number, kind, top, title, key, points in cursor.fetchall()
        ]
