"""A teacher's quality of knowledge over the years between two attestations, by subject and study period.

Only marks that were given count. A study period counts when its last day lies in the interval and the course was the
teacher's on that day; the year's mark (rules.YearMarks.result), when the last day of its last period does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from kernel.names import PersonName, kazakh_order
from modules.journal import permissions
from modules.journal.queries.choices import school_options
from modules.journal.reports.data import YEAR_CODE, Marks, is_picked
from modules.journal.reports.queries.annual import years_in
from modules.journal.reports.queries.ground import Titled
from modules.schedule import api as schedule

# From one attestation to the next are five years.
YEARS = 5

_GIVEN = """
WITH mine AS (
  SELECT c.id, c.year, c.subject_code, c.name, c.kind, c."group", k.grade, k.letter,
         t.id AS period_id, t.kind AS period_kind, t.number
  FROM schedule_course c
  JOIN contingent_schoolclass k ON k.id = c.school_class_id
  JOIN schedule_period t ON t.year = c.year AND t."end" BETWEEN %(start)s AND %(until)s
  WHERE %(teacher)s::uuid = coalesce((
    SELECT h.teacher_id FROM schedule_courseteacher h WHERE h.course_id = c.id
      AND (h.since IS NULL OR h.since <= t."end") AND (h.until IS NULL OR h.until >= t."end") LIMIT 1
  ), c.teacher_id)
), given AS (
  SELECT m.id AS course_id, m.year, m.subject_code, m.name, m.kind, m."group", m.grade, m.letter,
         left(m.period_kind, 1) || m.number AS code, p.pupil_id, p.final AS mark
  FROM mine m JOIN journal_periodmark p ON p.course_id = m.id AND p.period_id = m.period_id
  WHERE p.final IS NOT NULL AND p.final <> 'exempt'
  UNION ALL
  SELECT m.id, m.year, m.subject_code, m.name, m.kind, m."group", m.grade, m.letter, 'y', y.pupil_id, y.mark
  FROM mine m JOIN unnest(%(in)s::uuid[], %(whose)s::uuid[], %(marks)s::text[]) y (course_id, pupil_id, mark)
    ON y.course_id = m.id
  WHERE m.number = CASE m.period_kind WHEN 'quarter' THEN 4 ELSE 2 END
)
"""
_MINE = """
SELECT DISTINCT c.id FROM schedule_course c LEFT JOIN schedule_courseteacher h ON h.course_id = c.id
WHERE %(teacher)s::uuid IN (c.teacher_id, h.teacher_id)
"""
_FIGURES = f"""{_GIVEN}
SELECT year, subject_code, code, grade, letter, mark, count(*)::int FROM given GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY year, code
"""  # noqa: S608 - constant texts
_PUPILS = f"""{_GIVEN}
SELECT g.course_id, g.subject_code, g.name, g.kind, g."group", g.grade, g.letter, g.mark, p.id, p.surname, p.name
FROM given g JOIN contingent_pupil p ON p.id = g.pupil_id
WHERE g.year = %(year)s AND g.code = %(code)s AND (%(subject)s = '' OR g.subject_code = %(subject)s)
ORDER BY g.grade, g.letter COLLATE "kk-x-icu", g.subject_code, p.surname, p.name, p.id
"""  # noqa: S608 - constant texts


@dataclass(slots=True)
class PeriodFigures:
    """A study period of a subject: `code` is q1 … h2, or y for the year."""

    year: str
    code: str
    marks: Marks = field(default_factory=Marks)
    classes: set[tuple[int, str]] = field(default_factory=set)

    @property
    def place(self) -> tuple[str, int, str]:
        """Half-years stand beside their last quarter, the year after all."""
        if self.code == YEAR_CODE:
            return self.year, 9, self.code
        number = int(self.code[1:])
        return self.year, number if self.code[0] == "q" else 2 * number, self.code

    @property
    def class_labels(self) -> str:
        found = sorted(self.classes, key=lambda one: (one[0], kazakh_order(one[1])))
        return ", ".join(f"{grade}{letter}" for grade, letter in found)


@dataclass(frozen=True, slots=True)
class SubjectFigures:
    code: str
    title: str
    periods: tuple[PeriodFigures, ...]


@dataclass(frozen=True, slots=True)
class Years:
    teacher_id: UUID
    teacher: str
    subjects: tuple[SubjectFigures, ...]
    years: tuple[PeriodFigures, ...]


def teachers(*, actor: Actor) -> list[tuple[UUID, str]]:
    """Whose years the actor may see: her own, or of all who have or had a course; one statement, in Kazakh order."""
    scopes = require(actor, permissions.VIEW)
    is_wide = Scope.SCHOOL in scopes
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.id, e.surname, e.name, e.patronymic FROM staff_employee e
            WHERE CASE WHEN %(wide)s THEN EXISTS (SELECT FROM schedule_course c WHERE c.teacher_id = e.id)
                OR EXISTS (SELECT FROM schedule_courseteacher h WHERE h.teacher_id = e.id)
              ELSE e.id = %(person)s END
            ORDER BY e.surname COLLATE "kk-x-icu", e.name COLLATE "kk-x-icu", e.id
            """,
            {"wide": is_wide, "person": actor.person_id if Scope.OWN_LESSONS in scopes or is_wide else None},
        )
        return [(key, PersonName(*name).full) for key, *name in cursor.fetchall()]


