"""Two school years of marks and attendance that look alive, written by the database itself.

Every pupil has an ability, every subject is a little easier or harder for each, every class has better and worse
quarters; points follow with noise, so that quality comes out at 50-65 % and achievement at 97-100 % (schools-of-kazakhstan.md §9.4).
"""

from __future__ import annotations

from datetime import date

from django.db import connection

# Share of a pupil's strength in percent: from a hash of the pupil, so that two years and all subjects agree.
ABILITY = """
  CREATE TEMPORARY TABLE ability ON COMMIT DROP AS
  SELECT m.pupil_id, m.school_class_id, c.id AS course_id, c.subject_code,
         least(99, greatest(34,
           43 + 55 * power((hashtextextended(m.pupil_id::text, 7) & 65535) / 65536.0, 0.85)
           + 9 * ((hashtextextended(m.pupil_id::text || c.subject_code, 3) & 65535) / 65536.0 - 0.5)
           + 10 * ((hashtextextended(c.school_class_id::text || %(start)s, 13) & 65535) / 65536.0 - 0.5)
           + 6 * ((hashtextextended(c.subject_code || c.school_class_id::text, 17) & 65535) / 65536.0 - 0.5)
           + 3 * ((hashtextextended(%(start)s::text || current_schema(), 19) & 65535) / 65536.0 - 0.5)
         )) AS percent, m.since, m.until
  FROM contingent_membership m JOIN schedule_course c ON c.school_class_id = m.school_class_id
  WHERE c.year = %(year)s AND m.year = %(year)s AND (c."group" = 0 OR EXISTS (
    SELECT 1 FROM schedule_groupmember g WHERE g.course_id = c.id AND g.pupil_id = m.pupil_id))
"""
INDEX_ABILITY = "CREATE INDEX ON ability (course_id)"
# One account of each person: who set the mark.
ACCOUNT = """
  CREATE TEMPORARY TABLE account ON COMMIT DROP AS
  SELECT person_id, min(id) AS id FROM identity_user WHERE person_id IS NOT NULL GROUP BY person_id
"""

ABSENCES = """
  INSERT INTO journal_absence (id, lesson_id, pupil_id, code, version, set_by, set_at)
  SELECT gen_random_uuid(), day.lesson_id, day.pupil_id,
         CASE WHEN day.dice < 0.55 THEN 'ill' WHEN day.dice < 0.75 THEN 'excused' WHEN day.dice < 0.88 THEN 'late'
              ELSE 'unexcused' END, 1, u.id, day.date + time '09:00'
  FROM (
    SELECT l.id AS lesson_id, l.teacher_id, l.date, a.pupil_id,
           (hashtextextended(a.pupil_id::text || (l.date - date '2000-01-03') / 7, 5) & 65535) / 65536.0 AS dice,
           (hashtextextended(a.pupil_id::text || l.date, 9) & 65535) / 65536.0 AS luck
    FROM schedule_lesson l JOIN ability a ON a.course_id = l.course_id
    WHERE l.date BETWEEN %(start)s AND %(end)s AND l.state = 'held' AND a.since <= l.date AND (a.until IS NULL OR a.until >= l.date)
    AND NOT EXISTS (SELECT 1 FROM contingent_homeschooling h WHERE h.pupil_id = a.pupil_id AND h.since <= l.date
      AND (h.until IS NULL OR h.until >= l.date))
  ) day LEFT JOIN account u ON u.person_id = day.teacher_id
  WHERE day.luck < 0.045
"""

# One lesson in sixty-four is filled six days late.
CURRENT = """
  INSERT INTO journal_mark (id, lesson_id, pupil_id, kind, points, version, set_by, set_at)
  SELECT gen_random_uuid(), l.id, a.pupil_id, 'fo',
         least(10, greatest(1, round(a.percent / 10 + (random() - 0.5) * 3.2)))::int, 1, u.id,
         l.date + time '13:00' + CASE WHEN l.date + 6 <= %(end)s AND (hashtextextended(l.id::text, 29) & 63) = 0
           THEN interval '6 days' ELSE interval '0' END
  FROM schedule_lesson l JOIN ability a ON a.course_id = l.course_id
  LEFT JOIN account u ON u.person_id = l.teacher_id
  WHERE l.date BETWEEN %(start)s AND %(end)s AND l.state = 'held' AND a.since <= l.date AND (a.until IS NULL OR a.until >= l.date)
    AND NOT EXISTS (SELECT 1 FROM contingent_homeschooling h WHERE h.pupil_id = a.pupil_id AND h.since <= l.date
      AND (h.until IS NULL OR h.until >= l.date))
    AND l.course_id = ANY(%(courses)s) AND random() < %(density)s
    AND NOT EXISTS (SELECT 1 FROM journal_summativework w WHERE w.lesson_id = l.id)
    AND NOT EXISTS (SELECT 1 FROM journal_absence x WHERE x.lesson_id = l.id AND x.pupil_id = a.pupil_id AND x.code <> 'late')
"""

