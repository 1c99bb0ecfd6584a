"""The marks of a school year by class and pupil: about ten statements, whether for one pupil or for the whole school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import structlog
from django.db import connection

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from kernel.names import PersonName
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo, PupilInfo
from modules.journal import permissions, rules
from modules.journal.cards.data import ClassYear, MarksOfSubject, PupilYear, SubjectKey, SubjectOfYear
from modules.journal.cards.papers import Missed
from modules.journal.data import mark_text
from modules.journal.kinds.rules import journal_of
from modules.journal.queries import rule_of_subject, school_options, schools_in
from modules.journal.rules import Period
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo
from modules.transfers import api as transfers
from tenants import reference

log = structlog.get_logger(__name__)


# --- whose cards


def open_class(*, actor: Actor, class_id: UUID) -> ClassInfo:
    """The class whose cards the actor may see: any, or one that is in her charge; raises NotFound for others."""
    scopes = require(actor, permissions.CARDS)
    found = contingent.school_class(actor=actor, class_id=class_id)
    if Scope.SCHOOL in scopes or (Scope.OWN_CLASS in scopes and actor.person_id in found.leader_ids):
        return found
    raise NotFound


def classes_to_open(*, actor: Actor, year: str) -> list[ClassInfo]:
    """Classes whose cards the actor may see: all of the year, or those that are in her charge.

    Who answers for a class today sees the earlier years of its pupils from the class of today.
    """
    scopes = require(actor, permissions.CARDS)
    if Scope.SCHOOL in scopes:
        return contingent.classes(actor=actor, year=year)
    if Scope.OWN_CLASS not in scopes or actor.person_id is None:
        return []
    years = dict.fromkeys((year, contingent.current_year()))
    found = (
        contingent.classes_of_teacher(actor=actor, employee_id=actor.person_id, year=code) for code in years
    )
    return next((mine for mine in found if mine), [])


def open_pupil(*, actor: Actor, pupil_id: UUID) -> PupilInfo:
    """The pupil whose cards the actor may see: of a class in her charge, her own child, or himself; else NotFound."""
    scopes = require(actor, permissions.CARDS)
    pupil = contingent.pupil(actor=actor, pupil_id=pupil_id)
    if Scope.SCHOOL not in scopes and not _is_own(actor, scopes, pupil):
        raise NotFound
    return pupil


def _is_own(actor: Actor, scopes: frozenset[Scope], pupil: PupilInfo) -> bool:
    person = actor.person_id
    if person is None:
        return False
    if actor.person_kind == "guardian":
        mine = contingent.children_of(actor=actor, guardian_id=person) if Scope.OWN_CHILD in scopes else []
        return any(one.id == pupil.id for one in mine)
    if actor.person_kind == "pupil":
        return Scope.SELF in scopes and person == pupil.id
    if Scope.OWN_CLASS not in scopes or pupil.class_id is None:
        return False
    return person in contingent.school_class(actor=actor, class_id=pupil.class_id).leader_ids


_YEARS = """
SELECT DISTINCT m.year FROM contingent_membership m WHERE m.pupil_id = ANY(%s) AND m.year <= %s ORDER BY 1 DESC
"""


def years_of(*, pupil_ids: Collection[UUID], until: str) -> list[str]:
    """School years in which the pupils were here, the last one first. The caller has checked the right to them."""
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, [list(pupil_ids), until])
        return [row[0] for row in cursor.fetchall()]


# --- reading

_PERSON = "p.id, p.surname, p.name, p.patronymic, p.file_number, p.birth_date"
_OF_CLASSES = f"""
SELECT m.school_class_id, {_PERSON}, min(m.since)
FROM contingent_membership m JOIN contingent_pupil p ON p.id = m.pupil_id AND p.removed_at IS NULL
WHERE m.school_class_id = ANY(%(ids)s) AND m.since <= %(day)s AND (m.until IS NULL OR m.until >= %(day)s)
GROUP BY 1, p.id ORDER BY p.surname, p.name, p.patronymic, p.id
"""  # noqa: S608 - constant texts
# Where each was last in the year: who left or has gone on to another class has a card of that class.
_OF_PUPILS = f"""
SELECT l.school_class_id, {_PERSON}, l.first FROM (
  SELECT DISTINCT ON (m.pupil_id) m.pupil_id, m.school_class_id, min(m.since) OVER (PARTITION BY m.pupil_id) AS first
  FROM contingent_membership m
  WHERE m.pupil_id = ANY(%(ids)s) AND m.year = %(year)s AND m.since <= %(day)s ORDER BY m.pupil_id, m.since DESC
) l JOIN contingent_pupil p ON p.id = l.pupil_id AND p.removed_at IS NULL
ORDER BY p.surname, p.name, p.patronymic, p.id
"""  # noqa: S608
_TEACHERS = """
SELECT DISTINCT ON (c.school_class_id) c.school_class_id, e.surname, e.name, e.patronymic
FROM contingent_charge c JOIN staff_employee e ON e.id = c.employee_id
WHERE c.school_class_id = ANY(%(classes)s) AND c.duty = 'class_teacher' AND c.since <= %(day)s
ORDER BY c.school_class_id, c.since DESC
"""
# What a class is marked in: clubs, electives and correction give no marks, a child at home has those of the class.
_COURSES = """
SELECT c.school_class_id, c.id, c.subject_code, CASE c.kind WHEN 'variable' THEN c.name ELSE '' END, c.kind,
       c.hours_per_week::float8, g.pupils
