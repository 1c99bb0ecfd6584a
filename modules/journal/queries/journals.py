"""Reads of journals: whose journal one may open, the grid, and its works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from kernel import clock
from kernel.access import Actor, Permission, Scope, require
from kernel.errors import NotFound
from kernel.names import kazakh_order
from modules.contingent import api as contingent
from modules.journal import permissions, rules
from modules.journal.data import KIND_LABELS
from modules.journal.kinds.rules import journal_of_course
from modules.journal.models import SummativeWork
from modules.journal.opening.queries.standing import Standing, standing
from modules.journal.queries import at_home
from modules.journal.queries.at_home import Span
from modules.journal.queries.attested import ATTESTED, KINDS_OF_CELLS, ROSTER
from modules.journal.queries.choices import rule_of_subject, school_options
from modules.journal.queries.statements import CELLS, LESSONS
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo


def rule_of(course: CourseInfo, options: rules.Options | None = None) -> rules.Rule:
    """The rule in force for the course; pass the options when asking for many."""
    return rule_of_subject(
        year=course.year,
        subject_code=course.subject_code,
        grade=course.grade,
        hours=course.hours,
        options=options or school_options(),
        part=course.part,
        class_kind=course.class_kind,
    )


# --- whose journal


def may_open(actor: Actor, course: CourseInfo, needed: Permission) -> bool:
    scopes = actor.scopes(needed)
    if Scope.SCHOOL in scopes:
        return True
    if actor.person_id is None:
        return False
    if Scope.OWN_LESSONS in scopes and (
        course.teacher_id == actor.person_id or _stands_in(course.id, actor.person_id)
    ):
        return True
    return Scope.OWN_CLASS in scopes and actor.person_id in course.leader_ids


# A lesson of the course that is the person's own, or that she took and may still write in.
_STANDS_IN = """
SELECT 1 FROM schedule_lesson l WHERE l.teacher_id = %(person)s AND l.course_id = %(course)s AND NOT EXISTS (
  SELECT FROM schedule_substitution s
  WHERE s.lesson_id = l.id AND s.state IN ('taken', 'joined') AND l.date + %(days)s::int < %(today)s)
LIMIT 1
"""


def _stands_in(course_id: UUID, person_id: UUID) -> bool:
    values: dict[str, Any] = {
        "person": person_id,
        "course": course_id,
        "days": schedule.lesson_right().days,
        "today": clock.today(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STANDS_IN, values)
        return cursor.fetchone() is not None


def open_course(*, actor: Actor, course_id: UUID, needed: Permission = permissions.VIEW) -> CourseInfo:
    """The course whose journal the actor may open; what is not theirs is not there (NotFound)."""
    require(actor, needed)
    course = schedule.course(actor=actor, course_id=course_id)
    if not may_open(actor, course, needed):
        raise NotFound
    return course


def my_courses(*, actor: Actor, year: str) -> list[CourseInfo]:
    """The journals that the actor may open, by class and subject."""
    scopes = require(actor, permissions.VIEW)
    if Scope.SCHOOL in scopes:
        return schedule.courses(actor=actor, year=year)
    if actor.person_id is None:
        return []
    found: dict[UUID, CourseInfo] = {}
    if Scope.OWN_LESSONS in scopes:
        found = {c.id: c for c in schedule.courses(actor=actor, year=year, teacher_id=actor.person_id)}
    if Scope.OWN_CLASS in scopes:
        for one in contingent.classes_of_teacher(actor=actor, employee_id=actor.person_id, year=year):
            for course in schedule.courses(actor=actor, year=year, school_class_id=one.id):
                found.setdefault(course.id, course)
    # Stable: the subjects of a class stay in the curriculum's order.
    return sorted(found.values(), key=lambda c: (c.grade, kazakh_order(c.class_label)))


# --- the grid


@dataclass(slots=True)
class Column:
    """A column of cells: a lesson's ФО, or its СОР or СОЧ."""

    lesson_id: str
    kind: str
    day: date
    number: int
    maximum: int | None
    topic: str
    homework: str
    is_cancelled: bool
    is_mine: bool
    title: str = ""
    work_id: UUID | None = None

    @property
    def label(self) -> Any:
        return KIND_LABELS[self.kind]


