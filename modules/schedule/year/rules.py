"""Is there school for this class on this day, by which weekday and with which bells: the one place that knows.

Pure: everything is given, nothing is read. `queries.calendar` of this package fills it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Protocol
from uuid import UUID

NO_LESSONS = ("public", "holidays", "moved", "quarantine", "frost", "other")


class Schooled(Protocol):
    """As much of a class as the calendar wants to know."""

    @property
    def id(self) -> UUID: ...
    @property
    def grade(self) -> int: ...
    @property
    def shift(self) -> int: ...


class Dated(Protocol):
    """As much of a lesson as its bells want to know."""

    school_class_id: UUID
    date: date
    shift: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """Days that differ: of everybody when neither grades nor classes are named."""

    id: UUID
    year: str
    kind: str
    start: date
    end: date
    title: str = ""
    code: str = ""
    grades: frozenset[int] = frozenset()
    class_ids: frozenset[UUID] = frozenset()
    instead: date | None = None
    bell_set_id: UUID | None = None
    order_number: str = ""
    order_date: date | None = None

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end

    def is_for(self, who: Schooled) -> bool:
        if self.class_ids:
            return who.id in self.class_ids
        return not self.grades or who.grade in self.grades

    @property
    def narrowness(self) -> int:
        return 2 if self.class_ids else 1 if self.grades else 0


@dataclass(frozen=True, slots=True)
class Quarter:
    number: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """A day as a class has it. `weekday` is the one whose lessons are taught; `why` says what makes the day differ."""

    day: date
    is_school: bool
    weekday: int
    parity: str
    why: Special | None = None
    is_outside: bool = False

    def teaches(self, weekday: int, weeks: str) -> bool:
        """Whether a slot of the weekday and of every, odd or even weeks has a lesson on the day."""
        return self.is_school and weekday == self.weekday and weeks in ("every", self.parity)

    def is_as(self, other: SchoolDay) -> bool:
        """Whether the same lessons are taught."""
        return (self.is_school, self.weekday, self.parity) == (other.is_school, other.weekday, other.parity)


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """The school's year: its quarters and its special days."""

    year: str
    quarters: tuple[Quarter, ...]
    specials: tuple[Special, ...]

    @property
    def start(self) -> date | None:
        return self.quarters[0].start if self.quarters else None

    @property
    def end(self) -> date | None:
        return self.quarters[-1].end if self.quarters else None

    def quarter_of(self, day: date) -> Quarter | None:
        return next((one for one in self.quarters if one.start <= day <= one.end), None)

    def day(self, who: Schooled, day: date) -> SchoolDay:
        """The day as the class has it."""
        mine = [one for one in self.specials if one.is_for(who)]
        return self._day(mine, day)

    def days(self, who: Schooled, start: date, end: date) -> Iterator[SchoolDay]:
        """Each day of the stretch as the class has it."""
        mine = [one for one in self.specials if one.is_for(who)]
        for n in range((end - start).days + 1):
            yield self._day(mine, start + timedelta(days=n))

    def dates_of(self, who: Schooled, weekday: int, weeks: str, start: date, end: date) -> list[date]:
        """On which days of the stretch a slot of the class has its lesson."""
        return [one.day for one in self.days(who, start, end) if one.teaches(weekday, weeks)]

    def with_special(self, special: Special) -> YearCalendar:
        """The same year with the days added, or in place of those with the same id."""
        kept = [one for one in self.specials if one.id != special.id]
        return YearCalendar(self.year, self.quarters, (*kept, special))

    def without_special(self, key: UUID) -> YearCalendar:
        return YearCalendar(self.year, self.quarters, tuple(one for one in self.specials if one.id != key))

    def with_quarters(self, days: Mapping[int, tuple[date, date]]) -> YearCalendar:
        known = {one.number: one for one in self.quarters}
        known |= {number: Quarter(number, start, end) for number, (start, end) in days.items()}
        return YearCalendar(self.year, tuple(known[n] for n in sorted(known)), self.specials)

    def _day(self, mine: Iterable[Special], day: date) -> SchoolDay:
        off = [one for one in mine if one.kind in NO_LESSONS and one.covers(day)]
        taught = next((one for one in mine if one.kind == "moved" and one.instead == day), None)
        parity = self.parity(taught.start if taught else day)
        weekday = taught.start.isoweekday() if taught else day.isoweekday()
        if off:
            why = min(off, key=lambda one: (NO_LESSONS.index(one.kind), one.narrowness))
            return SchoolDay(day, False, weekday, parity, why)
        if taught:
            return SchoolDay(day, True, weekday, parity, taught)
        # Exams change no lesson; they are said where nothing else makes the day differ.
        exams = next((one for one in mine if one.kind == "exams" and one.covers(day)), None)
        if self.quarter_of(day) is None:
            return SchoolDay(day, False, weekday, parity, exams, is_outside=True)
        if weekday == 7:
            return SchoolDay(day, False, weekday, parity)
        short = [one for one in mine if one.kind == "short" and one.covers(day)]
        shortest = max(short, key=lambda one: one.narrowness, default=exams)
        return SchoolDay(day, True, weekday, parity, shortest)

    def parity(self, day: date) -> str:
        """Odd and even weeks are counted from the week of 1 September, through the holidays too."""
        first = date(int(self.year[:4]), 9, 1)
        monday = first - timedelta(days=first.weekday())
        return "even" if (day - monday).days // 7 % 2 else "odd"


