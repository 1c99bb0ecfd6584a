"""What the schedule tells the rest of the school."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PeriodClosed(Event):
    """The period's marks stand as they are."""

    name = "schedule.period.closed.v1"
    period_id: str
    year: str
    code: str


@dataclass(frozen=True, kw_only=True)
class PeriodReopened(Event):
    """The period's marks may change again."""

    name = "schedule.period.reopened.v1"
    period_id: str
    year: str
    code: str


@dataclass(frozen=True, kw_only=True)
class LessonsGenerated(Event):
    """Dated lessons of courses were laid over a period."""

    name = "schedule.lessons.generated.v1"
    period_id: str
    year: str
    made: int


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """Days of the year are otherwise than before; so many lessons went, came or moved with them."""

    name = "schedule.calendar.changed.v1"
    year: str
    kind: str
    start: str
    end: str
    lessons: int


@dataclass(frozen=True, kw_only=True)
class LessonsChanged(Event):
    """Somebody cancelled, moved, gave away, added or put back lessons of a class; the days are otherwise than before."""

    name = "schedule.lessons.changed.v1"
    class_id: str
    course_ids: list[str]
    days: list[str]


@dataclass(frozen=True, kw_only=True)
class SpecialDaysChanged(Event):
    """Special days were declared, changed, taken back or put in force again; the classes are all whom it concerns."""

    name = "schedule.special_days.changed.v1"
    special_id: str
    class_ids: list[str]