# Points with their version, the reason of absence with its own: plain tuples, for there are 1,800 of them.
Cell = tuple[int | None, int, str | None, int]


@dataclass(slots=True)
class Row:
    pupil_id: str
    name: str
    terms: list[tuple[date, date | None]]
    cells: list[Cell | None]
    said: rules.Recommendation | None = None
    final: str | None = None
    final_version: int = 0
    reason: str = ""
    decided: str = ""  # where he is attested, if it was decided: here, elsewhere (in the school), no
    decided_note: str = ""
    programme: str = ""  # of his own on the last day of the period: marked, unmarked
    unmarked_since: date | None = None  # the first day of such a programme, if it is without marks
    words: str = ""  # what is written of his progress in the period
    home: list[Span] = field(default_factory=list)  # when he is taught at home, in journals that yield to it

    def is_attested(self, end: date) -> bool:
        """Whether this class is asked a mark of the period that ends so."""
        if self.programme == "unmarked" or self.is_at_home(end):
            return False
        return self.decided == "here" if self.decided else self.was_there(end)

    def was_there(self, day: date) -> bool:
        return at_home.covers(self.terms, day)

    def takes_points(self, day: date) -> bool:
        return self.unmarked_since is None or day < self.unmarked_since

    def is_at_home(self, day: date) -> bool:
        return at_home.covers(self.home, day)


@dataclass(slots=True)
class Grid:
    course: CourseInfo
    period: PeriodInfo
    rule: rules.Rule
    columns: list[Column]
    rows: list[Row]
    may_write: bool
    decides: bool = False
    # What stands beside cells in words: lesson, pupil, kind, version, text.
    comments: list[tuple[str, str, str, int, str]] = field(default_factory=list)
    # Recordings beside cells: lesson, pupil, kind, id, seconds.
    voices: list[tuple[str, str, str, str, int]] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)  # what is open for the actor in a closed period

    @property
    def told(self) -> list[Row]:
        """Those of whose progress words are asked in the period, or stand."""
        asks_all, end = journal_of_course(self.course).has_words, self.period.end
        return [
            row
            for row in self.rows
            if row.words or row.programme == "unmarked" or (asks_all and not row.is_at_home(end))
        ]

    def is_open(self, day: date) -> bool:
        """Whether some cell of the day may change: the period is open, or the day is opened for the actor."""
        return not self.period.is_closed or self.standing.has_day(day)

    def takes_topic(self, day: date) -> bool:
        """Whether the topic and the homework of the day may change."""
        return not self.period.is_closed or self.standing.covers_topic(day)


def grid(*, actor: Actor, course: CourseInfo, period: PeriodInfo) -> Grid:
    """The journal of the course in the period. The caller got the course from `open_course`.

    Three statements, whatever the number of pupils and lessons; of a closed period one more.
    """
    scopes = actor.scopes(permissions.SET_MARKS)
    everywhere = Scope.SCHOOL in scopes
    own = Scope.OWN_LESSONS in scopes and actor.person_id is not None
    mine = everywhere or (own and course.teacher_id == actor.person_id)
    values: dict[str, Any] = {
        "course": course.id,
        "start": period.start,
        "end": period.end,
        "period": period.id,
        "class": course.school_class_id,
        "year": period.year,
        "quarter": period.last_quarter,
        "yields": journal_of_course(course).yields_to_home,
    }
    columns: list[Column] = []
    right, today = schedule.lesson_right(), clock.today()
    with connection.cursor() as cursor:
        cursor.execute(LESSONS, [course.id, period.start, period.end])
        for (key, day, number, topic, homework, off, teacher, kind, maximum, title, work,
             stood_in) in cursor.fetchall():  # fmt: skip
            is_mine = everywhere or (
                own
                and right.may_write(
                    actor.person_id,
                    owner=course.teacher_id,
                    teacher=teacher,
                    is_substituted=stood_in,
                    day=day,
                    today=today,
                )
            )
            columns.append(Column(key, "fo", day, number, 10, topic, homework, off, is_mine))
            if kind:
                columns.append(
                    Column(key, kind, day, number, maximum, topic, homework, off, is_mine, title, work)
                )
        cursor.execute(CELLS + ATTESTED, values)
        values_of_cells = cursor.fetchall()
        cursor.execute(ROSTER, values)
        rows = _rows_of(cursor.fetchall(), len(columns))
    comments, voices = _put_cells(rows, columns, values_of_cells)
    rule = rule_of(course)
    _recommend(rows, columns, rule)
    can = mine or any(column.is_mine for column in columns)
    opened = standing(actor=actor, course=course, period=period)
    open_ = not period.is_closed
    return Grid(
        course,
        period,
        rule,
        columns,
        list(rows.values()),
        may_write=can and (open_ or bool(opened.open)),
        decides=mine and (open_ or opened.with_finals),
        comments=comments,
        voices=voices,
        standing=opened,
    )