FROM schedule_course c
LEFT JOIN LATERAL (
  SELECT array_agg(m.pupil_id) AS pupils FROM schedule_groupmember m WHERE m.course_id = c.id AND m.since <= %(day)s
) g ON true
WHERE c.year = %(year)s AND c.school_class_id = ANY(%(classes)s) AND c.kind IN ('core', 'variable')
"""
_FINALS = """
SELECT f.pupil_id, c.subject_code, CASE c.kind WHEN 'variable' THEN c.name ELSE '' END, t.kind, t.number, f.final
FROM journal_periodmark f JOIN schedule_period t ON t.id = f.period_id JOIN schedule_course c ON c.id = f.course_id
WHERE t.year = %(year)s AND f.pupil_id = ANY(%(pupils)s) AND f.final IS NOT NULL
  AND c.kind IN ('core', 'variable', 'home')
ORDER BY f.set_at
"""
# Of exams and of works after a 2; of somebody who changed the class, the last.
_LATER = """
SELECT y.pupil_id, c.subject_code, CASE c.kind WHEN 'variable' THEN c.name ELSE '' END, y.kind, y.mark
FROM journal_yearmark y JOIN schedule_course c ON c.id = y.course_id
WHERE c.year = %(year)s AND y.pupil_id = ANY(%(pupils)s) AND y.mark IS NOT NULL
ORDER BY y.set_at
"""
_MISSED = """
WITH missed AS (
  SELECT a.pupil_id, l.school_class_id, l.date, count(DISTINCT l.number)::int AS lessons,
         count(DISTINCT l.number) FILTER (WHERE a.code = 'ill')::int AS ill
  FROM journal_absence a JOIN schedule_lesson l ON l.id = a.lesson_id
  WHERE a.pupil_id = ANY(%(pupils)s) AND a.code IN ('unexcused', 'excused', 'ill')
    AND l.date BETWEEN %(start)s AND %(end)s AND l.state = 'held' AND l."group" < 51
  GROUP BY 1, 2, 3
), held AS (
  SELECT l.school_class_id, l.date, count(DISTINCT l.number)::int AS lessons
  FROM schedule_lesson l
  WHERE (l.school_class_id, l.date) IN (SELECT school_class_id, date FROM missed)
    AND l.state = 'held' AND l."group" < 51
  GROUP BY 1, 2
)
SELECT m.pupil_id, t.number, count(*) FILTER (WHERE m.lessons >= h.lessons)::int, sum(m.lessons)::int, sum(m.ill)::int
FROM missed m JOIN held h USING (school_class_id, date)
JOIN schedule_period t ON t.year = %(year)s AND t.kind = 'quarter' AND m.date BETWEEN t.start AND t."end"
GROUP BY 1, 2
"""
# What followed the year: the next class, or the end of school; each with its order.
_DECISIONS = """
SELECT DISTINCT ON (f.pupil_id) f.pupil_id, f.grade, f.order_number, f.order_date FROM (
  SELECT m.pupil_id, k.grade, m.order_number, m.order_date, m.since FROM contingent_membership m
  JOIN contingent_schoolclass k ON k.id = m.school_class_id
  WHERE m.pupil_id = ANY(%(pupils)s) AND m.year = %(next)s
  UNION ALL
  SELECT o.pupil_id, 0, o.order_number, o.order_date, o.date FROM contingent_movement o
  WHERE o.pupil_id = ANY(%(pupils)s) AND o.direction = 'out' AND o.reason LIKE 'dep_graduated%%'
    AND o.date BETWEEN %(end)s AND %(end)s::date + 120
) f ORDER BY f.pupil_id, f.since
"""


@dataclass(slots=True)
class _Year:
    """A school year as the statements want it."""

    code: str
    quarters: list[PeriodInfo]
    day: date
    values: dict[str, Any] = field(default_factory=dict)


def _year(code: str) -> _Year | None:
    quarters = schedule.periods(year=code, kind="quarter")
    if not quarters:
        return None
    start, end = quarters[0].start, quarters[-1].end
    day = min(max(clock.today(), start), end)
    following = f"{int(code[:4]) + 1}-{(int(code[:4]) + 2) % 100:02}"
    return _Year(
        code, quarters, day, {"year": code, "start": start, "end": end, "day": day, "next": following}
    )


def of_classes(*, actor: Actor, year: str, classes: Sequence[ClassInfo]) -> list[ClassYear]:
    """The year of whole classes, in their order. The caller has checked the right to the classes."""
    if not actor.may(permissions.EXPORT):
        require(actor, permissions.CARDS)
    return _read(actor, year, _OF_CLASSES, [one.id for one in classes], {one.id: one for one in classes})


def of_pupils(*, actor: Actor, year: str, pupil_ids: Collection[UUID]) -> list[ClassYear]:
    """The year of these pupils, each in the class where he was then. The caller has checked the right to them."""
    require(actor, permissions.CARDS)
    known = {one.id: one for one in contingent.classes(actor=actor, year=year)}
    return _read(actor, year, _OF_PUPILS, list(pupil_ids), known)


def of_room(*, actor: Actor, school_class: ClassInfo, year: str) -> list[ClassYear]:
    """The class in its own year, or its pupils in an earlier one, by the classes of then."""
    if year == school_class.year:
        return of_classes(actor=actor, year=year, classes=[school_class])
    own = _year(school_class.year)
    if own is None:
        return []
    pupils = contingent.pupils_of_class(actor=actor, class_id=school_class.id, on=own.day)
    return of_pupils(actor=actor, year=year, pupil_ids=[one.id for one in pupils])


def years_of_class(*, actor: Actor, school_class: ClassInfo) -> list[str]:
    """School years of which the class's pupils may have cards here, the last one first."""
    own = _year(school_class.year)
    if own is None:
        return [school_class.year]
    pupils = contingent.pupils_of_class(actor=actor, class_id=school_class.id, on=own.day)
    return years_of(pupil_ids=[one.id for one in pupils], until=school_class.year) or [school_class.year]


