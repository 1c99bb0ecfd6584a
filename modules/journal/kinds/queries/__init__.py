"""Reads of what stands in journals besides marks: words of progress, programmes of a pupil's own, levels of development."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo
from modules.journal import permissions, queries
from modules.journal.kinds.data import Area, Kind
from modules.journal.kinds.models import Description, DevelopmentLevel, Programme
from modules.journal.kinds.rules import journal_of_course, kind_of
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo

# Words are asked for so long before the end of a period, and after it while it is not closed.
LAST_DAYS = timedelta(days=10)


def decides(actor: Actor, course: CourseInfo) -> bool:
    """Whether the actor decides of the whole journal: its own teacher, and who may write in all."""
    scopes = actor.scopes(permissions.SET_MARKS)
    own = Scope.OWN_LESSONS in scopes and actor.person_id is not None
    return Scope.SCHOOL in scopes or (own and course.teacher_id == actor.person_id)


def pupils_between(*, actor: Actor, course: CourseInfo, start: date, end: date) -> dict[UUID, str]:
    """Names of those whom the course teaches at some time between the days, in the order of the class's list."""
    terms = contingent.terms_in_class(actor=actor, class_id=course.school_class_id, start=start, end=end)
    group = schedule.members_between(course_id=course.id, start=start, end=end)
    return {one.id: one.list_name for one in terms if group is None or one.id in group}


def pupils_of_year(*, actor: Actor, course: CourseInfo) -> dict[UUID, str]:
    """The same of the whole year. A course for some pupils is theirs since the year began, and never the whole class's."""
    first = schedule.year_begins(course.year)
    return pupils_between(actor=actor, course=course, start=first, end=date.max)


# --- programmes of a pupil's own


def in_force(start: date, end: date) -> Q:
    return Q(since__lte=end) & (Q(until=None) | Q(until__gte=start))


def programmes_of(*, course_id: UUID) -> list[Programme]:
    """All programmes of the course, the running and the newest first. The caller has checked the right to it."""
    rows = Programme.objects.filter(course_id=course_id)
    return sorted(rows, key=lambda one: (one.until is not None, -one.since.toordinal(), one.pk))


def unmarked(*, course_ids: Iterable[UUID], start: date, end: date) -> set[tuple[UUID, UUID]]:
    """(course, pupil) of those who learn by a programme without marks between the days."""
    rows = Programme.objects.filter(in_force(start, end), course_id__in=list(course_ids), is_marked=False)
    return set(rows.values_list("course_id", "pupil_id"))


# --- progress in words


@dataclass(frozen=True, slots=True)
class Words:
    """What stands of a pupil's progress, who wrote it and when; `version` 0 while nothing was written."""

    text: str = ""
    version: int = 0
    by: str = ""
    at: datetime | None = None


NOTHING = Words()


