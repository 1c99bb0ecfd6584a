"""Marks of a year: of one journal for its teacher, and pupils with a 2 for the deputy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, F, IntegerField, Q, QuerySet
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Collate

from kernel import clock, search
from kernel.access import Actor, Scope, require
from kernel.names import KK_COLLATION, PersonName, fold
from modules.contingent import api as contingent
from modules.journal import permissions, rules
from modules.journal import queries as journals
from modules.journal.models import PeriodMark, YearMark
from modules.journal.rules import Outcome, Period, YearMarks
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo
from tenants import reference

# --- one journal


@dataclass(frozen=True, slots=True)
class YearRow:
    """A pupil's year in a course; `final` stands in brackets on the page until all periods are marked."""

    pupil_id: UUID
    name: str
    periods: tuple[str | None, ...]
    annual: str | None
    is_whole: bool
    later: dict[str, str]
    final: str | None


@dataclass(frozen=True, slots=True)
class YearSheet:
    course: CourseInfo
    periods: list[PeriodInfo]
    rows: list[YearRow]
    is_pass_or_fail: bool
    has_exam: bool
    may_write: bool

    @property
    def has_twos(self) -> bool:
        return any(row.annual == "2" for row in self.rows)


def sheet(*, actor: Actor, course: CourseInfo) -> YearSheet:
    """The year of a journal. The caller got the course from `open_course`."""
    options = journals.school_options()
    rule = journals.rule_of(course, options)
    is_pass_or_fail = rule.mode is rules.Mode.PASS_FAIL
    periods = schedule.periods(year=course.year, kind=course.period_kind)
    if not periods:
        return YearSheet(course, [], [], is_pass_or_fail, has_exam=False, may_write=False)
    start, end = periods[0].start, periods[-1].end
    terms = contingent.terms_in_class(actor=actor, class_id=course.school_class_id, start=start, end=end)
    group = schedule.members_between(course_id=course.id, start=start, end=end)
    given: dict[UUID, dict[Period, str]] = defaultdict(dict)
    marked = PeriodMark.objects.filter(pupil_id__in=[one.id for one in terms], final__isnull=False)
    # Those of the class before count too, as on the report card.
    for pupil, kind, number, mark in (
        marked.filter(_counted(course))
        .order_by("set_at")
        .values_list("pupil_id", "period__kind", "period__number", "final")
    ):
        given[pupil][kind, number] = mark or ""
    ends = [one.end for one in schedule.periods(year=course.year, kind="quarter")]
    later: dict[UUID, dict[str, str]] = defaultdict(dict)
    for pupil, kind, mark in YearMark.objects.filter(course_id=course.id).values_list(
        "pupil_id", "kind", "mark"
    ):
        if mark is not None:
            later[pupil][kind] = mark
    began: dict[UUID, date] = {}
    for one in terms:
        since = one.since or start
        began[one.id] = min(since, began.get(one.id, since))
    rows = [
        _row(
            one,
            [given[one.id].get((p.kind, p.number)) for p in periods],
            YearMarks.of(
                given[one.id], later[one.id], first_quarter=rules.first_quarter(ends, began[one.id])
            ),
            later[one.id],
            rule,
        )
        for one in {one.id: one for one in terms}.values()
        if group is None or one.id in group
    ]
    scopes = actor.scopes(permissions.SET_MARKS)
    own = actor.person_id is not None and course.teacher_id == actor.person_id
    return YearSheet(
        course,
        periods,
        rows,
        is_pass_or_fail,
        rules.takes_exams(course.grade) and rule.mode is rules.Mode.POINTS,
        Scope.SCHOOL in scopes or (Scope.OWN_LESSONS in scopes and own),
    )


def _counted(course: CourseInfo) -> Q:
    """Whose marks make the year: of the subject in all classes of the year; what has its own name stands alone."""
    if course.part not in ("core", "home"):
        return Q(course_id=course.id)
    return Q(
        course__year=course.year, course__subject_code=course.subject_code, course__kind__in=("core", "home")
    )


def _row(
    one: Any, periods: Sequence[str | None], marks: YearMarks, later: dict[str, str], rule: rules.Rule
) -> YearRow:
    annual, final = marks.annual, marks.final(rule.options)
    if rule.mode is rules.Mode.PASS_FAIL:
        annual = final = rules.annual_pass(periods, rule.options)
    return YearRow(one.id, one.list_name, tuple(periods), annual, marks.is_whole, later, final)


# --- pupils with a 2

