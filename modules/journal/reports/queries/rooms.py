"""A class's quarter: who is excellent, who has one 4 or one 3, who fails; attendance; who came and who left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from kernel.names import PersonName
from modules.journal import permissions
from modules.journal.data import AbsenceCode
from modules.journal.reports.models import ClassConclusion
from modules.journal.reports.queries.achievement import Given, given_marks
from modules.journal.reports.queries.ground import Span, Titled, courses_of
from modules.schedule import api as schedule

GROUPS: dict[str, Any] = {
    "excellent": _("Excellent pupils"),
    "one_four": _("With one “4”"),
    "good": _("Good pupils"),
    "one_three": _("With one “3”"),
    "satisfactory": _("With “3”"),
    "failing": _("Failing pupils"),
    "not_assessed": _("Not assessed in all subjects"),
}
# Of whom it is worth naming the subjects that hold them back.
_HELD_BACK: dict[str, set[str | None]] = {
    "one_four": {"4"},
    "one_three": {"3"},
    "failing": {"2", "fail"},
    "not_assessed": {None},
}


def group_of(marks: Sequence[str | None]) -> str:
    """Where a pupil with such marks in his subjects stands; a 2 weighs more than a mark that is missing."""
    if "2" in marks or "fail" in marks:
        return "failing"
    numbers = [one for one in marks if one in {"3", "4", "5"}]
    if not numbers or None in marks:
        return "not_assessed"
    threes, fours = numbers.count("3"), numbers.count("4")
    if threes:
        return "one_three" if threes == 1 else "satisfactory"
    if fours:
        return "one_four" if fours == 1 else "good"
    return "excellent"


@dataclass(frozen=True, slots=True)
class ClassOf:
    """A class, whether the actor writes its conclusion, and when the one of the period was written."""

    id: UUID
    label: str
    teacher: str
    concludes: bool
    concluded_at: datetime | None


_CLASSES = """
SELECT k.id, k.grade, k.letter, own.leads, w.changed_at, e.surname, e.name, e.patronymic
FROM contingent_schoolclass k
LEFT JOIN journal_classconclusion w ON w.school_class_id = k.id AND w.period = %(period)s
CROSS JOIN LATERAL (SELECT EXISTS (
  SELECT FROM contingent_charge h WHERE h.school_class_id = k.id AND h.employee_id = %(person)s
    AND h.since <= %(today)s AND (h.until IS NULL OR h.until >= %(day)s)) AS leads) own
LEFT JOIN LATERAL (
  SELECT h.employee_id FROM contingent_charge h WHERE h.school_class_id = k.id AND h.duty = 'class_teacher'
    AND h.since <= %(day)s AND (h.until IS NULL OR h.until >= %(day)s) ORDER BY h.since DESC LIMIT 1
) had ON true
LEFT JOIN staff_employee e ON e.id = had.employee_id
WHERE k.year = %(year)s AND (%(all)s OR own.leads)
ORDER BY k.grade, k.letter COLLATE "kk-x-icu", k.id
"""


def classes_of(*, actor: Actor, span: Span) -> list[ClassOf]:
    """Classes of which the actor may see the report: all, or those in one's charge; with the class teacher then."""
    scopes = require(actor, permissions.VIEW)
    if Scope.SCHOOL not in scopes and Scope.OWN_CLASS not in scopes:
        return []
    values: dict[str, Any] = {
        "year": span.year,
        "day": span.day,
        "today": clock.today(),
        "all": Scope.SCHOOL in scopes,
        "person": actor.person_id,
        "period": span.code,
    }
    may_conclude = actor.may(permissions.CONCLUDE)
    with connection.cursor() as cursor:
        cursor.execute(_CLASSES, values)
        return [
            ClassOf(
                key,
                f"{grade}{letter}",
                PersonName(*name).full if name[0] else "",
                concludes=leads and may_conclude,
                concluded_at=at,
            )
            for key, grade, letter, leads, at, *name in cursor.fetchall()
        ]


