"""The load as its pages and papers see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import pgettext

# Groups from here on are circles of their own (a club, a child at home), not parts of the class.
OWN_CIRCLE = 51


def with_part(words: str, group: int) -> str:
    """A class or a subject with the number of the part of the class, where it is a part: 7А (2)."""
    return f"{words} ({group})" if 0 < group < OWN_CIRCLE else words


@dataclass(frozen=True, slots=True)
class Division:
    """Whether a class is divided for a subject: `due` is must, may or no."""

    due: str
    pupils: int
    threshold: int | None
    needs: int
    by_sex: bool
    law: str
    is_sourced: bool


def standing(*, hours: Decimal, norm: Decimal, most: Decimal) -> str:
    """none, under, full, over, or beyond the most that is given without an agreement."""
    if hours > most:
        return "beyond"
    if not hours:
        return "none"
    if hours == norm:
        return "full"
    return "over" if hours > norm else "under"


@dataclass(frozen=True, slots=True)
class TypicalInfo:
    """The typical curriculum that a class is read against."""

    grade: int
    language: str
    direction: str
    since: str
    subjects: dict[str, Decimal]
    electives: tuple[Any, ...]
    variable: Decimal | None
    maximum: Decimal | None
    source: str
    is_sourced: bool
    is_own: bool = False

    @property
    def invariant(self) -> Decimal:
        return sum(self.subjects.values(), Decimal(0))

    def allowed(self, subject_code: str) -> tuple[Decimal, ...]:
        """The hours that the plan gives the subject: one figure, or those of the electives that offer it."""
        if subject_code in self.subjects:
            return (self.subjects[subject_code],)
        return tuple(Decimal(str(one.hours)) for one in self.electives if subject_code in one.of)


@dataclass(frozen=True, slots=True)
class LineInfo:
    """A line of load: one class, subject and group with its teacher on the asked day."""

    id: UUID
    school_class_id: UUID
    class_label: str
    grade: int
    subject_code: str
    subject: str
    subject_short: str
    kind: str
    name: str
    group: int
    hours: Decimal
    reason: str
    set_code: str
    shift: int
    teacher_id: UUID | None
    next_teacher_id: UUID | None = None
    next_since: date | None = None

    @property
    def title(self) -> str:
        """The subject, or what the circle is called, with the number of the part of the class."""
        return with_part(self.name or self.subject, self.group)

    @property
    def said(self) -> str:
        """What load sheets call the hours: whose child is taught at home stands on no paper."""
        if self.kind == "home":
            return pgettext("hours", "{subject}, at home").format(subject=self.subject)
        if self.kind == "correction":
            return pgettext("hours", "{subject}, correction").format(subject=self.subject)
        return self.name or self.subject

    @property
    def part(self) -> int:
        """The number of the part of the class; 0 for a whole class and for a circle."""
        return 0 if self.is_circle else self.group

    @property
    def is_circle(self) -> bool:
        """Whether the line is a circle of its own: a club, an elective, a child at home."""
        return self.group >= OWN_CIRCLE

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes lines one hour of the teacher: joined classes share the code and the subject."""
        if self.set_code:
            return (self.teacher_id, self.set_code, self.subject_code, self.part)
        return (self.id,)


@dataclass(slots=True)
class PlanLine:
    """A subject in the class's curriculum: its groups, and what the typical plan says."""

    kind: str
    subject_code: str
    title: str
    hours: Decimal
    typical: tuple[Decimal, ...]
    reason: str
    courses: list[LineInfo] = field(default_factory=list)
    division: Division | None = None
    unplaced: int = 0

    @property
    def first(self) -> LineInfo:
        return self.courses[0]

    @property
    def deviates(self) -> bool:
        return self.kind == "core" and bool(self.typical) and self.hours not in self.typical

    @property
    def is_divided(self) -> bool:
        return len(self.courses) > 1

    @property
    def is_said(self) -> bool:
        """Whether there is anything to say of groups here."""
        return self.is_divided or self.first.is_circle or self.division is not None


@dataclass(frozen=True, slots=True)
class Joined:
    """Lines of one teacher that are one hour: usually one line, in a small school several grades together."""

    lines: tuple[LineInfo, ...]

    @property
    def hours(self) -> Decimal:
        return max(one.hours for one in self.lines)

    @property
    def classes(self) -> str:
        return " + ".join(one.class_label for one in self.lines)

    @property
    def first(self) -> LineInfo:
        return self.lines[0]


@dataclass(slots=True)
class TeacherLoad:
    """A teacher's row of the load sheet."""

    id: UUID
    name: str
    rate: Decimal
    norm: Decimal
    most: Decimal
    subjects: tuple[str, ...] = ()
    joined: list[Joined] = field(default_factory=list)

    @property
    def hours(self) -> Decimal:
        return sum((one.hours for one in self.joined), Decimal(0))

    @property
    def difference(self) -> Decimal:
        return self.hours - self.norm

    @property
    def state(self) -> str:
        return standing(hours=self.hours, norm=self.norm, most=self.most)

    def by_subject(self) -> list[tuple[str, list[Joined]]]:
        found: dict[str, list[Joined]] = {}
        for one in self.joined:
            found.setdefault(one.first.said, []).append(one)
        return list(found.items())


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who could take a vacant line, and why so far up the list."""

    id: UUID
    name: str
    hours: Decimal
    after: Decimal
    norm: Decimal
    most: Decimal
    knows: bool
    in_class: bool
    has_other_half: bool  # teaches the subject to another part of the class, which learns at the same hours
    clashes: int

    @property
    def state(self) -> str:
        return standing(hours=self.after, norm=self.norm, most=self.most)


@dataclass(frozen=True, slots=True)
class TermOfTeacher:
    """Who had the course between the days."""

    teacher: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """Hours of a line from the first day of the year: by the curriculum, laid by the calendar, held, cancelled."""

    line: LineInfo
    teacher: str
    of_year: Decimal
    laid: int
    due: int
    held: int
    cancelled: int

    @property
    def difference(self) -> int:
        """Held more (or less) than the calendar's lessons up to the day."""
        return self.held - self.due

    @property
    def of_plan(self) -> Decimal:
        """How far the lessons laid in the year are from the curriculum."""
        return self.laid - self.of_year


@dataclass(frozen=True, slots=True)
class Shared:
    """A club that pupils of several classes attend: its line in each class, and the classes that could be added."""

    lines: tuple[LineInfo, ...]
    classes: tuple[tuple[UUID, str], ...]
