"""How journals are filled: marks given and late, topics missing, marks deleted, marks unlike the recommended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from kernel.access import Actor, require
from kernel.names import PersonName, kazakh_order
from modules.journal import permissions, rules
from modules.journal.queries import names_of
from modules.journal.reports.queries.achievement import Given, given_marks
from modules.journal.reports.queries.ground import CourseOf, Span, courses_of, names_of_pupils, rules_of
from modules.school import api as school

LATE_SETTING = "journal.late_days"

# A mark is late when its first value came late: one that was corrected later is not.
_LATE = """
m.set_at >= (l.date + %(late)s::int + 1)::timestamp AT TIME ZONE 'Asia/Almaty' AND NOT EXISTS (
  SELECT FROM journal_markevent e WHERE m.version > 1 AND e.lesson_id = m.lesson_id AND e.pupil_id = m.pupil_id
    AND e.field = m.kind AND e.new IS NOT NULL
    AND e.at < (l.date + %(late)s::int + 1)::timestamp AT TIME ZONE 'Asia/Almaty')
"""
_LESSONS = """
lesson AS (
  SELECT l.id, l.course_id, l.teacher_id, l.date, l.number, l.topic = '' AS no_topic FROM schedule_lesson l
  WHERE l.state = 'held' AND l.date BETWEEN %(start)s AND %(until)s AND l.teacher_id IS NOT NULL
    AND (%(teacher)s::uuid IS NULL OR l.teacher_id = %(teacher)s)
)
"""
_BARE = """
NOT EXISTS (SELECT FROM journal_mark m WHERE m.lesson_id = l.id AND m.points IS NOT NULL)
AND NOT EXISTS (SELECT FROM journal_absence a WHERE a.lesson_id = l.id AND a.code IS NOT NULL)
"""
_DELETED = "e.old IS NOT NULL AND e.new IS NULL AND e.field IN ('fo', 'sor', 'soch')"
_DIFFERS = "p.period_id = ANY(%(periods)s) AND p.recommended <> '' AND p.final <> p.recommended"
_FIGURES = f"""
WITH {_LESSONS}
SELECT 'lesson', l.teacher_id, l.course_id, count(*)::int, (count(*) FILTER (WHERE l.no_topic))::int,
       (count(*) FILTER (WHERE {_BARE}))::int
FROM lesson l GROUP BY 2, 3
UNION ALL
SELECT 'mark', l.teacher_id, l.course_id, (count(*) FILTER (WHERE m.kind = 'fo'))::int,
       (count(*) FILTER (WHERE m.kind <> 'fo'))::int, (count(*) FILTER (WHERE {_LATE}))::int
FROM lesson l JOIN journal_mark m ON m.lesson_id = l.id AND m.points IS NOT NULL GROUP BY 2, 3
UNION ALL
SELECT 'deleted', l.teacher_id, l.course_id, count(*)::int, 0, 0
FROM lesson l JOIN journal_markevent e ON e.lesson_id = l.id AND {_DELETED} GROUP BY 2, 3
UNION ALL
SELECT 'differs', NULL, p.course_id, count(*)::int, 0, 0
FROM journal_periodmark p WHERE {_DIFFERS} GROUP BY 3
"""  # noqa: S608 - constant texts


@dataclass(slots=True)
class Filling:
    """How one teacher, one journal or all together stand."""

    lessons: int = 0
    no_topic: int = 0
    unmarked: int = 0
    current: int = 0
    summative: int = 0
    late: int = 0
    deleted: int = 0
    differs: int = 0
    places: int = 0
    finals: int = 0

    FIELDS = (
        "lessons",
        "no_topic",
        "unmarked",
        "current",
        "summative",
        "late",
        "deleted",
        "differs",
        "places",
        "finals",
    )

    def add(self, other: Filling) -> None:
        for name in self.FIELDS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def no_final(self) -> int:
        """Pupils in journals without the mark of the period."""
        return self.places - self.finals

    @property
    def mean(self) -> float | None:
        """Current marks for one pupil in one journal."""
        return self.current / self.places if self.places else None

    @property
    def is_silent(self) -> bool:
        """Lessons that ask for marks were given, and not one mark."""
        return bool(self.places and self.lessons and not self.current and not self.summative)


@dataclass(slots=True)
class TeacherFilling:
    teacher_id: UUID
    name: str
    figures: Filling = field(default_factory=Filling)
    journals: dict[UUID, Filling] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Control:
    teachers: tuple[TeacherFilling, ...]
    total: Filling
    courses: dict[UUID, CourseOf]

    @property
    def silent(self) -> list[TeacherFilling]:
        return [one for one in self.teachers if one.figures.is_silent]


def late_days() -> int:
    """From how many days after its lesson a mark is late; a setting of the school, from memory."""
    return int(school.setting_values(LATE_SETTING)[LATE_SETTING])


def _values(span: Span, teacher: UUID | None = None) -> dict[str, Any]:
    return {
        "start": span.start,
        "until": span.until,
        "late": late_days(),
        "periods": [one.id for one in span.parts],
        "teacher": teacher,
    }


def _assessed(courses: Iterable[CourseOf], year: str) -> set[UUID]:
    """Journals that ask for marks."""
    return {key for key, rule in rules_of(courses, year).items() if rule.mode is not rules.Mode.NONE}


def control(*, actor: Actor, span: Span) -> Control:
    """Every teacher's figures of the period: one statement of them all, besides journals and marks of the period."""
    require(actor, permissions.CONTROL)
    courses = {one.id: one for one in courses_of(actor=actor, span=span)}
    teachers = _count(span, courses)
    names = _names_of_teachers(list(teachers))
    total = Filling()
    for one in teachers.values():
        one.name = names.get(one.teacher_id, "")
        total.add(one.figures)
    found = sorted(teachers.values(), key=lambda one: kazakh_order(one.name))
    return Control(tuple(found), total, courses)