def words_of(*, course_ids: Iterable[UUID], period_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], Words]:
    """The words that stand, by course and pupil; of a course one period is asked. The caller has checked the right."""
    rows = (
        Description.objects.filter(course_id__in=list(course_ids), period_id__in=list(period_ids))
        .order_by("course_id", "pupil_id", "-version")
        .distinct("course_id", "pupil_id")
    )
    return {
        (row.course_id, row.pupil_id): Words(row.text, row.version, row.set_by_name, row.set_at)
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A pupil of whom words are asked, and what stands."""

    pupil_id: UUID
    name: str
    words: Words


def described(*, actor: Actor, course: CourseInfo, period: PeriodInfo) -> list[Line]:
    """Those of whom the course's teacher writes in the period. The caller got the course from `open_course`."""
    pupils = pupils_between(actor=actor, course=course, start=period.start, end=period.end)
    known = words_of(course_ids=[course.id], period_ids=[period.id])
    without = unmarked(course_ids=[course.id], start=period.start, end=period.end)
    home = queries.at_home.pupils_on(period.end)
    return lines_of(course, pupils=pupils, known=known, without=without, home=home)


def lines_of(
    course: CourseInfo,
    *,
    pupils: Mapping[UUID, str],
    known: Mapping[tuple[UUID, UUID], Words],
    without: Container[tuple[UUID, UUID]],
    home: Container[UUID],
) -> list[Line]:
    """Of the course's pupils those of whom words are asked, or stand already. `home`: who is taught at home at the end."""
    journal = journal_of_course(course)
    asks_all, yields = journal.has_words, journal.yields_to_home
    return [
        Line(key, name, known.get((course.id, key), NOTHING))
        for key, name in pupils.items()
        if (asks_all and not (yields and key in home))
        or (course.id, key) in without
        or (course.id, key) in known
    ]


def wants_words(*, course: CourseInfo, period: PeriodInfo) -> bool:
    """Whether the journal has a page of words in the period."""
    if journal_of_course(course).has_words:
        return True
    return bool(unmarked(course_ids=[course.id], start=period.start, end=period.end))


def earlier_words(*, course: CourseInfo, period: PeriodInfo) -> dict[UUID, str]:
    """What was written of each pupil in the period before, to read on the side."""
    known = [one for one in schedule.periods(year=course.year, kind=period.kind) if one.end < period.start]
    if not known:
        return {}
    before = words_of(course_ids=[course.id], period_ids=[known[-1].id])
    return {pupil: one.text for (_course, pupil), one in before.items() if one.text}


_UNWRITTEN = """
SELECT count(DISTINCT (c.id, m.pupil_id))::int, count(DISTINCT c.id)::int
FROM schedule_course c JOIN contingent_membership m ON m.school_class_id = c.school_class_id
JOIN contingent_pupil p ON p.id = m.pupil_id AND p.removed_at IS NULL
WHERE c.id = ANY(%(courses)s) AND m.since <= %(today)s AND (m.until IS NULL OR m.until >= %(today)s)
  AND (NOT EXISTS (SELECT FROM schedule_groupmember g WHERE g.course_id = c.id AND g.since <= %(today)s)
       OR EXISTS (SELECT FROM schedule_groupmember g WHERE g.course_id = c.id AND g.pupil_id = m.pupil_id
                    AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)))
  AND (c.kind NOT IN ('core', 'variable') OR NOT EXISTS (SELECT FROM contingent_homeschooling s
    WHERE s.pupil_id = m.pupil_id AND s.since <= %(today)s AND (s.until IS NULL OR s.until >= %(today)s)))
  AND coalesce((SELECT d.text FROM journal_description d
                WHERE d.course_id = c.id AND d.pupil_id = m.pupil_id AND d.period_id = ANY(%(periods)s)
                ORDER BY d.version DESC LIMIT 1), '') = ''
"""


def unwritten(*, actor: Actor) -> tuple[int, int, UUID | None]:
    """How many texts the actor owes at the end of the running periods, of how many journals, and one of these.

    Nothing before a period's last days, nor for who gives no lessons without marks.
    """
    if Scope.OWN_LESSONS not in actor.scopes(permissions.SET_MARKS) or actor.person_id is None:
        return 0, 0, None
    today = clock.today()
    year = clock.school_year_of(today)
    ending = {
        one.kind: one
        for one in schedule.periods(year=year)
        if not one.is_closed and one.end - LAST_DAYS <= today <= one.end + LAST_DAYS
    }
    if not ending:
        return 0, 0, None
    mine = schedule.courses(actor=actor, year=year, teacher_id=actor.person_id)
    asked = [one for one in mine if one.period_kind in ending and journal_of_course(one).has_words]
    if not asked:
        return 0, 0, None
    values: dict[str, Any] = {
        "courses": [one.id for one in asked],
        "periods": [one.id for one in ending.values()],
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNWRITTEN, values)
        texts, journals = cursor.fetchone()
    return texts, journals, asked[0].id


# --- development of preschool children


@dataclass(frozen=True, slots=True)
class Look:
    """A level as it stands, with its version for whoever changes it."""

    level: int | None = None
    version: int = 0


def may_note(actor: Actor, school_class: ClassInfo) -> bool:
    """Whether the actor notes and reads the development of the class's children."""
    scopes = actor.scopes(permissions.DEVELOPMENT)
    if Scope.SCHOOL in scopes:
        return True
    return Scope.OWN_CLASS in scopes and actor.person_id in school_class.leader_ids


def is_preschool(school_class: ClassInfo) -> bool:
    given = kind_of(part="core", class_kind=school_class.kind, grade=school_class.grade)
    return given is Kind.PRESCHOOL


def preschool_classes(*, actor: Actor, year: str) -> list[ClassInfo]:
    """Preschool classes whose monitoring is open to the actor."""
    require(actor, permissions.DEVELOPMENT)
    known = contingent.classes(actor=actor, year=year)
    return [one for one in known if is_preschool(one) and may_note(actor, one)]


def preschool_class(*, actor: Actor, class_id: UUID) -> ClassInfo:
    """One of them; raises NotFound for any other class."""
    require(actor, permissions.DEVELOPMENT)
    found = contingent.school_class(actor=actor, class_id=class_id)
    if not is_preschool(found) or not may_note(actor, found):
        raise NotFound
    return found


def children(*, actor: Actor, class_id: UUID) -> dict[UUID, str]:
    """Who is in the class today, in the order of its list."""
    return {one.id: one.list_name for one in contingent.pupils_of_class(actor=actor, class_id=class_id)}


def development(*, class_id: UUID, stage: str = "") -> dict[tuple[str, UUID, str], Look]:
    """Levels that stand by stage, child and area. The caller has checked the right to the class."""
    rows = DevelopmentLevel.objects.filter(school_class_id=class_id)
    if stage:
        rows = rows.filter(stage=stage)
    found = rows.order_by("stage", "area", "pupil_id", "-version").distinct("stage", "area", "pupil_id")
    return {(row.stage, row.pupil_id, row.area): Look(row.level, row.version) for row in found}


def tally(levels: dict[tuple[str, UUID, str], Look]) -> dict[str, dict[str, dict[int, int]]]:
    """How many children show each level, by stage and area."""
    counted: dict[str, dict[str, dict[int, int]]] = {}
    for (stage, _pupil, area), look in levels.items():
        if look.level is not None:
            of_stage = counted.setdefault(stage, {str(one): {1: 0, 2: 0, 3: 0} for one in Area})
            of_stage[area][look.level] += 1
    return counted


def opened(*, actor: Actor, course_id: UUID) -> CourseInfo:
    """The course whose words and programmes the actor may change; what is not theirs is not there (NotFound)."""
    course = queries.open_course(actor=actor, course_id=course_id, needed=permissions.SET_MARKS)
    if not decides(actor, course):
        raise NotFound
    return course
