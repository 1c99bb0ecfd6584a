"""The calendar of classes × days, with what is proposed and what is broken."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.journal import permissions
from modules.journal import queries as journals
from modules.journal.planner import rules
from modules.journal.planner.queries.books import book_of, kinds_of, may_plan, places_of
from modules.journal.planner.queries.wishes import wishes_of
from modules.journal.planner.rules import Book, BrokenDay, Place, Proposal, Work
from modules.schedule.data import CourseInfo, PeriodInfo


@dataclass(frozen=True, slots=True)
class Chip:
    """A work, or a proposed one, as it stands in a cell."""

    work: Work
    course: CourseInfo
    may_move: bool
    breaks: tuple[rules.Breach, ...] = ()
    is_proposed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the calendar: a class, or a course of one class or one teacher. Cells stand in the order of the days."""

    label: str
    key: UUID
    cells: list[list[Chip]]


@dataclass(slots=True)
class Desk:
    """The calendar of classes × days with what is proposed and what is broken."""

    period: PeriodInfo
    of: str
    title: str
    days: list[date]
    lines: list[Line]
    broken: list[BrokenDay]
    proposals: list[Proposal]
    classes: list[tuple[UUID, str]]
    grades: list[int]
    courses: dict[UUID, CourseInfo] = field(default_factory=dict)
    is_wide: bool = False
    has_own: bool = False
    # On which columns each course has a lesson without a work.
    columns: dict[UUID, list[int]] = field(default_factory=dict)

    @property
    def placed(self) -> list[Proposal]:
        return [one for one in self.proposals if one.work is not None]

    @property
    def homeless(self) -> list[Proposal]:
        return [one for one in self.proposals if one.work is None]

    @property
    def seen(self) -> str:
        """A digest of what is proposed: accepting means these and no others."""
        said = sorted(f"{p.work.course_id} {p.work.kind} {p.work.lesson_id}" for p in self.placed if p.work)
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def desk(*, actor: Actor, period: PeriodInfo, of: str = "") -> Desk:
    """The calendar of the school ("school"), a parallel ("g7"), a class (its id) or one's own courses ("mine").

    Works of a class are judged all together; proposed is only what the actor may put. Raises NotFound for a class
    that the actor does not see.
    """
    require(actor, permissions.PLAN_WORKS)
    options = journals.school_options()
    seen = [
        (course, kinds)
        for course in journals.my_courses(actor=actor, year=period.year)
        if (kinds := kinds_of(course, options))
    ]
    is_wide = actor.reaches_school(permissions.PLAN_WORKS)
    own = {c.id for c, __ in seen if c.teacher_id is not None and c.teacher_id == actor.person_id}
    classes = list({c.school_class_id: c.class_label for c, __ in seen}.items())
    grades = sorted({c.grade for c, __ in seen})
    of = of or (
        "mine" if own and not is_wide else "school" if is_wide else str(classes[0][0]) if classes else "mine"
    )
    chosen = [(c, kinds) for c, kinds in seen if _is_of(c, of, own)]
    if not chosen and of not in {"mine", "school"}:
        raise NotFound
    courses = {c.id: c for c, __ in chosen}
    rooms = {c.school_class_id for c, __ in chosen}
    book, works = book_of(period=period, class_ids=rooms)
    lessons = places_of(course_ids=courses, period=period)
    days = sorted({place.day for places in lessons.values() for place in places} | {w.day for w in works})
    broken = [day for day in rules.broken_days(book) if any(w.course_id in courses for w, __ in day.works)]
    breaks = {w.id: codes for day in broken for w, codes in day.works}
    wishes = wishes_of([(c, k) for c, k in chosen if may_plan(actor, c)], book, lessons, period)
    proposals = rules.propose(book, wishes)
    chips = [
        Chip(w, courses[w.course_id], may_plan(actor, courses[w.course_id]), breaks.get(w.id, ()))
        for w in works
        if w.course_id in courses
    ]
    chips += [
        Chip(p.work, courses[p.work.course_id], True, is_proposed=True)
        for p in proposals
        if p.work is not None
    ]
    by_class = of == "school" or of.startswith("g")
    return Desk(
        period=period,
        of=of,
        title=_title(of, classes),
        days=days,
        lines=_lines(courses.values(), chips, days, by_class=by_class),
        broken=broken,
        proposals=proposals,
        classes=classes,
        grades=grades if is_wide else [],
        courses=courses,
        is_wide=is_wide,
        has_own=bool(own),
        columns=_columns(days, lessons, book),
    )


def _columns(days: Sequence[date], lessons: Mapping[UUID, list[Place]], book: Book) -> dict[UUID, list[int]]:
    column = {day: n for n, day in enumerate(days)}
    found = {}
    for key, places in lessons.items():
        taken = {one.lesson_id for one in book.of_course(key) if one.id is not None}
        found[key] = sorted({column[one.day] for one in places if one.lesson_id not in taken})
    return found


def _is_of(course: CourseInfo, of: str, own: set[UUID]) -> bool:
    if of == "mine":
        return course.id in own
    return of in ("school", f"g{course.grade}", str(course.school_class_id))


def _title(of: str, classes: Sequence[tuple[UUID, str]]) -> str:
    return next((label for key, label in classes if str(key) == of), "")


def _lines(
    courses: Collection[CourseInfo],
    chips: Iterable[Chip],
    days: Sequence[date],
    *,
    by_class: bool,
) -> list[Line]:
    column = {day: n for n, day in enumerate(days)}
    lines: dict[UUID, Line] = {}
    several = len({c.school_class_id for c in courses}) > 1
    for course in courses:
        key = course.school_class_id if by_class else course.id
        if key not in lines:
            tail = f" ({course.group})" if course.group else ""
            label = course.class_label if by_class else course.title if several else f"{course.subject}{tail}"
            lines[key] = Line(label, key, [[] for __ in days])
    for chip in chips:
        key = chip.course.school_class_id if by_class else chip.course.id
        lines[key].cells[column[chip.work.day]].append(chip)
    return list(lines.values())
