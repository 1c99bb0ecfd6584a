"""What crosses the module's border: periods, courses, lessons and days as others see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from modules.schedule.load.data import with_part


@dataclass(frozen=True, slots=True)
class PeriodInfo:
    id: UUID
    year: str
    kind: str
    number: int
    start: date
    end: date
    closed_at: datetime | None

    @property
    def code(self) -> str:
        """How figures name the period: q1 … q4, h1, h2."""
        return f"{self.kind[0]}{self.number}"

    @property
    def last_quarter(self) -> int:
        """The quarter at whose end the period ends."""
        return self.number if self.kind == "quarter" else 2 * self.number

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        text = _("Quarter {number}") if self.kind == "quarter" else _("Half-year {number}")
        return text.format(number=self.number)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class CourseInfo:
    """A line of load with the names that a reader wants beside it."""

    id: UUID
    year: str
    school_class_id: UUID
    class_label: str
    grade: int
    subject_code: str
    subject: str
    subject_short: str
    group: int
    teacher_id: UUID | None
    teacher: str
    hours: float
    period_kind: str
    leader_ids: frozenset[UUID] = frozenset()
    set_code: str = ""
    # The part of the curriculum (core, variable, elective, club, home, correction) and the kind of the class.
    part: str = "core"
    class_kind: str = ""

    @property
    def title(self) -> str:
        """Class and subject, with the group's number where the class is divided."""
        tail = f" ({self.group})" if 0 < self.group < 51 else ""
        return f"{self.class_label} · {self.subject}{tail}"


@dataclass(frozen=True, slots=True)
class LessonInfo:
    id: UUID
    course_id: UUID
    school_class_id: UUID
    teacher_id: UUID | None
    date: date
    number: int
    room: str
    topic: str
    homework: str
    is_cancelled: bool


WhereElse = tuple[date, int]


class Fate(StrEnum):
    """What became of a lesson that its day has otherwise than the week."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    CAME = "came"
    EXTRA = "extra"
    TAKEN = "taken"
    JOINED = "joined"


def words_of_fate(fate: str, *, other: WhereElse | None = None, teacher: str = "", why: str = "") -> str:
    """What became of the lesson, in the reader's language; `other` is where it went or whence it came."""
    said = {
        Fate.CANCELLED: pgettext("lesson", "cancelled"),
        Fate.MOVED: _("moved to {day}, lesson {number}"),
        Fate.CAME: _("moved here from {day}, lesson {number}"),
        Fate.EXTRA: _("extra lesson"),
        Fate.TAKEN: _("another teacher: {teacher}"),
        Fate.JOINED: _("together with another class, teacher: {teacher}"),
    }
    day, number = other or (None, 0)
    text = said[Fate(fate)].format(
        day=formats.date_format(day, "j E").lower() if day else "", number=number, teacher=teacher
    )
    return _("{what}: {why}").format(what=text, why=why) if why and fate == Fate.CANCELLED else text


@dataclass(frozen=True, slots=True)
class TimetableLine:
    """A lesson of somebody's day with everything to be shown."""

    lesson_id: UUID
    course_id: UUID
    school_class_id: UUID
    class_label: str
    date: date
    number: int
    start: time | None
    end: time | None
    subject_code: str
    subject: str
    teacher: str
    room: str
    topic: str
    homework: str
    is_cancelled: bool
    group: int = 0
    # Why it is cancelled, moved or added.
    why: str = ""
    # What the lesson is called by itself, in place of its subject: a club's name.
    name: str = ""
    # What became of it, where it went or whence it came; empty for an ordinary lesson.
    fate: str = ""
    other: WhereElse | None = None
    # Its day made it so, not somebody for this lesson alone.
    is_by_calendar: bool = False

    @property
    def whose(self) -> str:
        """The class, or the part of it."""
        return with_part(self.class_label, self.group)

    @property
    def is_substituted(self) -> bool:
        return self.fate in (Fate.TAKEN, Fate.JOINED)

    @property
    def told(self) -> str:
        """What became of it in words; nothing for an ordinary lesson."""
        if not self.fate:
            return ""
        return words_of_fate(self.fate, other=self.other, teacher=self.teacher, why=self.why)


@dataclass(frozen=True, slots=True)
class Clash:
    """A lesson that was not made, because the class or the teacher is busy then."""

    day: date
    number: int
    course_id: UUID


@dataclass(frozen=True, slots=True)
class Generated:
    """How many lessons were made, and those that would not fit. Making them again adds none."""

    made: int
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day with its lessons; `note` says in words what makes the day differ."""

    day: date
    lines: tuple[TimetableLine, ...]
    note: Any = ""
    # Of one class: frost, quarantine, a moved or a shortened day; not the holidays that everybody knows.
    is_special: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysNews:
    """What a class is told of special days; `params` are codes that `words_of_days` turns into words."""

    class_id: UUID
    class_label: str
    first: date
    is_back: bool
    leader_ids: frozenset[UUID]
    params: Mapping[str, str | int]