def _read(
    actor: Actor, code: str, statement: str, ids: list[UUID], known: Mapping[UUID, ClassInfo]
) -> list[ClassYear]:
    year = _year(code)
    if year is None or not ids:
        return []
    pupils: dict[UUID, list[PupilYear]] = defaultdict(list)
    began: dict[UUID, date] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**year.values, "ids": ids})
        for class_id, key, surname, name, patronymic, number, born, since in cursor.fetchall():
            if class_id in known:
                pupils[class_id].append(PupilYear(key, PersonName(surname, name, patronymic), number, born))
                began[key] = since
    by_id = {one.id: one for found in pupils.values() for one in found}
    year.values |= {"classes": list(pupils), "pupils": list(by_id)}
    if not by_id:
        return []
    rows: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for text in (_TEACHERS, _COURSES, _FINALS, _LATER, _MISSED, _DECISIONS):
            cursor.execute(text, year.values)
            rows[text] = cursor.fetchall()
    for key, subject, name, kind, number, final in rows[_FINALS]:
        by_id[key].marks.setdefault((subject, name), MarksOfSubject()).given[kind, number] = final
    for key, subject, name, kind, mark in rows[_LATER]:
        by_id[key].marks.setdefault((subject, name), MarksOfSubject()).later[kind] = mark
    for key, quarter, *counts in rows[_MISSED]:
        by_id[key].missed[quarter] = Missed(*counts)
    for key, grade, number, day in rows[_DECISIONS]:
        by_id[key].goes_to = grade
        by_id[key].order = (number or "", f"{day:%d.%m.%Y}" if day else "")
    _put_brought(actor, year, by_id, began)
    ends = [one.end for one in year.quarters]
    for key, since in began.items():
        by_id[key].first_quarter = rules.first_quarter(ends, since)
    options = school_options()
    subjects = _subjects(code, rows[_COURSES], known, options)
    teachers = {key: PersonName(*parts).short for key, *parts in rows[_TEACHERS]}
    return [
        ClassYear(
            one,
            code,
            teachers.get(key, ""),
            _all_subjects(one, subjects.get(key, {}), found),
            tuple(found),
            options,
        )
        for key, one in known.items()
        if (found := pupils.get(key))
    ]


