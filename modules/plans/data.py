"""What plans are made of: kinds of lines, states of a plan, parts of a lesson."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(StrEnum):
    """What the hours of a line are spent on."""

    LESSON = "lesson"
    SOR = "sor"
    SOCH = "soch"
    REPETITION = "repetition"
    RESERVE = "reserve"


KIND_LABELS: dict[str, Any] = {
    Kind.LESSON: pgettext_lazy("line of a plan", "Lesson"),
    Kind.SOR: pgettext_lazy("line of a plan", "SOR"),
    Kind.SOCH: pgettext_lazy("line of a plan", "SOCH"),
    Kind.REPETITION: pgettext_lazy("line of a plan", "Repetition"),
    Kind.RESERVE: pgettext_lazy("line of a plan", "Reserve"),
}


class State(StrEnum):
    """Where a plan stands on its way to the director."""

    DRAFT = "draft"
    TEAM = "team"
    OFFICE = "office"
    APPROVED = "approved"
    REPLACED = "replaced"


STATE_LABELS: dict[str, Any] = {
    State.DRAFT: pgettext_lazy("plan", "draft"),
    State.TEAM: pgettext_lazy("plan", "with the subject team"),
    State.OFFICE: pgettext_lazy("plan", "waits for approval"),
    State.APPROVED: pgettext_lazy("plan", "approved"),
    State.REPLACED: pgettext_lazy("plan", "replaced by a new version"),
}
STATE_TONES = {
    State.DRAFT: "neutral",
    State.TEAM: "info",
    State.OFFICE: "warning",
    State.APPROVED: "success",
    State.REPLACED: "neutral",
}
OPEN = (State.DRAFT, State.TEAM, State.OFFICE)


class Part(StrEnum):
    """The parts of a lesson in the order's form."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


PART_LABELS: dict[str, Any] = {
    Part.START: _("Beginning of the lesson"),
    Part.MIDDLE: _("Middle of the lesson"),
    Part.END: _("End of the lesson"),
}
QUARTERS = (1, 2, 3, 4)
LANGUAGES = (("kk", _("in Kazakh")), ("ru", _("in Russian")))
# How long the texts of a line may be.
LENGTHS = {"section": 300, "topic": 300, "objectives": 2000, "note": 500}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line to be put into a plan."""

    quarter: int
    topic: str
    kind: str = Kind.LESSON
    section: str = ""
    objectives: str = ""
    hours: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlannedTopic:
    """What the plan says for a lesson."""

    lesson_id: UUID
    line_id: UUID
    plan_id: UUID
    kind: str
    topic: str
    objectives: str
    is_approved: bool


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """A СОР or СОЧ that a plan has laid at a lesson."""

    kind: str
    lesson_id: UUID
    day: date
    topic: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A part of a line and the lesson at which it stands; without a lesson when there is no room for it."""

    line_id: UUID
    part: int
    of: int
    kind: str
    topic: str
    quarter: int
    lesson_id: UUID | None = None
    day: date | None = None
    number: int = 0
    is_held: bool = False
    # Where it stood when it was laid last, if that is another day.
    was_day: date | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class CourseDates:
    """A plan over the lessons of a course: lines with their days, lines without, and lessons left without a line."""

    course_id: UUID
    title: str
    dated: tuple[Dated, ...]
    without: tuple[Dated, ...]
    empty: tuple[tuple[UUID, date, int], ...] = field(default=())

    @property
    def moved(self) -> tuple[Dated, ...]:
        return tuple(one for one in self.dated if one.was_day is not None and one.was_day != one.day)
