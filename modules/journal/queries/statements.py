"""What the grid of a journal reads: its columns, and all that stands in its cells."""

from __future__ import annotations

LESSONS = """
SELECT l.id::text, l.date, l.number, l.topic, l.homework, l.state = 'cancelled', l.teacher_id, w.kind, w.maximum, w.title,
       w.id, EXISTS (
         SELECT FROM schedule_substitution s WHERE s.lesson_id = l.id AND s.state IN ('taken', 'joined'))
FROM schedule_lesson l LEFT JOIN journal_summativework w ON w.lesson_id = l.id
WHERE l.course_id = %s AND l.date BETWEEN %s AND %s AND l.moved_to_id IS NULL ORDER BY l.date, l.number
"""
CELLS = """
SELECT m.kind, m.lesson_id::text, m.pupil_id::text, m.points, m.version, NULL::text, ''
FROM journal_mark m JOIN schedule_lesson l ON l.id = m.lesson_id
WHERE l.course_id = %(course)s AND l.date BETWEEN %(start)s AND %(end)s
UNION ALL
SELECT 'absence', a.lesson_id::text, a.pupil_id::text, NULL, a.version, a.code, ''
FROM journal_absence a JOIN schedule_lesson l ON l.id = a.lesson_id
WHERE l.course_id = %(course)s AND l.date BETWEEN %(start)s AND %(end)s
UNION ALL
SELECT 'comment', t.lesson_id::text, t.pupil_id::text, NULL, t.version, t.kind, t.text
FROM journal_comment t JOIN schedule_lesson l ON l.id = t.lesson_id
WHERE l.course_id = %(course)s AND l.date BETWEEN %(start)s AND %(end)s AND t.text IS NOT NULL
UNION ALL
SELECT 'voice', v.lesson_id::text, v.pupil_id::text, v.seconds, 0, v.kind, v.file_id::text
FROM journal_voice v JOIN schedule_lesson l ON l.id = v.lesson_id
WHERE l.course_id = %(course)s AND l.date BETWEEN %(start)s AND %(end)s AND v.file_id IS NOT NULL
UNION ALL
SELECT 'final', '', p.pupil_id::text, NULL, p.version, p.final, p.reason
FROM journal_periodmark p WHERE p.course_id = %(course)s AND p.period_id = %(period)s
"""