def _subjects(
    year: str, rows: Iterable[tuple[Any, ...]], known: Mapping[UUID, ClassInfo], options: rules.Options
) -> dict[UUID, dict[SubjectKey, SubjectOfYear]]:
    """What each class is marked in, without what has no marks in its grade."""
    found: dict[UUID, dict[SubjectKey, SubjectOfYear]] = defaultdict(dict)
    for class_id, _course, code, name, kind, hours, members in rows:
        rule = rule_of_subject(
            year=year,
            subject_code=code,
            grade=known[class_id].grade,
            hours=hours,
            options=options,
            part=kind,
            class_kind=known[class_id].kind,
        )
        if rule.mode is rules.Mode.NONE:
            continue
        subject = reference.subjects().get(code)
        period = rules.period_kind(
            half_year_when_1h=subject.half_year_when_1h if subject else True, hours=hours
        )
        before = found[class_id].get((code, name))
        taught = frozenset(members) if members else None
        if before is not None:
            taught = None if taught is None or before.members is None else taught | before.members
        title = schedule.subject_title(_Named(code, name, kind))
        short = name or (subject.short if subject else code)
        found[class_id][code, name] = SubjectOfYear((code, name), title, short, period == "half_year", taught)
    return found


@dataclass(frozen=True, slots=True)
class _Named:
    """As much of a course as its title wants."""

    subject_code: str
    name: str
    kind: str


def _all_subjects(
    school_class: ClassInfo,
    taught: dict[SubjectKey, SubjectOfYear],
    pupils: Iterable[PupilYear],
) -> tuple[SubjectOfYear, ...]:
    """Those of the class, and those of another class from which somebody came with marks; in the curriculum's order."""
    if not journal_of(part="core", class_kind=school_class.kind, grade=school_class.grade).has_marks:
        return ()
    whole = dict(taught)
    for one in pupils:
        for key, marks in one.marks.items():
            if key not in whole and marks.given:
                title = schedule.subject_title(_Named(*key, "variable" if key[1] else "core"))
                whole[key] = SubjectOfYear(key, title, title, marks.is_by_halves, frozenset())
    order = {code: place for place, code in enumerate(reference.subjects())}
    return tuple(whole[key] for key in sorted(whole, key=lambda k: (order.get(k[0], 999), k)))


def _put_brought(
    actor: Actor, year: _Year, pupils: Mapping[UUID, PupilYear], began: Mapping[UUID, date]
) -> None:
    """Marks that newcomers brought from another school stand where our own have none; no statement without newcomers."""
    new = [key for key, since in began.items() if since > year.quarters[0].start]
    if not new or not actor.may(transfers.permissions.BROUGHT):
        return
    found = transfers.brought(actor=actor, pupil_ids=new, part=transfers.MARKS)
    for key, arrivals in found.items():
        pupil = pupils[key]
        for arrival in arrivals:
            try:
                told = list(_marks_in(arrival.content, year.code))
            except (ValueError, KeyError, TypeError):
                log.warning("journal.brought_unreadable", transfer=str(arrival.transfer_id))
                continue
            for school, subject, place, mark in told:
                marks = pupil.marks.setdefault((subject, ""), MarksOfSubject())
                if place not in marks.given:
                    marks.given[place] = mark
                    marks.elsewhere.add(place)
                    pupil.schools = tuple(dict.fromkeys((*pupil.schools, school)))


def _marks_in(content: Mapping[str, Any], year: str) -> Iterator[tuple[str, str, Period, str]]:
    """School, subject, period and mark of the year out of what came along; raises as `schools_in` does."""
    codes = {mark_text(code): code for code in ("pass", "fail", "na", "exempt")}
    for school in schools_in(content):
        for subject, periods in school.subjects if school.year == year else ():
            for one in periods:
                if one.final:
                    kind = "quarter" if one.code[:1] == "q" else "half_year"
                    yield school.school, subject, (kind, int(one.code[1:])), codes.get(one.final, one.final)
