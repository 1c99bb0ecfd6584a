"""How many were at a lesson: for the head of a lesson plan."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from kernel import clock

# Whom the lesson taught on its day: the class without children taught at home, or from the first day of its group the
# group's pupils.
_ATTENDANCE = """
WITH lesson AS (
  SELECT l.id, l.course_id, l.school_class_id, l.date, c.kind AS part FROM schedule_lesson l
  JOIN schedule_course c ON c.id = l.course_id
  WHERE l.id = %(lesson)s AND l.date <= %(today)s AND l.state = 'held' AND (
    EXISTS (SELECT FROM journal_absence a WHERE a.lesson_id = l.id)
    OR EXISTS (SELECT FROM journal_mark m WHERE m.lesson_id = l.id))
), taught AS (
  SELECT DISTINCT m.pupil_id, l.id AS lesson_id FROM lesson l
  JOIN contingent_membership m ON m.school_class_id = l.school_class_id
    AND m.since <= l.date AND (m.until IS NULL OR m.until >= l.date)
  JOIN contingent_pupil p ON p.id = m.pupil_id AND p.removed_at IS NULL
  WHERE (NOT EXISTS (SELECT FROM schedule_groupmember g WHERE g.course_id = l.course_id AND g.since <= l.date)
    OR EXISTS (SELECT FROM schedule_groupmember g WHERE g.course_id = l.course_id AND g.pupil_id = m.pupil_id
      AND g.since <= l.date AND (g.until IS NULL OR g.until >= l.date)))
    AND (l.part NOT IN ('core', 'variable') OR NOT EXISTS (SELECT FROM contingent_homeschooling s
      WHERE s.pupil_id = m.pupil_id AND s.since <= l.date AND (s.until IS NULL OR s.until >= l.date)))
)
SELECT count(*)::int, count(*) FILTER (WHERE EXISTS (
  SELECT FROM journal_absence a WHERE a.lesson_id = t.lesson_id AND a.pupil_id = t.pupil_id AND a.code NOT IN ('', 'late')
))::int FROM taught t
"""


def attendance_of(lesson_id: UUID) -> tuple[int, int] | None:
    """How many were there and how many were not; None where nothing was written at the lesson yet, so that nobody is
    taken for present whom nobody has counted. The caller has checked the right to the lesson."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTENDANCE, {"lesson": lesson_id, "today": clock.today()})
        row = cursor.fetchone()
    if row is None or not row[0]:
        return None
    total, absent = row
    return total - absent, absent
