"""The journal of a class as a whole: its subjects, the summary of marks, who missed how much, and what was written in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo
from modules.journal import permissions, rules
from modules.journal.kinds import queries
from modules.journal.kinds.queries import Line
from modules.journal.kinds.rules import journal_of_course
from modules.journal.queries import at_home, rule_of, school_options
from modules.journal.rules import YearMarks
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo


def opened(*, actor: Actor, class_id: UUID) -> ClassInfo:
    """The class whose journal the actor reads as a whole: the leaders of the school and of the class. Else NotFound."""
    scopes = require(actor, permissions.VIEW)
    found = contingent.school_class(actor=actor, class_id=class_id)
    is_own = Scope.OWN_CLASS in scopes and actor.person_id in found.leader_ids
    if Scope.SCHOOL not in scopes and not is_own:
        raise NotFound
    return found


def courses(*, actor: Actor, school_class: ClassInfo) -> list[CourseInfo]:
    """All journals of the class, in the curriculum's order."""
    return schedule.courses(actor=actor, year=school_class.year, school_class_id=school_class.id)


# --- summary of marks


@dataclass(slots=True)
class PupilRow:
    """A pupil of the summary. `came` and `left` are told when they fall into the year."""

    pupil_id: UUID
    name: str
    came: date | None = None
    left: date | None = None
    # Marks by subject: those of the asked period, or of the year's periods in turn.
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    year: dict[str, YearMarks] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    code: str
    title: str
    short: str
    period_kind: str


@dataclass(frozen=True, slots=True)
class Summary:
    """`has_exams` when the grade takes them; `options` are the school's, for the year's marks."""

    subjects: tuple[Subject, ...]
    rows: tuple[PupilRow, ...]
    has_exams: bool
    options: rules.Options


_FINALS = """
SELECT c.subject_code, p.pupil_id, x.kind, x.number, p.final
FROM schedule_course c JOIN journal_periodmark p ON p.course_id = c.id AND p.final IS NOT NULL
JOIN schedule_period x ON x.id = p.period_id WHERE c.school_class_id = %s AND c.id = ANY(%s)
ORDER BY c.kind = 'home'
"""
_LATER = """
SELECT c.subject_code, y.pupil_id, y.kind, y.mark FROM schedule_course c
JOIN journal_yearmark y ON y.course_id = c.id AND y.mark IS NOT NULL WHERE c.school_class_id = %s AND c.id = ANY(%s)
ORDER BY c.kind = 'home'
"""


def summary(*, school_class: ClassInfo, of: Sequence[CourseInfo], rows: Sequence[PupilRow]) -> Summary:
    """The summary sheet (сводная ведомость): each pupil's marks of every period, by subject, and the year's.

    A child taught at home has his marks from his own journal, in the same column: where both have one, his own holds.
    """
    options = school_options()
    marked = [one for one in of if rule_of(one, options).mode is not rules.Mode.NONE]
    subjects = {
        one.subject_code: Subject(one.subject_code, one.subject, one.subject_short, one.period_kind)
        for one in reversed(marked)
        if one.part != "home"
    }
    finals: dict[tuple[UUID, str], dict[rules.Period, str]] = {}
    later: dict[tuple[UUID, str], dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FINALS, [school_class.id, [one.id for one in marked]])
        for subject, pupil, period, number, final in cursor.fetchall():
            finals.setdefault((pupil, subject), {})[period, number] = final
        cursor.execute(_LATER, [school_class.id, [one.id for one in marked]])
        for subject, pupil, kind, mark in cursor.fetchall():
            later.setdefault((pupil, subject), {})[kind] = mark
    ordered = tuple(
        subjects[code] for code in dict.fromkeys(one.subject_code for one in marked) if code in subjects
    )
    ends = [one.end for one in schedule.periods(year=school_class.year, kind="quarter")]
    for row in rows:
        first = rules.first_quarter(ends, row.came) if row.came else 1
        for subject in ordered:
            key = row.pupil_id, subject.code
            given = finals.get(key, {})
            numbers = rules.HALVES if subject.period_kind == "half_year" else rules.QUARTERS
            row.marks[subject.code] = tuple(given.get((subject.period_kind, n), "") for n in numbers)
            row.year[subject.code] = rules.YearMarks.of(given, later.get(key, {}), first_quarter=first)
    return Summary(ordered, tuple(rows), rules.takes_exams(school_class.grade), options)


