"""The year's marks that reports count: of each pupil and subject, in the course where his year ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from modules.journal.rules import YearMarks

# All marks of the subject count, also those of the class from which the pupil came inside the year.
_YEARS = """
WITH marked AS (
  SELECT p.pupil_id, c.year, c.subject_code, CASE c.kind WHEN 'variable' THEN c.name ELSE '' END AS own_name,
         (array_agg(c.id ORDER BY t."end" DESC, p.set_at DESC))[1] AS course_id,
         array_agg(t.kind ORDER BY p.set_at) AS kinds, array_agg(t.number ORDER BY p.set_at) AS numbers,
         array_agg(p.final ORDER BY p.set_at) AS finals
  FROM journal_periodmark p JOIN schedule_period t ON t.id = p.period_id JOIN schedule_course c ON c.id = p.course_id
  WHERE p.final IS NOT NULL AND c.kind IN ('core', 'variable', 'home')
    AND (c.year, c.subject_code) IN (SELECT k.year, k.subject_code FROM schedule_course k WHERE k.id = ANY(%(courses)s))
  GROUP BY 1, 2, 3, 4
), later AS (
  SELECT course_id, pupil_id, json_object_agg(kind, mark) AS marks FROM journal_yearmark
  WHERE course_id = ANY(%(courses)s) AND mark IS NOT NULL GROUP BY 1, 2
), came AS (
  SELECT m.pupil_id, m.year, min(m.since) AS day FROM contingent_membership m
  WHERE m.year IN (SELECT year FROM marked) GROUP BY 1, 2
)
SELECT a.course_id, a.pupil_id, a.kinds, a.numbers, a.finals, l.marks,
       1 + (SELECT count(*) FROM schedule_period q WHERE q.year = a.year AND q.kind = 'quarter' AND q."end" < b.day)::int
FROM marked a LEFT JOIN later l USING (course_id, pupil_id) LEFT JOIN came b ON b.pupil_id = a.pupil_id AND b.year = a.year
WHERE a.course_id = ANY(%(courses)s)
"""


@dataclass(frozen=True, slots=True)
class OfYear:
    course_id: UUID
    pupil_id: UUID
    marks: YearMarks


def years_in(course_ids: Collection[UUID]) -> list[OfYear]:
    """Everybody who has a mark of the year in the courses; one statement. The caller has checked the right."""
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, {"courses": list(course_ids)})
        return [
            OfYear(
                course,
                pupil,
                YearMarks.of(
                    dict(zip(zip(kinds, numbers, strict=True), finals, strict=True)),
                    later or {},
                    first_quarter=first,
                ),
            )
            for course, pupil, kinds, numbers, finals, later, first in cursor.fetchall()
        ]