def filling_of_teacher(*, span: Span, courses: Sequence[CourseOf], teacher_id: UUID) -> TeacherFilling:
    """The figures of one teacher in her courses. The caller has checked the right."""
    found = _count(span, {one.id: one for one in courses}, teacher_id)
    return found.get(teacher_id) or TeacherFilling(teacher_id, "")


def _count(
    span: Span, courses: dict[UUID, CourseOf], teacher: UUID | None = None
) -> dict[UUID, TeacherFilling]:
    """Figures by teacher and journal."""
    assessed = _assessed(courses.values(), span.year)
    teachers: dict[UUID, TeacherFilling] = {}

    def of(teacher_id: UUID, course_id: UUID) -> Filling:
        one = teachers.setdefault(teacher_id, TeacherFilling(teacher_id, ""))
        return one.journals.setdefault(course_id, Filling())

    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, _values(span, teacher))
        for what, teacher_id, course_id, first, second, third in cursor.fetchall():
            course = courses.get(course_id)
            whose = teacher_id or (course.teacher_id if course else None)
            if course is None or whose is None:
                continue
            mine = of(whose, course_id)
            if what == "lesson":
                mine.lessons, mine.no_topic = first, second
                mine.unmarked = third if course_id in assessed else 0
            elif what == "mark":
                mine.current, mine.summative, mine.late = first, second, third
            elif what == "deleted":
                mine.deleted = first
            else:
                mine.differs = first
    for given in given_marks(span=span, courses=courses.values()):
        if given.course.teacher_id is not None:
            mine = of(given.course.teacher_id, given.course.id)
            mine.places += 1
            mine.finals += given.is_final
    for one in teachers.values():
        for journal in one.journals.values():
            one.figures.add(journal)
    return teachers


