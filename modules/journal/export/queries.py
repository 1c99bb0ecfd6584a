"""Journals of many courses at once, set by set: five statements for the journals of several classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo
from modules.journal import permissions
from modules.journal.kinds.rules import journal_of_course
from modules.journal.queries import Column, Grid, grid_of, rule_of, school_options
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo

# --- whose journals


def classes_to_export(*, actor: Actor, year: str) -> list[ClassInfo]:
    """Classes whose whole journals the actor may save: all, or those in her charge."""
    scopes = require(actor, permissions.EXPORT)
    if Scope.SCHOOL in scopes:
        return contingent.classes(actor=actor, year=year)
    if Scope.OWN_CLASS not in scopes or actor.person_id is None:
        return []
    return contingent.classes_of_teacher(actor=actor, employee_id=actor.person_id, year=year)


def chosen_classes(*, actor: Actor, year: str, class_ids: Iterable[UUID]) -> list[ClassInfo]:
    """Those of them that were chosen, in the order of classes; raises NotFound when one is not the actor's."""
    wanted = set(class_ids)
    found = [one for one in classes_to_export(actor=actor, year=year) if one.id in wanted]
    if len(found) < len(wanted) or not found:
        raise NotFound
    return found


# --- reading

_LESSONS = """
SELECT l.course_id, l.id::text, l.date, l.number, l.topic, l.homework, l.state = 'cancelled', w.kind, w.maximum, w.title
FROM schedule_lesson l LEFT JOIN journal_summativework w ON w.lesson_id = l.id
WHERE l.course_id = ANY(%(courses)s) AND l.date BETWEEN %(start)s AND %(end)s AND l.moved_to_id IS NULL
ORDER BY l.date, l.number
"""
_CELLS = """
SELECT m.lesson_id::text, m.kind, m.pupil_id::text, m.points, NULL::text
FROM schedule_lesson l JOIN journal_mark m ON m.lesson_id = l.id
WHERE l.course_id = ANY(%(courses)s) AND l.date BETWEEN %(start)s AND %(end)s
UNION ALL
SELECT a.lesson_id::text, 'absence', a.pupil_id::text, NULL, a.code
FROM schedule_lesson l JOIN journal_absence a ON a.lesson_id = l.id
WHERE l.course_id = ANY(%(courses)s) AND l.date BETWEEN %(start)s AND %(end)s
"""
# Marks of the period, and what is written in words.
_FINALS = """
SELECT p.course_id, p.period_id, 'final', p.pupil_id::text, p.final, '' FROM journal_periodmark p
WHERE p.course_id = ANY(%(courses)s) AND p.final IS NOT NULL
UNION ALL
SELECT d.course_id, d.period_id, 'words', d.pupil_id::text, NULL, d.text FROM (
  SELECT DISTINCT ON (t.course_id, t.period_id, t.pupil_id) t.* FROM journal_description t
  WHERE t.course_id = ANY(%(courses)s) ORDER BY t.course_id, t.period_id, t.pupil_id, t.version DESC) d
WHERE d.text <> ''
"""
# As queries.attested.ATTESTED, for many courses: who learns by a programme of his own, and who is taught at home.
_APART = """
SELECT r.course_id, 'programme', r.pupil_id::text, r.since, r.until, CASE WHEN r.is_marked THEN 'marked' ELSE 'unmarked' END
FROM journal_programme r WHERE r.course_id = ANY(%(courses)s)
UNION ALL
SELECT NULL, 'home', h.pupil_id::text, h.since, h.until, '' FROM contingent_homeschooling h
WHERE h.since <= %(end)s AND coalesce(h.until, 'infinity') >= %(start)s
"""
# As queries.attested.ROSTER, for many courses: a course teaches the class until the first day of its group, and from
# then on the pupils of the group.
_ROSTERS = """
WITH first AS (
  SELECT g.course_id, min(g.since) AS since FROM schedule_groupmember g WHERE g.course_id = ANY(%(courses)s) GROUP BY 1
), taught AS (
  SELECT g.course_id, g.pupil_id, g.since, g.until FROM schedule_groupmember g WHERE g.course_id = ANY(%(courses)s)
  UNION ALL
  SELECT c.id, NULL, '-infinity'::date, f.since - 1
  FROM schedule_course c LEFT JOIN first f ON f.course_id = c.id WHERE c.id = ANY(%(courses)s)
)
SELECT t.course_id, p.id::text, p.surname, p.name, greatest(m.since, t.since), least(m.until, t.until)
FROM taught t JOIN schedule_course c ON c.id = t.course_id
JOIN contingent_membership m ON m.school_class_id = c.school_class_id
  AND (t.pupil_id IS NULL OR t.pupil_id = m.pupil_id)
JOIN contingent_pupil p ON p.id = m.pupil_id AND p.removed_at IS NULL
WHERE greatest(m.since, t.since) <= %(end)s AND coalesce(least(m.until, t.until), 'infinity') >= %(start)s
  AND greatest(m.since, t.since) <= coalesce(least(m.until, t.until), 'infinity')
ORDER BY p.surname, p.name, p.patronymic, p.id, m.since, t.since
"""
Term = tuple[str, str, str, date, date | None]