def grid_of(
    *,
    course: CourseInfo,
    period: PeriodInfo,
    rule: rules.Rule,
    columns: list[Column],
    cells: Iterable[tuple[str, str, str, int | None, int, str | None, str]],
    roster: Iterable[tuple[str, str, str, date, date | None]],
) -> Grid:
    """A journal out of rows at hand, for who reads many at once; nothing can be written in it."""
    rows = _rows_of(roster, len(columns))
    _put_cells(rows, columns, cells)
    _recommend(rows, columns, rule)
    return Grid(course, period, rule, columns, list(rows.values()), may_write=False)


def _rows_of(found: Iterable[tuple[str, str, str, date, date | None]], width: int) -> dict[str, Row]:
    """Rows in Kazakh order (the columns' own collation); who came back to the class stands once, with two terms."""
    rows: dict[str, Row] = {}
    for key, surname, name, since, until in found:
        row = rows.get(key)
        if row is None:
            row = rows[key] = Row(key, f"{surname} {name}", [], [None] * width)
        row.terms.append((since, until))
    return rows


def _put_cells(
    rows: Mapping[str, Row],
    columns: list[Column],
    values: Iterable[tuple[str, str, str, int | None, int, str | None, str]],
) -> tuple[list[tuple[str, str, str, int, str]], list[tuple[str, str, str, str, int]]]:
    """Put the values into their rows; answers with comments and recordings, too rare to stand in every cell."""
    comments: list[tuple[str, str, str, int, str]] = []
    voices: list[tuple[str, str, str, str, int]] = []
    places: dict[str, dict[str, int]] = {what: {} for what in KINDS_OF_CELLS}
    for index, column in enumerate(columns):
        places[column.kind][column.lesson_id] = index
    places["absence"] = places["fo"]
    cells = {key: row.cells for key, row in rows.items()}
    for what, lesson, pupil, points, version, value, reason in values:
        line = cells.get(pupil)
        if line is None:
            continue
        if what == "comment":
            comments.append((lesson, pupil, value or "", version, reason))
            continue
        if what == "voice":
            voices.append((lesson, pupil, value or "", reason, points or 0))
            continue
        place = places[what].get(lesson)
        if place is None:
            if what == "final":
                row = rows[pupil]
                row.final, row.final_version, row.reason = value, version, reason
            elif what == "attested":
                rows[pupil].decided, rows[pupil].decided_note = value or "", reason
            elif what == "programme":
                rows[pupil].programme = value or ""
                if value == "unmarked":
                    rows[pupil].unmarked_since = date.fromisoformat(lesson)
            elif what == "words":
                rows[pupil].words = reason
            elif what == "home":
                until = date.fromisoformat(value) if value else None
                rows[pupil].home.append((date.fromisoformat(lesson), until))
            continue
        if what != "absence":
            other = line[place]
            line[place] = (
                (points, version, None, 0) if other is None else (points, version, other[2], other[3])
            )
        else:
            other = line[place]
            line[place] = (None, 0, value, version) if other is None else (other[0], other[1], value, version)
    return comments, voices


