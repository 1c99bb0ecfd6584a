"""On what a report stands: the period, and the courses of which the asking person may see reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import DomainError
from kernel.names import PersonName, kazakh_order
from modules.journal import permissions, rules
from modules.journal.queries.choices import rule_of_subject, school_options
from modules.journal.queries.figures import counted_on, period_kind
from modules.journal.reports.data import YEAR_CODE
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo
from tenants import reference


class NoPeriods(DomainError):
    message = gettext_lazy("The quarters of this year are not set yet.")
    code = "no_periods"


@dataclass(frozen=True, slots=True)
class Span:
    """What a report is for: a quarter with the half-year that ends with it, or the year."""

    code: str
    year: str
    label: str
    start: date
    end: date
    day: date
    parts: tuple[PeriodInfo, ...]

    @property
    def is_year(self) -> bool:
        return self.code == YEAR_CODE

    @property
    def until(self) -> date:
        """The last day that has been."""
        return min(self.end, clock.today())

    def part_of(self, course: CourseOf) -> PeriodInfo | None:
        """The period in which the course is marked; of the year, the last one."""
        return next((one for one in reversed(self.parts) if one.kind == course.period_kind), None)


@dataclass(frozen=True, slots=True)
class CourseOf:
    """A course as reports see it, with whoever had it on the last day of the period."""

    id: UUID
    school_class_id: UUID
    grade: int
    class_label: str
    subject_code: str
    subject: str
    group: int
    part: str
    class_kind: str
    hours: float
    teacher_id: UUID | None
    teacher: str
    is_own: bool

    @property
    def period_kind(self) -> str:
        return period_kind(self.subject_code, self.hours)

    @property
    def whose(self) -> str:
        return schedule.with_part(self.class_label, self.group)


def spans_of(*, year: str, with_year: bool = True) -> list[Span]:
    """The quarters of the year, each with the half-year that ends with it, and the year; raises NoPeriods."""
    known = schedule.periods(year=year)
    quarters = [one for one in known if one.kind == "quarter"]
    if not quarters:
        raise NoPeriods
    halves = {one.last_quarter: one for one in known if one.kind == "half_year"}
    found = []
    for one in quarters:
        half = halves.get(one.number)
        parts = (one,) if half is None else (one, half)
        found.append(Span(one.code, year, one.label, one.start, one.end, counted_on(one), parts))
    if with_year:
        first, last = quarters[0], quarters[-1]
        label = str(_("School year"))
        found.append(Span(YEAR_CODE, year, label, first.start, last.end, counted_on(last), tuple(known)))
    return found


def span_of(*, year: str, code: str, with_year: bool = True) -> tuple[Span, list[Span]]:
    """The asked period, or the running one, and those beside it."""
    known = spans_of(year=year, with_year=with_year)
    found = next((one for one in known if one.code == code), None)
    if found is None:
        begun = [one for one in known if not one.is_year and one.start <= clock.today()]
        found = begun[-1] if begun else known[0]
    return found, known


_COURSES = """
SELECT c.id, c.school_class_id, k.grade, k.letter, c.subject_code, c.name, c.kind, c."group",
       k.kind AS class_kind, c.hours_per_week::float8, e.id, e.surname, e.name, e.patronymic,
       coalesce(e.id = %(person)s, false) AS is_own
FROM schedule_course c JOIN contingent_schoolclass k ON k.id = c.school_class_id
LEFT JOIN LATERAL (
  SELECT t.teacher_id FROM schedule_courseteacher t WHERE t.course_id = c.id
    AND (t.since IS NULL OR t.since <= %(day)s) AND (t.until IS NULL OR t.until >= %(day)s) LIMIT 1
) had ON true
LEFT JOIN staff_employee e ON e.id = coalesce(had.teacher_id, c.teacher_id)
WHERE c.year = %(year)s AND (%(all)s OR (%(lessons)s AND e.id = %(person)s) OR (%(classes)s AND EXISTS (
  SELECT FROM contingent_charge h WHERE h.school_class_id = c.school_class_id AND h.employee_id = %(person)s
    AND h.since <= %(today)s AND (h.until IS NULL OR h.until >= %(day)s))))
ORDER BY k.grade, k.letter COLLATE "kk-x-icu", c."group", c.id
"""


def courses_of(*, actor: Actor, span: Span) -> list[CourseOf]:
    """Courses of the year whose journals the actor answers for: all, one's own, those of one's class; one statement.

    The teacher is the one who had the course on the last day of the period, so that a report of last year stays.
    """
    scopes = require(actor, permissions.VIEW)
    return _courses(
        span,
        actor.person_id,
        all=Scope.SCHOOL in scopes,
        lessons=Scope.OWN_LESSONS in scopes and actor.person_id is not None,
        classes=Scope.OWN_CLASS in scopes and actor.person_id is not None,
    )


def courses_of_teacher(*, span: Span, teacher_id: UUID) -> list[CourseOf]:
    """Courses that the teacher had on the last day of the period. The caller has checked the right; one statement."""
    return _courses(span, teacher_id, lessons=True)


def _courses(span: Span, person_id: UUID | None, **reach: bool) -> list[CourseOf]:
    values: dict[str, Any] = {
        "year": span.year,
        "day": span.day,
        "today": clock.today(),
        "person": person_id,
        **dict.fromkeys(("all", "lessons", "classes"), False),
        **reach,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COURSES, values)
        rows = cursor.fetchall()
    order = {code: place for place, code in enumerate(reference.subjects())}
    found = [_course(_Row(*row)) for row in rows]
    place = {one.id: n for n, one in enumerate(found)}
    found.sort(
        key=lambda c: (c.grade, kazakh_order(c.class_label), order.get(c.subject_code, 999), place[c.id])
    )
    return found


class Titled(NamedTuple):
    """What a subject's title is made of."""

    subject_code: str
    name: str
    kind: str


class _Row(NamedTuple):
    id: UUID
    school_class_id: UUID
    grade: int
    letter: str
    subject_code: str
    name: str
    kind: str
    group: int
    class_kind: str
    hours: float
    teacher_id: UUID | None
    teacher_surname: str | None
    teacher_name: str
    teacher_patronymic: str
    is_own: bool


def _course(row: _Row) -> CourseOf:
    teacher = ""
    if row.teacher_surname:
        teacher = PersonName(row.teacher_surname, row.teacher_name, row.teacher_patronymic).short
    return CourseOf(
        id=row.id,
        school_class_id=row.school_class_id,
        grade=row.grade,
        class_label=f"{row.grade}{row.letter}",
        subject_code=row.subject_code,
        subject=schedule.subject_title(row),
        group=row.group,
        part=row.kind,
        class_kind=row.class_kind,
        hours=row.hours,
        teacher_id=row.teacher_id,
        teacher=teacher,
        is_own=row.is_own,
    )


def rules_of(courses: Iterable[CourseOf], year: str) -> dict[UUID, rules.Rule]:
    """By which rule each course is marked; asks no query."""
    options = school_options()
    return {
        one.id: rule_of_subject(
            year=year,
            subject_code=one.subject_code,
            grade=one.grade,
            hours=one.hours,
            options=options,
            part=one.part,
            class_kind=one.class_kind,
        )
        for one in courses
    }


def names_of_pupils(ids: list[UUID]) -> dict[UUID, str]:
    """Surname and name of pupils whom the caller may see; one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, surname, name FROM contingent_pupil WHERE id = ANY(%s)", [ids])
        return {key: f"{surname} {name}" for key, surname, name in cursor.fetchall()}
