"""Counting of marks and absences by class and subject: one statement each, for dashboards and rollups.

A pupil counts where he is on the last day of the period (today, while it runs), unless it was decided otherwise where
he is attested. His mark is the final one, or before
it the recommended one or the forecast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotAllowed
from modules.journal import permissions, rules
from modules.journal.data import AttendanceCounts, ClassStanding, ClassSubjectCounts
from modules.journal.queries.choices import rule_of_subject, school_options
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo
from tenants import reference


@dataclass(slots=True)
class Standing:
    """One pupil in one course: his mark, final or forecast; None when he has none or is not assessed."""

    course_id: UUID
    school_class_id: UUID
    subject_code: str
    mode: rules.Mode
    pupil_id: UUID
    mark: str | None
    is_final: bool


_STANDINGS = """
WITH course AS (
  SELECT c.id, c.school_class_id, c.subject_code, c.hours_per_week::float8 AS hours, k.grade, c.kind AS part,
         k.kind AS class_kind
  FROM schedule_course c JOIN contingent_schoolclass k ON k.id = c.school_class_id
  WHERE c.year = %(year)s AND (%(classes)s::uuid[] IS NULL OR c.school_class_id = ANY(%(classes)s))
    AND c.id = ANY(%(courses)s)
), decision AS (
  SELECT pupil_id, attested_here FROM contingent_perioddecision WHERE year = %(year)s AND quarter = %(quarter)s
), member AS (
  SELECT m.school_class_id, m.pupil_id FROM contingent_membership m
  JOIN contingent_pupil p ON p.id = m.pupil_id AND p.removed_at IS NULL
  WHERE m.school_class_id IN (SELECT school_class_id FROM course)
    AND m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s)
    AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.pupil_id = m.pupil_id AND NOT d.attested_here)
  UNION ALL
  SELECT l.school_class_id, l.pupil_id FROM (
    SELECT DISTINCT ON (m.pupil_id) m.school_class_id, m.pupil_id, m.until
    FROM decision d JOIN contingent_membership m ON m.pupil_id = d.pupil_id AND d.attested_here
    JOIN contingent_pupil p ON p.id = m.pupil_id AND p.removed_at IS NULL
    WHERE m.since <= %(day)s ORDER BY m.pupil_id, m.since DESC
  ) l WHERE l.until < %(day)s AND l.school_class_id IN (SELECT school_class_id FROM course)
), home AS (
  SELECT pupil_id FROM contingent_homeschooling WHERE since <= %(day)s AND (until IS NULL OR until >= %(day)s)
), final AS (
  SELECT course_id, pupil_id, final FROM journal_periodmark WHERE period_id = %(period)s AND final IS NOT NULL
), part AS (
  SELECT l.course_id, m.pupil_id,
         coalesce(sum(m.points) FILTER (WHERE m.kind = 'fo'), 0)::int AS fo,
         count(*) FILTER (WHERE m.kind = 'fo')::int AS fo_n,
         coalesce(sum(m.points) FILTER (WHERE m.kind = 'sor'), 0)::int AS sor,
         coalesce(sum(w.maximum) FILTER (WHERE m.kind = 'sor'), 0)::int AS sor_max,
         count(*) FILTER (WHERE m.kind = 'sor')::int AS sor_n,
         coalesce(sum(100.0 * m.points / w.maximum) FILTER (WHERE m.kind = 'sor'), 0)::float8 AS sor_percents,
         coalesce(sum(m.points) FILTER (WHERE m.kind = 'soch'), 0)::int AS soch,
         coalesce(sum(w.maximum) FILTER (WHERE m.kind = 'soch'), 0)::int AS soch_max
  FROM schedule_lesson l
  JOIN journal_mark m ON m.lesson_id = l.id AND m.points IS NOT NULL
  LEFT JOIN journal_summativework w ON w.lesson_id = l.id AND w.kind = m.kind
  WHERE l.course_id IN (SELECT id FROM course) AND l.date BETWEEN %(start)s AND %(end)s
    AND (m.kind = 'fo' OR w.id IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM final f WHERE f.course_id = l.course_id AND f.pupil_id = m.pupil_id)
  GROUP BY l.course_id, m.pupil_id
)
SELECT c.id, c.school_class_id, c.subject_code, c.hours, c.grade, c.part, c.class_kind, b.pupil_id, f.final,
       p.fo, p.fo_n, p.sor, p.sor_max, p.sor_n, p.sor_percents, p.soch, p.soch_max
