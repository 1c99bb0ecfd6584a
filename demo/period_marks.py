"""Marks of the periods that are over, by the product's own rule; a few teachers decide otherwise and say why."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from kernel import clock
from kernel.ids import uuid7
from modules.journal import rules
from modules.journal.models import PeriodMark
from modules.schedule.models import Course, Period
from tenants import reference

PARTS = """
  SELECT l.course_id, m.pupil_id,
         coalesce(sum(m.points) FILTER (WHERE m.kind = 'fo'), 0), count(*) FILTER (WHERE m.kind = 'fo'),
         coalesce(sum(m.points) FILTER (WHERE m.kind = 'sor'), 0),
         coalesce(sum(w.maximum) FILTER (WHERE m.kind = 'sor'), 0), count(*) FILTER (WHERE m.kind = 'sor'),
         coalesce(sum(m.points) FILTER (WHERE m.kind = 'soch'), 0),
         coalesce(sum(w.maximum) FILTER (WHERE m.kind = 'soch'), 0)
  FROM journal_mark m JOIN schedule_lesson l ON l.id = m.lesson_id
  LEFT JOIN journal_summativework w ON w.lesson_id = l.id
  WHERE l.date BETWEEN %s AND %s AND l.course_id = ANY(%s) AND m.points IS NOT NULL
  GROUP BY l.course_id, m.pupil_id
"""
# Every so many-th mark differs from the recommended one, as it happens in life.
DIFFERS = 37
REASON = {"kk": "Тоқсан бойы айқын ілгерілеу", "ru": "Заметный рост в течение четверти"}


def write(*, year: str, today: date) -> int:
    """Decide every quarter and half-year that has ended; inside one transaction. Answers how many were written."""
    courses: dict[UUID, Course] = {c.id: c for c in Course.objects.filter(year=year)}
    grades = _grades(year)
    written = 0
    for period in Period.objects.filter(year=year, end__lt=today).order_by("start", "kind"):
        wanted: dict[UUID, rules.Rule] = {}
        passing: list[UUID] = []
        for course in courses.values():
            subject = reference.subject(course.subject_code)
            grade, _ = grades[course.school_class_id]
            kind = rules.period_kind(
                half_year_when_1h=subject.half_year_when_1h, hours=float(course.hours_per_week)
            )
            if kind != period.kind:
                continue
            mode = subject.mode_in(grade)
            if mode == "points":
                wanted[course.id] = rules.rule_for(
                    year=year, mode=mode, period=kind, has_sor=subject.has_sor, has_soch=subject.has_soch
                )
            elif mode == "passfail":
                passing.append(course.id)
        rows = [*_by_rule(period, wanted, courses, grades), *_passed(period, passing, courses)]
        PeriodMark.objects.bulk_create(rows, batch_size=3000)
        written += len(rows)
    return written


def _by_rule(
    period: Period,
    wanted: dict[UUID, rules.Rule],
    courses: dict[UUID, Course],
    grades: dict[UUID, tuple[int, str]],
) -> list[PeriodMark]:
    accounts = _accounts()
    rows = []
    with connection.cursor() as cursor:
        cursor.execute(PARTS, [period.start, period.end, list(wanted)])
        for course_id, pupil_id, *figures in cursor.fetchall():
            fo, fo_n, sor, sor_max, sor_n, soch, soch_max = (int(x) for x in figures)
            parts = rules.Parts(
                fo_points=fo,
                fo_count=fo_n,
                sor_points=sor,
                sor_maximum=sor_max,
                sor_count=sor_n,
                soch_points=soch,
                soch_maximum=soch_max,
                sor_planned=sor_n,
                soch_planned=1 if soch_max else 0,
            )
            said = rules.recommend(parts, wanted[course_id])
            if said.mark is None:
                continue
            final, reason = said.mark, ""
            if pupil_id.int % DIFFERS == course_id.int % DIFFERS and final in {"3", "4"}:
                final = str(int(final) + 1)
                reason = REASON[grades[courses[course_id].school_class_id][1]]
            rows.append(
                PeriodMark(
                    id=uuid7(),
                    course_id=course_id,
                    pupil_id=pupil_id,
                    period=period,
                    recommended=said.mark,
                    percent=said.total,
                    final=final,
                    reason=reason,
                    rule_version=said.version,
                    set_by=accounts.get(courses[course_id].teacher_id),
                )
            )
    return rows


def _passed(period: Period, course_ids: list[UUID], courses: dict[UUID, Course]) -> list[PeriodMark]:
    accounts = _accounts()
    members: dict[UUID, list[UUID]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT school_class_id, pupil_id FROM contingent_membership WHERE since <= %s AND coalesce(until, %s) >= %s",
            [period.end, period.end, period.end],
        )
        for class_id, pupil_id in cursor.fetchall():
            members[class_id].append(pupil_id)
    return [
        PeriodMark(
            id=uuid7(),
            course_id=course_id,
            pupil_id=pupil_id,
            period=period,
            recommended="pass",
            final="pass",
            rule_version="125-2022",
            set_by=accounts.get(courses[course_id].teacher_id),
        )
        for course_id in course_ids
        for pupil_id in members[courses[course_id].school_class_id]
    ]


# What everybody is examined in at the end of a level; the mark is mostly that of the year.
EXAMINED = ("kazakh_language", "algebra", "algebra_and_analysis", "history_of_kazakhstan")
_EXAMS = """
INSERT INTO journal_yearmark (id, course_id, pupil_id, kind, mark, version, set_by, set_at)
SELECT gen_random_uuid(), y.course_id, y.pupil_id, 'exam',
       greatest(3, least(5, y.mark + CASE abs(hashtextextended(y.pupil_id::text || y.course_id, 7)) %% 5
         WHEN 0 THEN -1 WHEN 1 THEN 1 ELSE 0 END))::text, 1, y.set_by, %(at)s
FROM (
  SELECT p.course_id, p.pupil_id, floor(avg(p.final::int) + 0.5)::int AS mark, max(p.set_by) AS set_by
  FROM journal_periodmark p JOIN schedule_course c ON c.id = p.course_id
  JOIN contingent_schoolclass k ON k.id = c.school_class_id
  WHERE c.year = %(year)s AND k.grade = ANY(%(grades)s) AND c.subject_code = ANY(%(subjects)s)
    AND p.final IN ('2', '3', '4', '5')
  GROUP BY 1, 2
) y
"""


def examine(*, year: str, today: date) -> int:
    """Exams of a year that is over; answers how many marks."""
    last = Period.objects.filter(year=year, kind="quarter").order_by("-end").first()
    if last is None or last.end >= today:
        return 0
    grades = [grade for grade in range(1, 13) if rules.takes_exams(grade)]
    values: dict[str, Any] = {
        "year": year,
        "grades": grades,
        "subjects": list(EXAMINED),
        "at": datetime.combine(last.end + timedelta(days=14), time(12), clock.ALMATY),
    }
    with connection.cursor() as cursor:
        cursor.execute(_EXAMS, values)
        return cursor.rowcount


def _grades(year: str) -> dict[UUID, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, grade, language FROM contingent_schoolclass WHERE year = %s", [year])
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def _accounts() -> dict[Any, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, id FROM identity_user WHERE person_id IS NOT NULL")
        return dict(cursor.fetchall())