def concluded_classes(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the classes of which a class teacher has written."""
    found = ClassConclusion.objects.filter(school_class_id__in=list(ids))
    return set(found.values_list("school_class_id", flat=True))


@dataclass(frozen=True, slots=True)
class InGroup:
    """A pupil of a group; `held_back` are the subjects to be named beside, with their teachers."""

    pupil_id: UUID
    name: str
    held_back: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """Lessons that a pupil of the class missed in the period, by reason."""

    pupil_id: UUID
    name: str
    by_reason: dict[str, int]

    @property
    def lessons(self) -> int:
        return sum(n for code, n in self.by_reason.items() if code != AbsenceCode.LATE)


@dataclass(frozen=True, slots=True)
class Moved:
    """A pupil who came to the class, was there or left, with the first or the last day."""

    pupil_id: UUID
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class ClassReport:
    school_class: ClassOf
    span: Span
    groups: dict[str, list[InGroup]]
    missed: list[Missed]
    at_start: list[Moved]
    arrived: list[Moved]
    left: list[Moved]
    at_end: list[Moved]
    is_forecast: bool
    said: ClassConclusion | None

    @property
    def pupils(self) -> set[UUID]:
        """Everybody whom the report names."""
        members = {one.pupil_id for one in (*self.at_start, *self.arrived)}
        grouped = {one.pupil_id for some in self.groups.values() for one in some}
        return members | grouped | {one.pupil_id for one in self.missed}

    def count(self, *groups: str) -> int:
        return sum(len(self.groups[one]) for one in groups)

    @property
    def assessed(self) -> int:
        return sum(len(pupils) for code, pupils in self.groups.items() if code != "not_assessed")

    @property
    def quality(self) -> float | None:
        """The share of pupils who have only 4 and 5."""
        good = self.count("excellent", "one_four", "good")
        return 100 * good / self.assessed if self.assessed else None

    @property
    def achievement(self) -> float | None:
        """The share of pupils who fail in nothing."""
        return 100 * (self.assessed - self.count("failing")) / self.assessed if self.assessed else None


_MEMBERS = """
SELECT p.id, p.surname, p.name, m.since, m.until, a.code, coalesce(a.n, 0)::int
FROM contingent_membership m JOIN contingent_pupil p ON p.id = m.pupil_id AND p.removed_at IS NULL
LEFT JOIN (
  SELECT x.pupil_id, x.code, count(*) AS n FROM journal_absence x JOIN schedule_lesson l ON l.id = x.lesson_id
  WHERE l.school_class_id = %(class)s AND l.date BETWEEN %(start)s AND %(until)s AND l.state = 'held'
    AND x.code IS NOT NULL
  GROUP BY 1, 2
) a ON a.pupil_id = p.id
WHERE m.school_class_id = %(class)s AND m.since <= %(until)s AND (m.until IS NULL OR m.until >= %(start)s)
ORDER BY p.surname, p.name, p.id, m.since, a.code
"""


def class_report(*, actor: Actor, span: Span, class_id: UUID) -> ClassReport:
    """The class teacher's report; at most six statements. Raises NotFound for a class that is not the actor's."""
    room = next((one for one in classes_of(actor=actor, span=span) if one.id == class_id), None)
    if room is None:
        raise NotFound
    courses = [one for one in courses_of(actor=actor, span=span) if one.school_class_id == class_id]
    marks: dict[UUID, list[Given]] = defaultdict(list)
    for one in given_marks(span=span, courses=courses):
        if one.is_points or one.mark is not None:
            marks[one.pupil_id].append(one)
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, {"class": class_id, "start": span.start, "until": span.until})
        rows = cursor.fetchall()
    names: dict[UUID, str] = {}
    terms: dict[UUID, dict[date, date | None]] = defaultdict(dict)
    reasons: dict[UUID, dict[str, int]] = defaultdict(dict)
    for key, surname, name, since, until, code, count in rows:
        names[key] = f"{surname} {name}"
        terms[key][since] = until
        if code is not None:
            reasons[key][code] = count

    def moved(key: UUID, day: date) -> Moved:
        return Moved(key, names[key], day)

    return ClassReport(
        school_class=room,
        span=span,
        groups=_groups(names, marks),
        missed=[Missed(key, name, reasons[key]) for key, name in names.items() if reasons[key]],
        at_start=[moved(key, day) for key, term in terms.items() if (day := min(term)) <= span.start],
        arrived=[moved(key, min(term)) for key, term in terms.items() if min(term) > span.start],
        left=[moved(key, gone) for key, term in terms.items() if (gone := _gone(term, span)) is not None],
        at_end=[moved(key, min(term)) for key, term in terms.items() if _gone(term, span) is None],
        is_forecast=any(not one.is_final and one.mark for own in marks.values() for one in own),
        said=ClassConclusion.objects.filter(school_class_id=class_id, period=span.code).first(),
    )


@dataclass(frozen=True, slots=True)
class MissedLesson:
    course_id: UUID
    pupil_id: UUID
    pupil: str
    day: date
    number: int
    subject: str
    code: str


_MISSED = """
SELECT c.id, p.id, p.surname, p.name, l.date, l.number, c.subject_code, c.name, c.kind, x.code
FROM journal_absence x JOIN schedule_lesson l ON l.id = x.lesson_id JOIN schedule_course c ON c.id = l.course_id
JOIN contingent_pupil p ON p.id = x.pupil_id AND p.removed_at IS NULL
WHERE l.school_class_id = %(class)s AND l.date BETWEEN %(start)s AND %(until)s AND l.state = 'held'
  AND (%(pupil)s::uuid IS NULL OR x.pupil_id = %(pupil)s)
  AND CASE WHEN %(code)s = '' THEN x.code <> 'late' ELSE x.code = %(code)s END
ORDER BY p.surname, p.name, p.id, l.date, l.number
"""


def lessons_missed(*, found: ClassReport, pupil_id: UUID | None, code: str) -> list[MissedLesson]:
    """Behind the counts of a report that the caller has read: of one pupil or all, for one reason or all but being late."""
    values: dict[str, Any] = {
        "class": found.school_class.id,
        "start": found.span.start,
        "until": found.span.until,
        "pupil": pupil_id,
        "code": code,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MISSED, values)
        return [
            MissedLesson(
                course,
                key,
                f"{surname} {name}",
                day,
                number,
                schedule.subject_title(Titled(*titled)),
                absence,
            )
            for course, key, surname, name, day, number, *titled, absence in cursor.fetchall()
        ]


def _gone(term: dict[date, date | None], span: Span) -> date | None:
    """The last day in the class, when it came before the period's last day so far."""
    until = term[max(term)]
    return until if until is not None and until < span.until else None


def _groups(names: dict[UUID, str], marks: dict[UUID, list[Given]]) -> dict[str, list[InGroup]]:
    found: dict[str, list[InGroup]] = {code: [] for code in GROUPS}
    for key, name in names.items():
        own = marks.get(key)
        if not own:
            continue
        group = group_of([one.mark for one in own])
        wanted = _HELD_BACK.get(group, set())
        held_back = tuple((one.course.subject, one.course.teacher) for one in own if one.mark in wanted)
        found[group].append(InGroup(key, name, held_back))
    return found
