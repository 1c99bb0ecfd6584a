"""A pupil's results of the running year by subject and period: what goes along to another school (form 14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import structlog
from django.db import connection
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access import Actor
from kernel.names import kazakh_order
from modules.journal import rules
from modules.journal.data import mark_text
from modules.journal.queries.journals import Row, rule_of
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo
from modules.transfers import api as transfers
from modules.transfers.data import in_language
from tenants import reference

log = structlog.get_logger(__name__)

# Marks stay where they were set: a pupil who changed the class inside the year has courses of both.
_COURSES = """
SELECT DISTINCT l.course_id FROM schedule_lesson l
WHERE l.date BETWEEN %(start)s AND %(until)s AND (
  EXISTS (SELECT 1 FROM journal_mark m WHERE m.lesson_id = l.id AND m.pupil_id = %(pupil)s AND m.points IS NOT NULL)
  OR EXISTS (SELECT 1 FROM journal_absence a WHERE a.lesson_id = l.id AND a.pupil_id = %(pupil)s AND a.code IS NOT NULL))
UNION
SELECT p.course_id FROM journal_periodmark p JOIN schedule_period t ON t.id = p.period_id
WHERE p.pupil_id = %(pupil)s AND p.final IS NOT NULL AND t.year = %(year)s
"""
_VALUES = """
SELECT 'mark', l.course_id, l.date, m.kind, m.points, coalesce(w.maximum, 10), NULL::uuid
FROM journal_mark m JOIN schedule_lesson l ON l.id = m.lesson_id
LEFT JOIN journal_summativework w ON w.lesson_id = l.id AND w.kind = m.kind
WHERE m.pupil_id = %(pupil)s AND m.points IS NOT NULL AND l.date BETWEEN %(start)s AND %(until)s
  AND (m.kind = 'fo' OR w.id IS NOT NULL)
UNION ALL
SELECT 'absence', l.course_id, l.date, a.code, NULL, NULL, NULL
FROM journal_absence a JOIN schedule_lesson l ON l.id = a.lesson_id
WHERE a.pupil_id = %(pupil)s AND a.code IS NOT NULL AND l.date BETWEEN %(start)s AND %(until)s
UNION ALL
SELECT 'final', p.course_id, NULL, p.final, NULL, NULL, p.period_id
FROM journal_periodmark p JOIN schedule_period t ON t.id = p.period_id
WHERE p.pupil_id = %(pupil)s AND p.final IS NOT NULL AND t.year = %(year)s
ORDER BY 3, 2
"""


def results_of_year(*, actor: Actor, pupil_id: UUID, on: date) -> dict[str, Any]:
    """Subjects with their periods so far: ФО, СОР and СОЧ with their maxima, the period mark; lessons missed.

    As JSON keeps it, with a version of its own. Empty when the year has no marks. For the product itself and for
    whoever prints the dossier; the caller has checked the right. Two statements besides those of names.
    """
    year = clock.school_year_of(on)
    periods = [p for p in schedule.periods(year=year) if p.start <= on]
    if not periods:
        return {}
    values: dict[str, Any] = {
        "pupil": pupil_id,
        "year": year,
        "start": min(p.start for p in periods),
        "until": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COURSES, values)
        wanted = {row[0] for row in cursor.fetchall()}
        cursor.execute(_VALUES, values)
        found = cursor.fetchall()
    courses = {c.id: c for c in schedule.courses(actor=actor, year=year) if c.id in wanted}
    subjects, missed = _by_subject(courses, periods, found), _missed(periods, found)
    if not subjects and not missed:
        return {}
    return {"version": 1, "year": year, "until": on.isoformat(), "subjects": subjects, "missed": missed}


def _by_subject(
    courses: dict[UUID, CourseInfo], periods: list[PeriodInfo], found: list[tuple[Any, ...]]
) -> list[dict[str, Any]]:
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    seen: dict[str, CourseInfo] = {}
    for what, course_id, day, kind, points, maximum, period_id in found:
        course = courses.get(course_id)
        if course is None or what == "absence":
            continue
        period = next(
            (
                p
                for p in periods
                if p.kind == course.period_kind and (p.id == period_id if what == "final" else day in p)
            ),
            None,
        )
        if period is None:
            continue
        seen[course.subject_code] = course
        key = (course.subject_code, period.code)
        row = kept.setdefault(key, {"fo": [], "sor": [], "soch": [], "final": None})
        if what == "final":
            row["final"] = kind
        elif kind == "fo":
            row["fo"].append(points)
        else:
            row[kind].append([points, maximum])
    answer = []
    for code, course in sorted(seen.items(), key=lambda pair: pair[1].subject):
        rows = []
        for period in periods:
            if (code, period.code) in kept:
                row = kept[code, period.code]
                said = rules.recommend(
                    rules.Parts.of(
                        fo=row["fo"], sor=[tuple(x) for x in row["sor"]], soch=[tuple(x) for x in row["soch"]]
                    ),
                    rule_of(course),
                )
                rows.append({"code": period.code, **row, "percent": said.percent})
        answer.append({"code": code, "hours": float(course.hours), "periods": rows})
    return answer


def _missed(periods: list[PeriodInfo], found: list[tuple[Any, ...]]) -> dict[str, dict[str, int]]:
    """Lessons missed by quarter and reason, whatever the subject's own periods are."""
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for what, __, day, code, *_more in found:
        quarter = next((p for p in periods if what == "absence" and p.kind == "quarter" and day in p), None)
        if quarter is not None:
            counted[quarter.code][code] += 1
    return {code: dict(reasons) for code, reasons in sorted(counted.items())}