# Whoever has a 2 anywhere in the year: only such a pupil can have one for the year. His later class counts.
_MARKS = """
SELECT p.pupil_id, c.subject_code, t.kind, t.number, p.final, p.id,
       (SELECT min(m.since) FROM contingent_membership m WHERE m.pupil_id = p.pupil_id AND m.year = t.year) FROM journal_periodmark p
JOIN schedule_period t ON t.id = p.period_id JOIN schedule_course c ON c.id = p.course_id
WHERE t.year = %(year)s AND p.final IS NOT NULL
  AND p.pupil_id IN (SELECT x.pupil_id FROM journal_periodmark x JOIN schedule_period y ON y.id = x.period_id
                     WHERE y.year = %(year)s AND x.final = '2')
  AND EXISTS (SELECT FROM contingent_membership m WHERE m.pupil_id = p.pupil_id AND m.year = %(year)s
              AND m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s))
ORDER BY p.set_at, p.id
"""
_LATER = """
SELECT y.pupil_id, c.subject_code, y.kind, y.mark FROM journal_yearmark y JOIN schedule_course c ON c.id = y.course_id
WHERE c.year = %(year)s AND y.mark IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Failing:
    """A pupil with a 2 for the year, or on the way to one: subjects, and what follows if it stays so."""

    outcome: Outcome
    subjects: tuple[str, ...]
    is_whole: bool


def failing(*, year: str) -> dict[UUID, tuple[UUID, Failing]]:
    """By pupil: the row that stands for him in a list, and how it is. Two statements for a school."""
    options = journals.school_options()
    quarters = schedule.periods(year=year, kind="quarter")
    # On which day a pupil is the school's: today, of a year gone by its last day.
    day = min([clock.today(), *(one.end for one in quarters[-1:])])
    given: dict[UUID, dict[str, dict[tuple[str, int], str]]] = defaultdict(lambda: defaultdict(dict))
    later: dict[tuple[UUID, str], dict[str, str]] = defaultdict(dict)
    stands: dict[UUID, UUID] = {}
    began: dict[UUID, date] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, {"year": year, "day": day})
        for pupil, subject, kind, number, final, key, since in cursor.fetchall():
            began[pupil] = since
            given[pupil][subject][kind, number] = final
            stands[pupil] = max(key, stands.get(pupil, key))
        cursor.execute(_LATER, {"year": year})
        for pupil, subject, kind, mark in cursor.fetchall():
            later[pupil, subject][kind] = mark
    found = {}
    for pupil, subjects in given.items():
        first = rules.first_quarter((one.end for one in quarters), began[pupil])
        marks = {
            code: YearMarks.of(cells, later[pupil, code], first_quarter=first)
            for code, cells in subjects.items()
        }
        outcome = rules.outcome(marks, options)
        if outcome is None:
            continue
        twos = rules.failed(marks)
        whole = all(marks[code].is_whole for code in twos)
        found[pupil] = (stands[pupil], Failing(outcome, tuple(twos), whole))
    return found


_PUPIL = "(SELECT u.{what} FROM contingent_pupil u WHERE u.id = journal_periodmark.pupil_id)"
_CLASS = (
    "(SELECT k.{what} FROM contingent_membership m JOIN contingent_schoolclass k ON k.id = m.school_class_id"
    " WHERE m.pupil_id = journal_periodmark.pupil_id AND m.year = k.year AND k.year = %s"
    " ORDER BY m.since DESC LIMIT 1)"
)
BY_NAME: tuple[Combinable, ...] = (Collate(F("surname"), KK_COLLATION), Collate(F("name"), KK_COLLATION))
BY_CLASS: tuple[Combinable, ...] = (F("class_grade"), Collate(F("class_letter"), KK_COLLATION), *BY_NAME)


@dataclass(frozen=True, slots=True)
class FailingLine:
    """A pupil of the list."""

    row: Any
    how: Failing

    @property
    def name(self) -> str:
        return PersonName(self.row.surname, self.row.name, self.row.patronymic).full

    @property
    def class_label(self) -> str:
        return f"{self.row.class_grade or ''}{self.row.class_letter or ''}"

    @property
    def subjects(self) -> list[str]:
        known = reference.subjects()
        return [str(known[code].name) if code in known else code for code in self.how.subjects]


def failing_rows(actor: Actor, year: str) -> QuerySet[PeriodMark]:
    """One row a pupil with a 2 for the year so far."""
    require(actor, permissions.YEAR_RESULTS)
    rows = PeriodMark.objects.filter(pk__in=[key for key, __ in failing(year=year).values()])
    names = {
        "surname": RawSQL(_PUPIL.format(what="surname"), [], CharField()),  # noqa: S611 - constant texts
        "name": RawSQL(_PUPIL.format(what="name"), [], CharField()),  # noqa: S611
        "patronymic": RawSQL(_PUPIL.format(what="patronymic"), [], CharField()),  # noqa: S611
        "class_grade": RawSQL(_CLASS.format(what="grade"), [year], IntegerField()),  # noqa: S611
        "class_letter": RawSQL(_CLASS.format(what="letter"), [year], CharField()),  # noqa: S611
    }
    return rows.select_related("period").annotate(**names)


def failing_lines(rows: Sequence[Any], _actor: Actor) -> list[FailingLine]:
    if not rows:
        return []
    found = failing(year=rows[0].period.year)
    return [FailingLine(row, found[row.pupil_id][1]) for row in rows if row.pupil_id in found]


def called(rows: QuerySet[PeriodMark], text: str, _actor: Actor) -> QuerySet[PeriodMark]:
    """By name or class."""
    wanted = search.words(text)
    keys = []
    row: Any
    for row in rows.order_by():
        said = fold(f"{row.surname} {row.name} {row.class_grade}{row.class_letter}")
        if all(any(reading in said for reading in word) for word in wanted):
            keys.append(row.pk)
    return rows.filter(pk__in=keys)


def of_outcome(rows: QuerySet[PeriodMark], code: str) -> QuerySet[PeriodMark]:
    first = rows.order_by().first()
    if first is None:
        return rows
    found = failing(year=first.period.year)
    return rows.filter(pk__in=[key for key, how in found.values() if how.outcome == code])