SUMMATIVE = """
  INSERT INTO journal_mark (id, lesson_id, pupil_id, kind, points, version, set_by, set_at)
  SELECT gen_random_uuid(), l.id, a.pupil_id, w.kind,
         least(w.maximum, greatest(0, round(w.maximum * (a.percent + (random() - 0.5) * 16) / 100)))::int, 1, u.id,
         l.date + time '15:00'
  FROM journal_summativework w JOIN schedule_lesson l ON l.id = w.lesson_id
  JOIN ability a ON a.course_id = l.course_id
  LEFT JOIN account u ON u.person_id = l.teacher_id
  WHERE l.date BETWEEN %(start)s AND %(end)s AND a.since <= l.date AND (a.until IS NULL OR a.until >= l.date)
    AND NOT EXISTS (SELECT 1 FROM contingent_homeschooling h WHERE h.pupil_id = a.pupil_id AND h.since <= l.date
      AND (h.until IS NULL OR h.until >= l.date))
"""

# A word of the teacher beside one mark in forty of the last three weeks, in the language of the class.
COMMENTS = """
  INSERT INTO journal_comment (id, lesson_id, pupil_id, kind, text, version, set_by, set_at)
  SELECT gen_random_uuid(), m.lesson_id, m.pupil_id, m.kind,
         (said.texts)[1 + (hashtextextended(m.pupil_id::text || m.lesson_id, 21) & 65535) %% 2], 1, m.set_by, m.set_at
  FROM journal_mark m JOIN schedule_lesson l ON l.id = m.lesson_id
  JOIN contingent_schoolclass k ON k.id = l.school_class_id
  CROSS JOIN LATERAL (SELECT CASE
    WHEN k.language = 'ru' AND m.points >= 8 THEN ARRAY['Самостоятельное решение и понятное объяснение у доски.', 'Отличная работа на уроке!']
    WHEN k.language = 'ru' AND m.points >= 5 THEN ARRAY['Ход решения верный, ошибка в вычислениях.', 'Повторите правило на стр. 84.']
    WHEN k.language = 'ru' THEN ARRAY['Жду на консультации в четверг после 6-го урока.', 'Тема пропущена, разберите пример 3.']
    WHEN m.points >= 8 THEN ARRAY['Есепті өзі шығарып, сыныпқа түсіндіріп берді.', 'Сабақта өте жақсы жұмыс істеді!']
    WHEN m.points >= 5 THEN ARRAY['Шығару жолы дұрыс, есептеуде қате бар.', '84-беттегі ережені қайталаңыз.']
    ELSE ARRAY['Бейсенбіде 6-сабақтан кейін кеңеске күтемін.', 'Тақырып түсініксіз қалды, 3-мысалды қараңыз.'] END AS texts) said
  WHERE l.date BETWEEN greatest(%(start)s::date, %(end)s::date - 21) AND %(end)s AND m.kind = 'fo'
    AND l.course_id = ANY(%(courses)s) AND hashtextextended(m.pupil_id::text || l.date, 23) %% 40 = 0
"""


def write(*, year: str, start: date, end: date, courses: list[str], density: float) -> int:
    """Fill the lessons from `start` to `end` of the year's courses; inside one transaction. Answers marks written."""
    values = {"year": year, "start": start, "end": end, "courses": courses, "density": density}
    written = 0
    with connection.cursor() as cursor:
        for statement in (ABILITY, INDEX_ABILITY, ACCOUNT, ABSENCES, CURRENT, SUMMATIVE, COMMENTS):
            cursor.execute(_inlined(cursor, statement, values))
            if statement in (CURRENT, SUMMATIVE):
                written += cursor.rowcount
        cursor.execute("DROP TABLE ability, account")
    return written


def _inlined(cursor: object, statement: str, values: dict[str, object]) -> str:
    """The statement with its values written in: utility statements take no parameters."""
    import psycopg

    return psycopg.ClientCursor(connection.connection).mogrify(statement, values)
