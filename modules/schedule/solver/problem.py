"""A timetable to be found: activities, whom they bind, and the rules, as plain data that knows neither files nor solvers.

A slot is a number, `day * hours + hour`. A rule of weight 100 must hold; a lighter one is a wish, and each unit by which it
is broken costs `weight / 100`, as FET counts its conflicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

HARD = 100.0


class Kind(StrEnum):
    """What a rule asks; the fields of `Rule` that it reads stand behind the name."""

    STARTS = "starts"  # activities begin only at `slots`
    MIN_DAYS = "min_days"  # activities lie `limit` days apart
    BESIDE = "beside"  # activities that are on one day directly follow each other
    MAX_DAYS_BETWEEN = "max_days_between"  # activities lie at most `limit` days apart
    MIN_GAPS_BETWEEN = "min_gaps_between"  # activities on one day have `limit` hours between them
    SAME_START = "same_start"  # activities begin together
    SAME_DAY = "same_day"
    SAME_HOUR = "same_hour"
    APART = "apart"  # activities do not overlap
    CONSECUTIVE = "consecutive"  # the second directly follows the first
    GROUPED = "grouped"  # activities follow each other, in any order
    ORDERED = "ordered"  # the second comes after the first
    ORDERED_SAME_DAY = "ordered_same_day"  # the same, when on one day
    ENDS_DAY = "ends_day"  # activities are the last of their students' day
    OCCUPY_MAX = "occupy_max"  # activities use at most `limit` of `slots`
    OCCUPY_MIN = "occupy_min"
    SIMULTANEOUS_MAX = "simultaneous_max"  # at most `limit` of activities run in each of `slots`
    SIMULTANEOUS_MIN = "simultaneous_min"  # at least; with `flag`, or none
    FROM_SET_MAX = "from_set_max"  # at most `limit` of activities touch `slots`
    GAPS_WEEK = "gaps_week"  # each of `agents` has at most `limit` gaps in a week
    GAPS_DAY = "gaps_day"
    EARLY = "early"  # days begin at the first free hour, at most `limit` of them at the second
    DAYS_MAX = "days_max"  # works on at most `limit` days; with `slots`, counting only these
    DAYS_MIN = "days_min"
    HOURS_MAX = "hours_max"  # at most `limit` hours a day; with `activities`, counting only these
    HOURS_MIN = "hours_min"  # at least `limit` hours a day; with `flag`, or none
    CONTINUOUS_MAX = (
        "continuous_max"  # at most `limit` hours in a row; with `activities`, counting only these
    )
    SPAN_MAX = "span_max"  # from first to last hour at most `limit`; with `flag`, one day may have one more
    REST_MIN = (
        "rest_min"  # at least `limit` free hours between two days; with `flag`, the last and first day too
    )
    ROOMS = "rooms"  # activities are held in one of `rooms`
    ROOMS_DIFFERENT = "rooms_different"  # activities use at most `limit` different rooms
    ROOM_KEPT = "room_kept"  # activities that follow each other stay in their room
    BUILDING_CHANGES = "building_changes"  # at most `limit` changes of building a day; with `flag`, a week
    BUILDING_GAPS = "building_gaps"  # `limit` free hours between two buildings


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand; `name` and `told` are the words of where it came from."""

    kind: Kind
    name: str
    told: str = ""
    weight: float = HARD
    limit: int = 0
    flag: bool = False
    activities: tuple[int, ...] = ()
    agents: tuple[int, ...] = ()
    slots: frozenset[int] = frozenset()
    rooms: frozenset[int] = frozenset()

    @property
    def is_hard(self) -> bool:
        return self.weight >= HARD


@dataclass(frozen=True, slots=True)
class Activity:
    """A lesson of the week: `agents` are the teachers and the smallest sets of students that it binds."""

    number: int
    duration: int
    agents: tuple[int, ...]
    teachers: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    subject: str = ""
    tags: tuple[str, ...] = ()
    series: int = 0  # activities of one split subject share it
    part: int = 0  # the place in the series, from 1
    size: int = 0  # students, for the capacity of rooms
    beside: int = -1  # for a further room of an activity that needs several: that activity


@dataclass(frozen=True, slots=True)
class Agent:
    """Who can be in one place only: a teacher or a smallest set of students. Hours in `closed` count for nothing."""

    name: str
    is_teacher: bool
    activities: tuple[int, ...]
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    capacity: int = 10_000
    building: str = ""
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    name: str
    days: tuple[str, ...]
    hours: tuple[str, ...]
    activities: tuple[Activity, ...]
    agents: tuple[Agent, ...]
    rooms: tuple[Room, ...] = ()
    rules: tuple[Rule, ...] = ()
    breaks: frozenset[int] = frozenset()
    unknown_rules: Mapping[str, int] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Hours of a day."""
        return len(self.hours)

    @property
    def slots(self) -> range:
        return range(len(self.days) * len(self.hours))

    def day_slots(self, day: int) -> range:
        return range(day * self.width, (day + 1) * self.width)

    def fitting(self, activity: int) -> list[int]:
        """Slots where the activity ends within its day."""
        room = self.width - self.activities[activity].duration
        return [s for s in self.slots if s % self.width <= room]

    def domains(self, without: Iterable[Rule] = ()) -> list[set[int]]:
        """Slots where each activity may begin by the hard rules about its start alone."""
        left_out = set(map(id, without))
        domains = [set(self.fitting(a)) for a in range(len(self.activities))]
        for rule in self.rules:
            if rule.kind is Kind.STARTS and rule.is_hard and id(rule) not in left_out:
                for a in rule.activities:
                    domains[a] &= rule.slots
        return domains

    def room_choice(self) -> list[frozenset[int] | None]:
        """The rooms each activity may be held in by the hard rules; None: it needs no room."""
        choice: list[frozenset[int] | None] = [None] * len(self.activities)
        for rule in self.rules:
            if rule.kind is Kind.ROOMS and rule.is_hard:
                for a in rule.activities:
                    before = choice[a]
                    choice[a] = rule.rooms if before is None else before & rule.rooms
        return choice

    def may_begin(self, activity: int, slots: Iterable[int]) -> frozenset[int]:
        """Starts from which the activity stays within `slots`."""
        allowed = set(slots)
        length = self.activities[activity].duration
        return frozenset(s for s in self.fitting(activity) if all(s + i in allowed for i in range(length)))


@dataclass(frozen=True, slots=True)
class Timetable:
    """An answer: where each activity begins and in which room it is held (None: in no particular one)."""

    starts: tuple[int, ...]
    rooms: tuple[int | None, ...]