@dataclass(frozen=True, slots=True)
class Bells:
    """A set of bells and for whom and when it rings."""

    id: UUID
    name: str
    grades: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    since: date | None = None
    until: date | None = None
    is_on_call: bool = False

    def rings(self, who: Schooled, day: date) -> bool:
        return (
            not self.is_on_call
            and (not self.grades or who.grade in self.grades)
            and (not self.weekdays or day.isoweekday() in self.weekdays)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )

    @property
    def narrowness(self) -> tuple[int, str]:
        """Grades are narrower than a stretch of the year, and that than weekdays; of equals the first by name."""
        score = 4 * bool(self.grades) + 2 * bool(self.since or self.until) + bool(self.weekdays)
        return (-score, self.name)


@dataclass(frozen=True, slots=True)
class BellBook:
    """All bells of the school and the days that name a set."""

    sets: tuple[Bells, ...] = ()
    times: Mapping[tuple[UUID | None, int, int], tuple[time, time]] = field(default_factory=dict)
    short: tuple[Special, ...] = ()

    def set_for(self, who: Schooled, day: date) -> UUID | None:
        """The set that rings for the class on the day; None for the usual bells."""
        named = [one for one in self.short if one.covers(day) and one.is_for(who)]
        if named:
            return max(named, key=lambda one: one.narrowness).bell_set_id
        ringing = [one for one in self.sets if one.rings(who, day)]
        return min(ringing, key=lambda one: one.narrowness).id if ringing else None

    def at(self, who: Schooled, day: date, number: int) -> tuple[time, time] | None:
        """When the lesson begins and ends; None where no bell is known for it.

        A set of one shift leaves the other shift its usual bells. A lesson that the set of its shift does not name has
        no time: the usual one would stand in the middle of the others.
        """
        key = self.set_for(who, day)
        found = self.times.get((key, who.shift, number))
        if found is None and key is not None and not any(k[:2] == (key, who.shift) for k in self.times):
            found = self.times.get((None, who.shift, number))
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson in the day: when, in which shift and at which number."""

    shift: int
    number: int
    start: time | None = None
    end: time | None = None

    @property
    def seat(self) -> tuple[int, int]:
        return self.shift, self.number

    def meets(self, other: Place) -> bool:
        """Whether nobody can be at both: they overlap, or have one number, of which a teacher has one lesson a day."""
        return self.seat == other.seat or self.overlaps(other)

    def overlaps(self, other: Place) -> bool:
        """Whether they ring at the same time. Without bell times the shift and the number decide."""
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return self.seat == other.seat
        return self.start < other.end and other.start < self.end

    def is_before(self, other: Place) -> bool:
        return (self.start or time.min, self.shift, self.number) < (
            other.start or time.min,
            other.shift,
            other.number,
        )


@dataclass(frozen=True, slots=True)
class Rings:
    """Days and bells of classes, by the class's id: who asks here forgets neither a shortened day nor a grade's day off."""

    calendar: YearCalendar
    book: BellBook
    classes: Mapping[UUID, Schooled]

    def at(self, class_id: UUID, day: date, number: int) -> tuple[time, time] | None:
        """When the class's lesson begins and ends on the day; None where no bell is known for it."""
        who = self.classes.get(class_id)
        return self.book.at(who, day, number) if who else None

    def is_school_day(self, class_id: UUID, day: date) -> bool:
        who = self.classes.get(class_id)
        return who is not None and self.calendar.day(who, day).is_school

    def place(self, class_id: UUID, day: date, *, shift: int, number: int) -> Place:
        start, end = self.at(class_id, day, number) or (None, None)
        return Place(shift, number, start, end)

    def place_of(self, lesson: Dated) -> Place:
        """Where in its day the lesson stands."""
        return self.place(lesson.school_class_id, lesson.date, shift=lesson.shift, number=lesson.number)
