"""Mentors and their young teachers, and how the young teacher does in a quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import kazakh_order
from modules.journal import permissions
from modules.journal.reports.data import Marks, is_picked, together
from modules.journal.reports.models import MentorReport, Mentorship
from modules.journal.reports.queries.achievement import Given, given_marks
from modules.journal.reports.queries.filling import (
    Filling,
    LessonLine,
    MarkLine,
    filling_of_teacher,
    lessons_of,
    marks_of,
)
from modules.journal.reports.queries.ground import CourseOf, Span, courses_of_teacher, names_of_pupils
from modules.staff import api as staff


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentor and a young teacher with their names."""

    id: UUID
    mentor_id: UUID
    mentor: str
    teacher_id: UUID
    teacher: str
    since: date
    until: date | None

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until < clock.today()


def pairs(*, actor: Actor) -> list[Pair]:
    """One's own young teachers; all of the school for who answers for journals. Running ones first."""
    require(actor, permissions.VIEW)
    mine = Q(mentor_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    rows = Mentorship.objects.all() if actor.may(permissions.CONTROL) else Mentorship.objects.filter(mine)
    found = _named(actor, rows)
    return sorted(found, key=lambda one: (one.is_over, kazakh_order(one.mentor), kazakh_order(one.teacher)))


def _named(actor: Actor, rows: Iterable[Mentorship]) -> list[Pair]:
    found = list(rows)
    people = staff.teachers(
        actor=actor, employee_ids={key for one in found for key in (one.mentor_id, one.teacher_id)}
    )

    def name(key: UUID) -> str:
        return people[key].full_name if key in people else ""

    return [
        Pair(
            one.pk,
            one.mentor_id,
            name(one.mentor_id),
            one.teacher_id,
            name(one.teacher_id),
            one.since,
            one.until,
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class MenteeQuarter:
    """The young teacher's journals in the quarter, and what the mentor says."""

    pair: Pair
    span: Span
    journals: list[tuple[CourseOf, Marks, Filling]]
    said: MentorReport | None
    writes: bool

    @property
    def total(self) -> Marks:
        return together(marks for __, marks, __more in self.journals)

    @property
    def filling(self) -> Filling:
        whole = Filling()
        for *__, figures in self.journals:
            whole.add(figures)
        return whole


def _opened(actor: Actor, mentorship_id: UUID) -> tuple[Mentorship, bool]:
    """The row, and whether the actor is the mentor; raises NotFound for others, but for who answers for journals."""
    require(actor, permissions.VIEW)
    row = Mentorship.objects.filter(pk=mentorship_id).first()
    is_own = row is not None and actor.person_id is not None and row.mentor_id == actor.person_id
    if row is None or not (is_own or actor.may(permissions.CONTROL)):
        raise NotFound
    return row, is_own


def quarters_of(*, actor: Actor, mentorship_id: UUID, known: Iterable[Span]) -> list[Span]:
    """Those of the quarters that the mentor's term touches; raises NotFound."""
    row, __ = _opened(actor, mentorship_id)
    return [one for one in known if _touches(row, one)]


def _touches(row: Mentorship, span: Span) -> bool:
    return row.since <= span.end and (row.until is None or row.until >= span.start)


def quarter_of(*, actor: Actor, mentorship_id: UUID, span: Span) -> MenteeQuarter:
    """For the mentor and for who answers for journals; raises NotFound for others and for a quarter outside of the
    mentor's term."""
    row, is_own = _in_term(actor, mentorship_id, span)
    courses = courses_of_teacher(span=span, teacher_id=row.teacher_id)
    marks: dict[UUID, Marks] = defaultdict(Marks)
    for one in given_marks(span=span, courses=courses):
        marks[one.course.id].add(one.mark, is_final=one.is_final)
    filled = filling_of_teacher(span=span, courses=courses, teacher_id=row.teacher_id).journals
    [pair] = _named(actor, [row])
    said = MentorReport.objects.filter(mentorship=row, period_id=span.parts[0].id).first()
    journals = [(one, marks[one.id], filled.get(one.id, Filling())) for one in courses]
    return MenteeQuarter(pair, span, journals, said, is_own)


def _in_term(actor: Actor, mentorship_id: UUID, span: Span) -> tuple[Mentorship, bool]:
    """As `_opened`; a quarter outside of the mentor's term is not there either."""
    row, is_own = _opened(actor, mentorship_id)
    if not _touches(row, span):
        raise NotFound
    return row, is_own


# --- the lists behind the figures


@dataclass(frozen=True, slots=True)
class MenteeJournals:
    """The young teacher's journals of the quarter, or one of them: what a list is made of."""

    teacher_id: UUID
    span: Span
    courses: list[CourseOf]


def journals_of(
    *, actor: Actor, mentorship_id: UUID, span: Span, course_id: UUID | None = None
) -> MenteeJournals:
    """For whom the report is; raises NotFound for others and for a journal that is not the young teacher's."""
    row, __ = _in_term(actor, mentorship_id, span)
    courses = courses_of_teacher(span=span, teacher_id=row.teacher_id)
    if course_id is not None:
        courses = [one for one in courses if one.id == course_id]
        if not courses:
            raise NotFound
    return MenteeJournals(row.teacher_id, span, courses)


def marks_behind(of: MenteeJournals, *, pick: str) -> tuple[list[Given], dict[UUID, str]]:
    """Marks of the quarter behind a figure, with the names of their pupils."""
    found = [
        one
        for one in given_marks(span=of.span, courses=of.courses)
        if is_picked(pick, one.mark, is_final=one.is_final)
    ]
    names = names_of_pupils(list({one.pupil_id for one in found}))
    place = {one.id: n for n, one in enumerate(of.courses)}
    found.sort(key=lambda one: (place[one.course.id], kazakh_order(names.get(one.pupil_id, ""))))
    return found, names


def lessons_behind(of: MenteeJournals, *, what: str) -> list[LessonLine]:
    """Lessons that the young teacher held ("lessons"), those without a topic ("topics")."""
    return lessons_of(span=of.span, courses=of.courses, what=what, teacher=of.teacher_id)


def late_marks(of: MenteeJournals) -> list[MarkLine]:
    return marks_of(span=of.span, courses=of.courses, what="late", teacher=of.teacher_id)