FROM course c JOIN member b ON b.school_class_id = c.school_class_id
LEFT JOIN final f ON f.course_id = c.id AND f.pupil_id = b.pupil_id
LEFT JOIN part p ON p.course_id = c.id AND p.pupil_id = b.pupil_id
WHERE (NOT EXISTS (SELECT 1 FROM schedule_groupmember g WHERE g.course_id = c.id AND g.since <= %(day)s)
   OR EXISTS (SELECT 1 FROM schedule_groupmember g WHERE g.course_id = c.id AND g.pupil_id = b.pupil_id
                AND g.since <= %(day)s AND (g.until IS NULL OR g.until >= %(day)s)))
  AND (f.final IS NOT NULL OR c.part NOT IN ('core', 'variable') OR b.pupil_id NOT IN (SELECT pupil_id FROM home))
"""


def _standings(actor: Actor, year: str, period_code: str, class_ids: Iterable[UUID] | None) -> list[Standing]:
    """Everybody's mark in every assessed subject of the period's kind. Needs the right to all journals."""
    if not actor.reaches_school(permissions.VIEW):
        raise NotAllowed
    period = schedule.period_by_code(year=year, code=period_code)
    if period is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, subject_code, hours_per_week::float8 FROM schedule_course WHERE year = %s", [year]
        )
        courses = [
            key for key, subject, hours in cursor.fetchall() if period_kind(subject, hours) == period.kind
        ]
    return standings_of(period=period, course_ids=courses, class_ids=class_ids)


def standings_of(
    *, period: PeriodInfo, course_ids: Iterable[UUID], class_ids: Iterable[UUID] | None = None
) -> list[Standing]:
    """Everybody's mark in the courses, which are marked in such periods; one statement. The caller has checked the
    right to the courses."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDINGS,
            {
                "year": period.year,
                "classes": None if class_ids is None else list(class_ids),
                "courses": list(course_ids),
                "day": counted_on(period),
                "period": period.id,
                "quarter": period.last_quarter,
                "start": period.start,
                "end": period.end,
            },
        )
        rows = cursor.fetchall()
    options = school_options()
    known: dict[tuple[str, int, str, str], rules.Rule] = {}
    return [one for row in rows if (one := _standing(period.year, row, options, known)) is not None]


def counted_on(period: PeriodInfo) -> date:
    """The day by which pupils of a period are counted: its last one, today while it runs."""
    return min(period.end, max(period.start, clock.today()))


def period_kind(subject_code: str, hours: float) -> str:
    """Whether the subject, at so many hours a week, is marked by quarters or by half-years."""
    subject = reference.subjects().get(subject_code)
    return rules.period_kind(half_year_when_1h=subject.half_year_when_1h if subject else True, hours=hours)


def _standing(
    year: str,
    row: tuple[Any, ...],
    options: rules.Options,
    known: dict[tuple[str, int, str, str], rules.Rule],
) -> Standing | None:
    course_id, class_id, code, hours, grade, part, class_kind, pupil_id, final, *figures = row
    rule = known.get((code, grade, part, class_kind))
    if rule is None:
        rule = known[code, grade, part, class_kind] = rule_of_subject(
            year=year,
            subject_code=code,
            grade=grade,
            hours=hours,
            options=options,
            part=part,
            class_kind=class_kind,
        )
    if rule.mode is rules.Mode.NONE or final == "exempt":
        return None
    mark = final
    if final is None and figures[0] is not None:
        mark = rules.recommend(rules.Parts(*figures), rule).mark
    return Standing(
        course_id, class_id, code, rule.mode, pupil_id, None if mark == "na" else mark, final is not None
    )