class _Apart(NamedTuple):
    """A pupil who does not learn as the class does, and between which days."""

    what: str
    pupil: str
    since: date
    until: date | None
    value: str

    def meets(self, start: date, end: date) -> bool:
        return self.since <= end and (self.until is None or self.until >= start)


def journals(*, courses: Sequence[CourseInfo], year: str) -> Iterator[tuple[CourseInfo, list[Grid]]]:
    """Each course with those of its periods that hold a lesson or a mark. The caller has checked the right to the courses.

    Five statements besides that of the periods, whatever the number of courses.
    """
    periods = schedule.periods(year=year)
    if not periods or not courses:
        return
    values: dict[str, Any] = {
        "courses": [one.id for one in courses],
        "start": min(one.start for one in periods),
        "end": max(one.end for one in periods),
    }
    rows: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for text in (_LESSONS, _CELLS, _FINALS, _APART, _ROSTERS):
            cursor.execute(text, values)
            rows[text] = cursor.fetchall()
    options = school_options()
    by_kind: dict[str, list[PeriodInfo]] = defaultdict(list)
    for one in periods:
        by_kind[one.kind].append(one)
    lessons: dict[UUID, list[Any]] = defaultdict(list)
    for course_id, *lesson in rows[_LESSONS]:
        lessons[course_id].append(lesson)
    marks: dict[str, list[Any]] = defaultdict(list)
    for key, what, pupil, points, code in rows[_CELLS]:
        marks[key].append((what, key, pupil, points, 0, code, ""))
    finals: dict[tuple[UUID, UUID], list[Any]] = defaultdict(list)
    for course_id, period_id, what, pupil, mark, text in rows[_FINALS]:
        finals[course_id, period_id].append((what, "", pupil, None, 0, mark, text))
    apart: dict[UUID | None, list[_Apart]] = defaultdict(list)
    for course_id, *one in rows[_APART]:
        apart[course_id].append(_Apart(*one))
    rosters: dict[UUID, list[Term]] = defaultdict(list)
    for course_id, *term in rows[_ROSTERS]:
        rosters[course_id].append(tuple(term))
    for course in courses:
        rule = rule_of(course, options)
        grids = []
        for period in by_kind[course.period_kind]:
            columns = _columns(lessons[course.id], period)
            given = finals.get((course.id, period.id), [])
            if columns or given:
                grids.append(
                    grid_of(
                        course=course,
                        period=period,
                        rule=rule,
                        columns=columns,
                        cells=[*_cells_of(columns, marks), *given, *_set_apart(course, period, apart)],
                        roster=_in(period, rosters[course.id]),
                    )
                )
        yield course, grids


def _columns(lessons: Iterable[Any], period: PeriodInfo) -> list[Column]:
    found = []
    for key, day, number, topic, homework, off, kind, maximum, title in lessons:
        if day in period:
            found.append(Column(key, "fo", day, number, 10, topic, homework, off, is_mine=False))
            if kind:
                found.append(
                    Column(key, kind, day, number, maximum, topic, homework, off, is_mine=False, title=title)
                )
    return found


def _cells_of(columns: Iterable[Column], marks: Mapping[str, list[Any]]) -> Iterator[Any]:
    for one in columns:
        if one.kind == "fo":
            yield from marks.get(one.lesson_id, ())


def _set_apart(
    course: CourseInfo, period: PeriodInfo, apart: Mapping[UUID | None, Iterable[_Apart]]
) -> Iterator[Any]:
    for one in apart.get(course.id, ()):
        if one.meets(period.end, period.end):
            yield (one.what, "", one.pupil, None, 0, one.value, "")
    if not journal_of_course(course).yields_to_home:
        return
    for one in apart.get(None, ()):
        if one.meets(period.start, period.end):
            until = one.until.isoformat() if one.until else None
            yield (one.what, one.since.isoformat(), one.pupil, None, 0, until, "")


def _in(period: PeriodInfo, roster: Iterable[Term]) -> list[Term]:
    return [one for one in roster if one[3] <= period.end and (one[4] is None or one[4] >= period.start)]