def mark_in(row: PupilRow, subject: Subject, quarter: int) -> str | None:
    """The mark that the subject has at the end of the quarter; None where a half-year is not over then."""
    marks = row.marks[subject.code]
    if subject.period_kind == "quarter":
        return marks[quarter - 1]
    return None if quarter % 2 else marks[quarter // 2 - 1]


def pupils(*, actor: Actor, school_class: ClassInfo, start: date, end: date) -> list[PupilRow]:
    """Who was in the class at some time between the days; who came or left meanwhile has the day of it."""
    rows: dict[UUID, PupilRow] = {}
    for one in contingent.terms_in_class(actor=actor, class_id=school_class.id, start=start, end=end):
        row = rows.setdefault(one.id, PupilRow(one.id, one.list_name, came=one.since))
        row.came = min(filter(None, (row.came, one.since)))
        row.left = one.until
    for row in rows.values():
        row.came = row.came if row.came and row.came > start else None
        row.left = row.left if row.left and row.left < end else None
    return list(rows.values())


# --- attendance


@dataclass(frozen=True, slots=True)
class Missed:
    """What a pupil has missed between two days: whole days, lessons, of these by illness and without a reason; and late."""

    days: int = 0
    lessons: int = 0
    ill: int = 0
    unexcused: int = 0
    late: int = 0


_MISSED = """
WITH held AS (
  SELECT l.date, count(DISTINCT l.number) AS lessons FROM schedule_lesson l
  WHERE l.school_class_id = %(class)s AND l.date BETWEEN %(start)s AND %(end)s AND l.state = 'held' AND l."group" < 51
  GROUP BY 1
), day AS (
  SELECT a.pupil_id, l.date,
         count(DISTINCT l.number) FILTER (WHERE a.code <> 'late' AND l."group" < 51) AS missed,
         count(*) FILTER (WHERE a.code <> 'late') AS lessons,
         count(*) FILTER (WHERE a.code = 'ill') AS ill,
         count(*) FILTER (WHERE a.code = 'unexcused') AS unexcused,
         count(*) FILTER (WHERE a.code = 'late') AS late
  FROM schedule_lesson l JOIN journal_absence a ON a.lesson_id = l.id AND a.code IS NOT NULL
  WHERE l.school_class_id = %(class)s AND l.date BETWEEN %(start)s AND %(end)s AND l.state = 'held'
  GROUP BY 1, 2
)
SELECT d.pupil_id, (count(*) FILTER (WHERE d.missed > 0 AND d.missed >= h.lessons))::int, sum(d.lessons)::int,
       sum(d.ill)::int, sum(d.unexcused)::int, sum(d.late)::int
FROM day d LEFT JOIN held h ON h.date = d.date GROUP BY 1
"""


def missed(*, class_id: UUID, start: date, end: date) -> dict[UUID, Missed]:
    """By pupil; one statement. A day is missed when all of the class's lessons of it are."""
    values: dict[str, Any] = {"class": class_id, "start": start, "end": end}
    with connection.cursor() as cursor:
        cursor.execute(_MISSED, values)
        return {key: Missed(*figures) for key, *figures in cursor.fetchall()}


# --- words


@dataclass(frozen=True, slots=True)
class Told:
    """What was written of the pupils in a journal of the class in a period."""

    course: CourseInfo
    period: PeriodInfo
    lines: tuple[Line, ...]

    @property
    def written(self) -> int:
        return sum(1 for one in self.lines if one.words.text)


def told(*, actor: Actor, school_class: ClassInfo, of: Sequence[CourseInfo], quarter: int) -> list[Told]:
    """Journals of the class in which words are asked at the end of the quarter, each with its pupils."""
    periods = {one.code: one for one in schedule.periods(year=school_class.year)}
    asked = {one.id: (one, period) for one in of if (period := periods.get(_period_code(one, quarter)))}
    if not asked:
        return []
    spans = {period.id: period for _one, period in asked.values()}
    start, end = min(one.start for one in spans.values()), max(one.end for one in spans.values())
    without = queries.unmarked(course_ids=asked, start=start, end=end)
    some = {course for course, _pupil in without}
    known = queries.words_of(course_ids=asked, period_ids=spans)
    terms = contingent.terms_in_class(actor=actor, class_id=school_class.id, start=start, end=end)
    home = {one.id: at_home.pupils_on(one.end) for one in spans.values()}
    found = []
    for one, period in asked.values():
        if not journal_of_course(one).has_words and one.id not in some:
            continue
        group = None
        if one.group:
            group = schedule.members_between(course_id=one.id, start=period.start, end=period.end)
        pupils = {
            term.id: term.list_name
            for term in terms
            if (term.since is None or term.since <= period.end)
            and (term.until is None or term.until >= period.start)
            and (group is None or term.id in group)
        }
        lines = queries.lines_of(one, pupils=pupils, known=known, without=without, home=home[period.id])
        if lines:
            found.append(Told(one, period, tuple(lines)))
    return found


def _period_code(course: CourseInfo, quarter: int) -> str:
    return f"q{quarter}" if course.period_kind == "quarter" else f"h{(quarter + 1) // 2}"