def mark_counts(
    *, actor: Actor, year: str, period_code: str, class_ids: Iterable[UUID] | None = None
) -> list[ClassSubjectCounts]:
    """How the pupils of each class stand in each subject marked in the period ("q1" … "h2"); two statements."""
    require(actor, permissions.VIEW)
    table: dict[tuple[UUID, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in _standings(actor, year, period_code, class_ids):
        row = table[one.school_class_id, one.subject_code]
        row["pupils"] += 1
        row[one.mark or "na"] += 1
        if one.mark and not one.is_final:
            row["forecast"] += 1
    return [
        ClassSubjectCounts(
            school_class_id=class_id,
            subject_code=code,
            pupils=row["pupils"],
            n5=row["5"],
            n4=row["4"],
            n3=row["3"],
            n2=row["2"],
            na=row["na"],
            passed=row["pass"],
            failed=row["fail"],
            forecast=row["forecast"],
        )
        for (class_id, code), row in table.items()
    ]


def class_standings(
    *, actor: Actor, year: str, period_code: str, class_ids: Iterable[UUID] | None = None
) -> list[ClassStanding]:
    """How many pupils of each class are excellent, good and so on over all subjects with marks; two statements."""
    require(actor, permissions.VIEW)
    marks: dict[UUID, dict[UUID, list[str | None]]] = defaultdict(lambda: defaultdict(list))
    for one in _standings(actor, year, period_code, class_ids):
        if one.mode is rules.Mode.POINTS:
            marks[one.school_class_id][one.pupil_id].append(one.mark)
    answer = []
    for class_id, pupils in marks.items():
        row: dict[str, int] = defaultdict(int)
        for got in pupils.values():
            row[_group(got)] += 1
        answer.append(
            ClassStanding(
                class_id,
                len(pupils),
                row["excellent"],
                row["good"],
                row["satisfactory"],
                row["failing"],
                row["not_assessed"],
            )
        )
    return answer


def _group(marks: list[str | None]) -> str:
    given = [m for m in marks if m]
    if "2" in given:
        return "failing"
    if not given:
        return "not_assessed"
    if len(given) < len(marks):
        return "not_assessed"
    if "3" in given:
        return "satisfactory"
    return "good" if "4" in given else "excellent"


_ATTENDANCE = """
WITH held AS (
  SELECT l.school_class_id, count(*)::int AS lessons
  FROM schedule_lesson l
  JOIN contingent_membership m ON m.school_class_id = l.school_class_id AND m.since <= l.date
    AND (m.until IS NULL OR m.until >= l.date)
    AND NOT EXISTS (SELECT FROM contingent_homeschooling s WHERE s.pupil_id = m.pupil_id
      AND s.since <= l.date AND (s.until IS NULL OR s.until >= l.date))
  WHERE l.date BETWEEN %(start)s AND %(end)s AND l.state = 'held' AND l."group" <= 1
    AND (%(classes)s::uuid[] IS NULL OR l.school_class_id = ANY(%(classes)s))
  GROUP BY 1
), missed AS (
  SELECT l.school_class_id, a.code, count(*)::int AS n
  FROM journal_absence a JOIN schedule_lesson l ON l.id = a.lesson_id
  WHERE l.date BETWEEN %(start)s AND %(end)s AND a.code IS NOT NULL
    AND (%(classes)s::uuid[] IS NULL OR l.school_class_id = ANY(%(classes)s))
  GROUP BY 1, 2
)
SELECT h.school_class_id, h.lessons,
       coalesce(sum(m.n) FILTER (WHERE m.code = 'unexcused'), 0)::int,
       coalesce(sum(m.n) FILTER (WHERE m.code = 'excused'), 0)::int,
       coalesce(sum(m.n) FILTER (WHERE m.code = 'ill'), 0)::int,
       coalesce(sum(m.n) FILTER (WHERE m.code = 'late'), 0)::int
FROM held h LEFT JOIN missed m ON m.school_class_id = h.school_class_id
GROUP BY h.school_class_id, h.lessons
"""


def attendance_counts(
    *, actor: Actor, start: date, end: date, class_ids: Iterable[UUID] | None = None
) -> list[AttendanceCounts]:
    """Lessons missed in each class between the days, not beyond today; one statement. Needs all journals."""
    require(actor, permissions.VIEW)
    if not actor.reaches_school(permissions.VIEW):
        raise NotAllowed
    with connection.cursor() as cursor:
        cursor.execute(
            _ATTENDANCE,
            {
                "start": start,
                "end": min(end, clock.today()),
                "classes": None if class_ids is None else list(class_ids),
            },
        )
        return [AttendanceCounts(*row) for row in cursor.fetchall()]