def usual_interval() -> tuple[date, date]:
    """From the first day of the school year five years ago, this one counted in, to today."""
    today = clock.today()
    year = today.year if today.month >= 9 else today.year - 1
    return date(year - YEARS + 1, 9, 1), today


def years_of(*, actor: Actor, teacher_id: UUID, start: date, until: date) -> Years:
    """Marks given by the teacher in the interval; four statements. Raises NotFound for whom the actor may not see."""
    name = _name(actor, teacher_id)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, _values(teacher_id, start, until))
        rows = cursor.fetchall()
    subjects: dict[str, dict[tuple[str, str], PeriodFigures]] = {}
    years: dict[str, PeriodFigures] = {}
    for year, code, period, grade, letter, mark, count in rows:
        periods = subjects.setdefault(code, {})
        lines = [periods.setdefault((year, period), PeriodFigures(year, period))]
        if period == YEAR_CODE:
            lines.append(years.setdefault(year, PeriodFigures(year, YEAR_CODE)))
        for one in lines:
            one.marks.add(mark, times=count)
            one.classes.add((grade, letter))
    found = [
        SubjectFigures(
            code,
            schedule.subject_title(Titled(code, "", "")),
            tuple(sorted(periods.values(), key=lambda one: one.place)),
        )
        for code, periods in subjects.items()
    ]
    found.sort(key=lambda one: kazakh_order(one.title))
    return Years(teacher_id, name, tuple(found), tuple(years[key] for key in sorted(years)))


def _values(teacher_id: UUID, start: date, until: date) -> dict[str, Any]:
    """What the statements ask with: the teacher, the interval, and the year's marks in all that was ever hers."""
    with connection.cursor() as cursor:
        cursor.execute(_MINE, {"teacher": teacher_id})
        mine = [row[0] for row in cursor.fetchall()]
    options = school_options()
    years = [
        (one.course_id, one.pupil_id, mark)
        for one in years_in(mine)
        if (mark := one.marks.result(options)) not in {None, "exempt"}
    ]
    return {
        "teacher": teacher_id,
        "start": start,
        "until": until,
        "in": [course for course, __, ___ in years],
        "whose": [pupil for __, pupil, ___ in years],
        "marks": [mark for __, ___, mark in years],
    }


def _name(actor: Actor, teacher_id: UUID) -> str:
    name = dict(teachers(actor=actor)).get(teacher_id)
    if name is None:
        raise NotFound
    return name


@dataclass(frozen=True, slots=True)
class PupilMark:
    course_id: UUID
    pupil_id: UUID
    pupil: str
    whose: str
    subject: str
    mark: str


def pupils_of_years(
    *, actor: Actor, teacher_id: UUID, start: date, until: date, year: str, code: str, subject: str, pick: str
) -> tuple[str, Sequence[PupilMark]]:
    """The teacher's name, and the pupils behind a figure of hers; raises NotFound."""
    name = _name(actor, teacher_id)
    values = _values(teacher_id, start, until) | {"year": year, "code": code, "subject": subject}
    with connection.cursor() as cursor:
        cursor.execute(_PUPILS, values)
        rows = cursor.fetchall()
    return name, [
        PupilMark(
            course_id,
            pupil_id,
            f"{surname} {first}",
            schedule.with_part(f"{grade}{letter}", group),
            schedule.subject_title(Titled(subject_code, own_name, kind)),
            mark,
        )
        for course_id, subject_code, own_name, kind, group, grade, letter, mark, pupil_id, surname, first in rows
        if is_picked(pick, None if mark == "na" else mark, is_final=True)
    ]
