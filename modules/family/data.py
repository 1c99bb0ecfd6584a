"""What the family's pages are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from modules.contingent.data import PupilInfo
from modules.journal.data import ChildComment, ChildMark, ChildSubject, ChildWork
from modules.schedule.data import PeriodInfo, TimetableLine


@dataclass(frozen=True, slots=True)
class Line:
    """A lesson of the day; `when` is past, now, next or later."""

    lesson: TimetableLine
    when: str = "later"


@dataclass(frozen=True, slots=True)
class Day:
    """The child's day in the timetable, with the days to go to."""

    day: date
    lines: Sequence[Line]
    before: date
    after: date
    is_today: bool
    is_tomorrow: bool = False
    # What makes the day differ: holidays, frost, shortened lessons.
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """One of the coming days that will not be as usual: what makes it differ, and its changed lessons."""

    day: date
    note: str
    lessons: Sequence[TimetableLine]


@dataclass(frozen=True, slots=True)
class FreshMark:
    """A mark of the last days with its subject."""

    mark: ChildMark
    subject: ChildSubject


@dataclass(frozen=True, slots=True)
class FreshComment:
    """A teacher's words of the last days with their subject."""

    comment: ChildComment
    subject: ChildSubject


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who looked at the child's record, and at which parts of it in one sitting; `at` is the last look."""

    at: datetime
    name: str
    role: str
    purposes: Sequence[Any]


@dataclass(frozen=True, slots=True)
class ChildPage:
    """One child's page."""

    child: PupilInfo
    children: Sequence[PupilInfo]
    period: PeriodInfo | None
    periods: Sequence[PeriodInfo]
    today: Day
    ahead: Sequence[Ahead] = ()
    fresh: Sequence[FreshMark] = ()
    comments: Sequence[FreshComment] = ()
    subjects: Sequence[ChildSubject] = ()
    absences: Sequence[tuple[Any, int]] = ()
    works: Sequence[ChildWork] = ()
    is_self: bool = False


@dataclass(frozen=True, slots=True)
class YearCell:
    """What stands for a period: a final mark, a forecast, or nothing. A half-year is two quarters wide."""

    mark: str = ""
    is_final: bool = False
    width: int = 1


@dataclass(frozen=True, slots=True)
class YearLine:
    """A subject of the year."""

    subject: str
    course_id: UUID
    cells: Sequence[YearCell] = ()