def _names_of_teachers(ids: list[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, surname, name, patronymic FROM staff_employee WHERE id = ANY(%s)", [ids])
        return {key: PersonName(*name).short for key, *name in cursor.fetchall()}


# --- the lists behind the figures


@dataclass(frozen=True, slots=True)
class LessonLine:
    course: CourseOf
    teacher: str
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark that came late, was deleted or differs: `old` and `new` say what it was and is."""

    course: CourseOf
    teacher: str
    pupil_id: UUID
    pupil: str
    day: date | None
    kind: str
    old: str
    new: str
    at: date | None
    by: str = ""
    reason: str = ""


_BARE_LESSONS = f"""
WITH {_LESSONS} SELECT l.course_id, l.teacher_id, l.date, l.number FROM lesson l
WHERE CASE %(what)s WHEN 'lessons' THEN true WHEN 'topics' THEN l.no_topic ELSE {_BARE} END ORDER BY l.date, l.number, l.id
"""  # noqa: S608 - constant texts
_LATE_MARKS = f"""
WITH {_LESSONS}
SELECT l.course_id, l.teacher_id, m.pupil_id, l.date, m.kind, NULL, m.points::text, m.set_at, m.set_by, ''
FROM lesson l JOIN journal_mark m ON m.lesson_id = l.id AND m.points IS NOT NULL WHERE {_LATE} ORDER BY l.date, m.id
"""  # noqa: S608 - constant texts
_DELETED_MARKS = f"""
WITH {_LESSONS}
SELECT l.course_id, l.teacher_id, e.pupil_id, l.date, e.field, e.old, NULL, e.at, e.by_user, e.reason
FROM lesson l JOIN journal_markevent e ON e.lesson_id = l.id AND {_DELETED} ORDER BY e.at, e.id
"""  # noqa: S608 - constant texts
_DIFFERENT_MARKS = f"""
SELECT p.course_id, NULL, p.pupil_id, NULL, 'final', p.recommended, p.final, p.set_at, p.set_by, p.reason
FROM journal_periodmark p WHERE {_DIFFERS} ORDER BY p.set_at, p.id
"""  # noqa: S608 - constant texts
_MARK_LISTS = {"late": _LATE_MARKS, "deleted": _DELETED_MARKS, "differs": _DIFFERENT_MARKS}


def lessons_behind(*, actor: Actor, span: Span, what: str, teacher: UUID | None) -> list[LessonLine]:
    """Held lessons without a topic ("topics"), or without any mark or absence ("unmarked")."""
    require(actor, permissions.CONTROL)
    return lessons_of(span=span, courses=courses_of(actor=actor, span=span), what=what, teacher=teacher)


def lessons_of(
    *, span: Span, courses: Iterable[CourseOf], what: str, teacher: UUID | None
) -> list[LessonLine]:
    """The same in the courses, and all held lessons ("lessons"). The caller has checked the right."""
    known = {one.id: one for one in courses}
    asked = _assessed(known.values(), span.year) if what == "unmarked" else known.keys()
    with connection.cursor() as cursor:
        cursor.execute(_BARE_LESSONS, {**_values(span, teacher), "what": what})
        rows = [row for row in cursor.fetchall() if row[0] in asked]
    names = _names_of_teachers(list({row[1] for row in rows}))
    return [LessonLine(known[c], names.get(t, ""), day, number) for c, t, day, number in rows]


def marks_behind(*, actor: Actor, span: Span, what: str, teacher: UUID | None) -> list[MarkLine]:
    """Marks that came late, were deleted, or differ from the recommended; with who did it and why."""
    require(actor, permissions.CONTROL)
    return marks_of(span=span, courses=courses_of(actor=actor, span=span), what=what, teacher=teacher)


def marks_of(*, span: Span, courses: Iterable[CourseOf], what: str, teacher: UUID | None) -> list[MarkLine]:
    """The same in the courses. The caller has checked the right."""
    known = {one.id: one for one in courses}
    with connection.cursor() as cursor:
        cursor.execute(_MARK_LISTS[what], _values(span, teacher))
        rows = [row for row in cursor.fetchall() if row[0] in known]
    if what == "differs" and teacher is not None:
        rows = [row for row in rows if known[row[0]].teacher_id == teacher]
    pupils = names_of_pupils(list({row[2] for row in rows}))
    teachers = _names_of_teachers(list({row[1] for row in rows if row[1]}))
    users = names_of({row[8] for row in rows if row[8]})
    return [
        MarkLine(
            course=known[course],
            teacher=teachers.get(who, "") if who else known[course].teacher,
            pupil_id=pupil,
            pupil=pupils.get(pupil, ""),
            day=day,
            kind=kind,
            old=old or "",
            new=new or "",
            at=at.date() if at else None,
            by=users.get(by, ""),
            reason=reason or "",
        )
        for course, who, pupil, day, kind, old, new, at, by, reason in rows
    ]


def without_final(
    *, actor: Actor, span: Span, teacher: UUID | None
) -> tuple[Sequence[Given], dict[UUID, str]]:
    """Pupils whom a mark of the period is asked of and who have none yet, with their names."""
    require(actor, permissions.CONTROL)
    courses = courses_of(actor=actor, span=span)
    wanted = [
        one
        for one in courses
        if one.teacher_id is not None and (teacher is None or one.teacher_id == teacher)
    ]
    found = [one for one in given_marks(span=span, courses=wanted) if not one.is_final]
    names = names_of_pupils(list({one.pupil_id for one in found}))
    place = {one.id: n for n, one in enumerate(courses)}
    found.sort(key=lambda one: (place[one.course.id], kazakh_order(names.get(one.pupil_id, ""))))
    return found, names