def _recommend(rows: Mapping[str, Row], columns: list[Column], rule: rules.Rule) -> None:
    today = clock.today()
    fo = [n for n, c in enumerate(columns) if c.kind == "fo"]
    works = [(n, c.kind, c.maximum or 0) for n, c in enumerate(columns) if c.kind != "fo"]
    due = [c.kind for c in columns if c.kind != "fo" and c.day <= today and not c.is_cancelled]
    planned = {"sor": due.count("sor"), "soch": due.count("soch")}
    for row in rows.values():
        cells = row.cells
        given = [cell[0] for n in fo if (cell := cells[n]) is not None and cell[0] is not None]
        points, maxima, counts, percents = (
            {"sor": 0, "soch": 0},
            {"sor": 0, "soch": 0},
            {"sor": 0, "soch": 0},
            0.0,
        )
        for n, kind, maximum in works:
            cell = cells[n]
            if cell is not None and cell[0] is not None:
                points[kind] += cell[0]
                maxima[kind] += maximum
                counts[kind] += 1
                if kind == "sor":
                    percents += 100 * cell[0] / maximum
        parts = rules.Parts(
            sum(given),
            len(given),
            points["sor"],
            maxima["sor"],
            counts["sor"],
            percents,
            points["soch"],
            maxima["soch"],
            planned["sor"],
            planned["soch"],
        )
        row.said = rules.recommend(parts, rule)


# --- summaries of single pupils after a save

_PARTS = """
SELECT b.pupil, p.*, w.sor, w.soch
FROM {pupils}
CROSS JOIN LATERAL (
  SELECT coalesce(sum(m.points) FILTER (WHERE m.kind = 'fo'), 0)::int, count(*) FILTER (WHERE m.kind = 'fo')::int,
         coalesce(sum(m.points) FILTER (WHERE m.kind = 'sor'), 0)::int,
         coalesce(sum(w.maximum) FILTER (WHERE m.kind = 'sor'), 0)::int, count(*) FILTER (WHERE m.kind = 'sor')::int,
         coalesce(sum(100.0 * m.points / w.maximum) FILTER (WHERE m.kind = 'sor'), 0)::float8,
         coalesce(sum(m.points) FILTER (WHERE m.kind = 'soch'), 0)::int,
         coalesce(sum(w.maximum) FILTER (WHERE m.kind = 'soch'), 0)::int
  FROM schedule_lesson l JOIN journal_mark m ON m.lesson_id = l.id AND m.pupil_id = b.pupil
  LEFT JOIN journal_summativework w ON w.lesson_id = l.id AND w.kind = m.kind
  WHERE l.course_id = %(course)s AND l.date BETWEEN %(start)s AND %(end)s AND m.points IS NOT NULL
    AND (m.kind = 'fo' OR w.id IS NOT NULL)
) p
CROSS JOIN (
  SELECT count(*) FILTER (WHERE w.kind = 'sor')::int AS sor, count(*) FILTER (WHERE w.kind = 'soch')::int AS soch
  FROM journal_summativework w JOIN schedule_lesson l ON l.id = w.lesson_id
  WHERE l.course_id = %(course)s AND l.date BETWEEN %(start)s AND %(end)s AND l.state = 'held' AND l.date <= %(today)s
) w
"""
_PARTS_OF_MANY = _PARTS.format(pupils="unnest(%(pupils)s::uuid[]) AS b(pupil)")
# An array's length is unknown to a prepared plan, so the server would plan anew each time; one pupil it knows.
_PARTS_OF_ONE = _PARTS.format(pupils="(VALUES (%(pupil)s::uuid)) AS b(pupil)")


def parts_of(
    *, course_id: UUID, start: date, end: date, pupil_ids: Iterable[UUID]
) -> dict[UUID, rules.Parts]:
    """What the pupils have in the course between the days. The caller has checked the right to the course."""
    values: dict[str, Any] = {
        "course": course_id,
        "start": start,
        "end": end,
        "today": clock.today(),
    }
    pupils = list(pupil_ids)
    if len(pupils) == 1:
        statement, values["pupil"] = _PARTS_OF_ONE, pupils[0]
    else:
        statement, values["pupils"] = _PARTS_OF_MANY, pupils
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {pupil: rules.Parts(*figures) for pupil, *figures in cursor.fetchall()}


# --- works


def works_of(*, course_id: UUID, period: PeriodInfo) -> list[SummativeWork]:
    rows = SummativeWork.objects.filter(
        lesson__course_id=course_id, lesson__date__range=(period.start, period.end)
    )
    return list(rows.select_related("lesson").order_by("lesson__date", "lesson__number"))