# --- what a newcomer brought


@dataclass(frozen=True, slots=True)
class BroughtPeriod:
    """One period of a subject at another school, in the letters of a journal."""

    code: str
    fo: tuple[str, ...]
    sor: tuple[str, ...]
    soch: tuple[str, ...]
    percent: str
    final: str

    @property
    def label(self) -> str:
        return period_label(self.code)


@dataclass(frozen=True, slots=True)
class BroughtYear:
    """A year, or its beginning, at another school: subjects by code, and lessons missed by quarter and reason."""

    school: str
    year: str
    subjects: tuple[tuple[str, tuple[BroughtPeriod, ...]], ...]
    missed: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class CameWith:
    """A pupil of the class and the marks of this subject that he brought this year."""

    pupil_id: UUID
    name: str
    school: str
    arrived_on: date
    periods: tuple[BroughtPeriod, ...]


def period_label(code: str) -> str:
    """The name of "q2" or "h1" in the reader's language."""
    number = code[1:]
    return (_("Quarter {number}") if code[:1] == "q" else _("Half-year {number}")).format(number=number)


def schools_in(content: Mapping[str, Any]) -> list[BroughtYear]:
    """What stands in the part "journal.marks", the oldest school first.

    It came from elsewhere: raises ValueError, KeyError or TypeError when it is not what it should be.
    """
    if content["version"] != 1:
        raise ValueError("a later version")
    return [
        BroughtYear(
            school=in_language(str(one["school_kk"]), str(one["school_ru"])),
            year=str(one["year"]),
            subjects=tuple(
                (str(subject["code"]), tuple(_brought(row) for row in subject["periods"]))
                for subject in one["subjects"]
            ),
            missed={
                str(quarter): {str(code): int(count) for code, count in dict(reasons).items()}
                for quarter, reasons in dict(one["missed"]).items()
            },
        )
        for one in content["schools"]
    ]


def _brought(row: Mapping[str, Any]) -> BroughtPeriod:
    final, percent = row.get("final"), row.get("percent")
    return BroughtPeriod(
        code=str(row["code"]),
        fo=tuple(str(int(points)) for points in row["fo"]),
        sor=tuple(f"{int(points)}/{int(maximum)}" for points, maximum in row["sor"]),
        soch=tuple(f"{int(points)}/{int(maximum)}" for points, maximum in row["soch"]),
        percent="" if percent is None else f"{int(percent)}",
        final="" if final is None else mark_text(str(final)),
    )


def came_with(*, actor: Actor, course: CourseInfo, rows: Iterable[Row]) -> list[CameWith]:
    """Pupils of the journal who came from another school this year, with their marks of the subject there.

    The caller got the course from `open_course`. No statement when nobody came after the year began.
    """
    if not actor.may(transfers.permissions.BROUGHT):
        return []
    begun = reference.school_years().get(course.year)
    new = {
        UUID(row.pupil_id): row.name
        for row in rows
        if begun is not None and min(since for since, __ in row.terms) > begun.start
    }
    found = transfers.brought(actor=actor, pupil_ids=new, part=transfers.MARKS) if new else {}
    told = []
    for pupil_id, arrivals in found.items():
        for one in arrivals:
            try:
                schools = schools_in(one.content)
            except (ValueError, KeyError, TypeError):
                log.warning("journal.brought_unreadable", transfer=str(one.transfer_id))
                continue
            for school in schools:
                periods = next((rows for code, rows in school.subjects if code == course.subject_code), ())
                if school.year == course.year and periods:
                    told.append(CameWith(pupil_id, new[pupil_id], school.school, one.arrived_on, periods))
    return sorted(told, key=lambda one: (kazakh_order(one.name), one.arrived_on))
