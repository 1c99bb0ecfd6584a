"""The school's week as a problem for the solver, and its answers and refusals in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from modules.schedule.solver.counting import Finding, Misfit, misfits
from modules.schedule.solver.problem import (
    HARD,
    Activity,
    Agent,
    Kind,
    Problem,
    Rule,
    Timetable,
)
from modules.schedule.timetabling.grid import (
    DIFFICULTY,
    EVEN,
    EVERY,
    HARD_FROM,
    LATE_FROM,
    ODD,
    TURNS,
    Grid,
    Piece,
    Place,
)
from modules.schedule.timetabling.problems import day_name

if TYPE_CHECKING:
    from modules.schedule.solver.check import Broken

# What each wish weighs; a demand weighs 100 (see the solver). The number is what one breach costs against another.
SPREAD, FREE_DAY, NOT_LATE, FEW_GAPS, STAY = 95.0, 60.0, 20.0, 10.0, 90.0
GAPS_OF_TEACHER = 2
LEAST_OF_DAY = 2
MUCH_FOR_A_TEACHER = 36

# Demands that a person may turn into wishes when they exclude each other.
RELAXABLE = ("away", "gaps", "early", "least", "most")
RELAXED = 95.0

# The demands and wishes of a school's week as the page tells them.
RULES: dict[str, Any] = {
    "shift": gettext_lazy("Lessons stand within the bells of their shift"),
    "pinned": gettext_lazy("Pinned lessons stay where they are"),
    "away": gettext_lazy("Teachers do not teach on days on which they are not there"),
    "free_day": gettext_lazy("Teachers are free on the days that they wish"),
    "overlap": gettext_lazy("Nobody teaches in both shifts at one time"),
    "gaps": gettext_lazy("Classes have no gaps"),
    "early": gettext_lazy("Classes begin with the first lesson of their shift"),
    "least": gettext_lazy("A class has at least two lessons on a day"),
    "most": gettext_lazy("The lessons of a class are spread evenly over the days"),
    "spread": gettext_lazy("Lessons of one subject stand on different days"),
    "late": gettext_lazy("Hard subjects do not stand late in the day"),
    "teacher_gaps": gettext_lazy("Teachers have at most two gaps a week"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The problem, which cards each activity stands for, and the lessons of a day by shift and number."""

    problem: Problem
    cards: tuple[tuple[UUID, ...], ...]
    columns: tuple[tuple[int, int], ...]
    current: Timetable | None = None

    def places(self, answer: Timetable) -> dict[UUID, Place | None]:
        found: dict[UUID, Place | None] = {}
        for cards, start in zip(self.cards, answer.starts, strict=True):
            day, column = divmod(start, len(self.columns))
            found |= dict.fromkeys(cards, (day + 1, self.columns[column][1]))
        return found

    def spots(self, answer: Timetable, grid: Grid) -> dict[UUID, tuple[Place | None, str]]:
        """The same with the weeks: halves that share a place take turns."""
        weeks = {key: one.weeks for key, one in grid.pieces.items()}
        for cards in self.cards:
            halves = [key for key in cards if weeks[key] != EVERY]
            if len(cards) == len(halves) == len(TURNS) and weeks[cards[0]] == weeks[cards[1]]:
                weeks[cards[1]] = EVEN if weeks[cards[0]] == ODD else ODD
        return {key: (place, weeks[key]) for key, place in self.places(answer).items()}


class _Builder:
    def __init__(self, grid: Grid, relaxed: Iterable[str] = ()) -> None:
        self.grid, self.relaxed = grid, frozenset(relaxed)
        shifts = {one.shift for one in grid.pieces.values()}
        self.columns = sorted(
            (key for key in grid.bells if key[0] in shifts), key=lambda key: (grid.bells[key][0], key)
        )
        self.column = {key: n for n, key in enumerate(self.columns)}
        self.groups = self._together()
        self.rules: list[Rule] = []
        self.agents: dict[tuple[str, Any, int], list[int]] = defaultdict(list)
        self.names: dict[tuple[str, Any, int], str] = {}
        self._bind()
        self.order = list(self.agents)

    def _together(self) -> list[list[Piece]]:
        """Cards that are one lesson: the n-th of each of the joined classes with one teacher and subject.

        Two halves of a class are one too: they share a place by turns.
        """
        groups: dict[Any, list[Piece]] = defaultdict(list)
        counted: dict[UUID, int] = defaultdict(int)
        for one in self.grid.pieces.values():
            counted[one.course_id] += 1
            joins = one.set_code and one.teacher_id
            key = (
                (one.set_code, one.teacher_id, one.subject_code, counted[one.course_id]) if joins else one.id
            )
            groups[key].append(one)
        lone: dict[tuple[UUID, int], list[Piece]] = defaultdict(list)
        for pieces in list(groups.values()):
            half = pieces[0]
            if len(pieces) > 1 or half.weeks == EVERY or half.group or half.pin:
                continue
            waits = lone[half.class_id, half.shift]
            other = next(
                (one for one in waits if None in (one.place, half.place) or one.place == half.place), None
            )
            if other is None:
                waits.append(half)
                continue
            waits.remove(other)
            first, second = (half, other) if half.place and not other.place else (other, half)
            groups[first.id] = [first, second]
            del groups[second.id]
        return list(groups.values())

    def _bind(self) -> None:
        """Who is bound by each lesson: teachers, classes (or their groups), and rooms that several classes use."""
        parts: dict[UUID, set[int]] = defaultdict(set)
        users: dict[str, set[UUID]] = defaultdict(set)
        for one in self.grid.pieces.values():
            parts[one.class_id].add(one.group)
            if one.room:
                users[one.room].add(one.class_id)
        for n, pieces in enumerate(self.groups):
            bound: set[tuple[str, Any, int]] = set()
            for one in pieces:
                if one.teacher_id:
                    bound.add(("teacher", one.teacher_id, 0))
                    self.names["teacher", one.teacher_id, 0] = one.teacher
                for group in [one.group] if one.group else (sorted(parts[one.class_id] - {0}) or [0]):
                    bound.add(("class", one.class_id, group))
                    self.names["class", one.class_id, group] = one.class_label
                if len(users[one.room]) > 1:
                    bound.add(("room", one.room, 0))
                    self.names["room", one.room, 0] = _("Room {room}").format(room=one.room)
            for key in sorted(bound, key=str):
                self.agents[key].append(n)
        # A room that is asked for more often than it is there is told beforehand; it cannot bind the search.
        for key in [
            key for key in self.agents if key[0] == "room" and len(self.agents[key]) > self.room_hours(key)
        ]:
            del self.agents[key]

    def room_hours(self, key: tuple[str, Any, int]) -> int:
        """Lessons of a week at which the classes of the room can be in it."""
        shifts = {self.groups[n][0].shift for n in self.agents[key]}
        return self.grid.days * sum(len(self.grid.numbers(shift)) for shift in shifts)

    def slots(self, shift: int) -> frozenset[int]:
        width = len(self.columns)
        return frozenset(
            day * width + self.column[shift, number]
            for day in range(self.grid.days)
            for number in self.grid.numbers(shift)
        )

    def slot(self, piece: Piece) -> int | None:
        if (
            piece.place is None
            or (piece.shift, piece.place[1]) not in self.column
            or piece.place[0] > self.grid.days
        ):
            return None
        return (piece.place[0] - 1) * len(self.columns) + self.column[piece.shift, piece.place[1]]

    def rule(self, kind: Kind, name: str, told: str = "", **more: Any) -> None:
        if name in self.relaxed and name in RELAXABLE:
            more["weight"] = RELAXED
        self.rules.append(Rule(kind, name, told, **more))

    def build(self, *, keep: bool) -> Asked:
        self._rules_of_places(keep=keep)
        self._rules_of_classes()
        self._rules_of_people()
        number = {key: n for n, key in enumerate(self.order)}
        bound: dict[int, list[int]] = defaultdict(list)
        for key, activities in self.agents.items():
            for n in activities:
                bound[n].append(number[key])
        problem = Problem(
            name="",
            days=tuple(day_name(day + 1) for day in range(self.grid.days)),
            hours=tuple(f"{shift}/{n}" for shift, n in self.columns),
            activities=tuple(
                Activity(
                    number=n,
                    duration=1,
                    agents=tuple(bound[n]),
                    teachers=(pieces[0].teacher,) if pieces[0].teacher else (),
                    students=tuple(one.class_label for one in pieces),
                    subject=pieces[0].subject,
                )
                for n, pieces in enumerate(self.groups)
            ),
            agents=tuple(
                Agent(self.names[key], key[0] != "class", tuple(self.agents[key]), self._closed(key))
                for key in self.order
            ),
            rules=tuple(self.rules),
        )
        starts = [self.slot(pieces[0]) for pieces in self.groups]
        placed = tuple(start for start in starts if start is not None)
        whole = keep and len(placed) == len(starts) and not self._meetings()
        current = Timetable(placed, (None,) * len(placed)) if whole else None
        cards = tuple(tuple(one.id for one in pieces) for pieces in self.groups)
        return Asked(problem, cards, tuple(self.columns), current)

    def _meetings(self) -> bool:
        grid = self.grid
        return any(one.place and grid.barring(one, one.place) for one in grid.pieces.values())

    def _closed(self, key: tuple[str, Any, int]) -> frozenset[int]:
        if key[0] != "class":
            return frozenset()
        shift = self.groups[self.agents[key][0]][0].shift
        return frozenset(range(self.grid.days * len(self.columns))) - self.slots(shift)

    def _rules_of_places(self, *, keep: bool) -> None:
        by_shift: dict[int, list[int]] = defaultdict(list)
        for n, pieces in enumerate(self.groups):
            by_shift[pieces[0].shift].append(n)
            slot = self.slot(pieces[0])
            pinned = next((one for one in pieces if one.pin), None)
            if pinned and slot is not None:
                self.rule(Kind.STARTS, "pinned", pinned.title, activities=(n,), slots=frozenset({slot}))
            elif keep and slot is not None:
                self.rule(Kind.STARTS, "stay", weight=STAY, activities=(n,), slots=frozenset({slot}))
            self._days_off(n, pieces[0])
            if DIFFICULTY.get(pieces[0].subject_code, 0) >= HARD_FROM:
                width = len(self.columns)
                early = frozenset(
                    s for s in self.slots(pieces[0].shift) if self.columns[s % width][1] < LATE_FROM
                )
                self.rule(Kind.STARTS, "late", pieces[0].title, weight=NOT_LATE, activities=(n,), slots=early)
        for shift, numbers in by_shift.items():
            self.rule(Kind.STARTS, "shift", activities=tuple(numbers), slots=self.slots(shift))
        courses: dict[UUID, list[int]] = defaultdict(list)
        for n, pieces in enumerate(self.groups):
            courses[pieces[0].course_id].append(n)
        for numbers in courses.values():
            if len(numbers) > 1:
                title = self.groups[numbers[0]][0].title
                self.rule(Kind.MIN_DAYS, "spread", title, weight=SPREAD, limit=1, activities=tuple(numbers))

    def _days_off(self, n: int, piece: Piece) -> None:
        """The lesson stands on none of the teacher's days off; a rule for each day, so that a conflict names it."""
        for day in range(1, self.grid.days + 1):
            off = self.grid.day_off(piece, (day, 0))
            if off is None:
                continue
            width = len(self.columns)
            other = frozenset(s for s in self.slots(piece.shift) if s // width != day - 1)
            name, weight = ("away", HARD) if off.is_demand else ("free_day", FREE_DAY)
            self.rule(Kind.STARTS, name, off.words, weight=weight, activities=(n,), slots=other)

    def _rules_of_classes(self) -> None:
        """Each class is told by itself, so that a conflict names it."""
        for n, key in enumerate(self.order):
            if key[0] != "class":
                continue
            name, load = self.names[key], len(self.agents[key])
            most = min(
                ceil(load / self.grid.days) + 1,
                len(self.grid.numbers(self.groups[self.agents[key][0]][0].shift)),
            )
            self.rule(Kind.GAPS_WEEK, "gaps", name, agents=(n,), limit=0)
            self.rule(Kind.EARLY, "early", name, agents=(n,), limit=0)
            self.rule(Kind.HOURS_MAX, "most", name, agents=(n,), limit=most)
            if load >= LEAST_OF_DAY:
                self.rule(Kind.HOURS_MIN, "least", name, agents=(n,), limit=LEAST_OF_DAY, flag=True)

    def _rules_of_people(self) -> None:
        width = len(self.columns)
        pairs = [
            (self.column[one], self.column[other])
            for one in self.columns
            for other in self.grid.meeting[one]
            if other in self.column and self.column[one] < self.column[other]
        ]
        for n, key in enumerate(self.order):
            if key[0] == "class":
                continue
            activities = tuple(self.agents[key])
            shifts = {self.groups[a][0].shift for a in activities}
            if len(shifts) > 1:
                for day in range(self.grid.days):
                    for one, other in pairs:
                        both = frozenset({day * width + one, day * width + other})
                        self.rule(
                            Kind.FROM_SET_MAX,
                            "overlap",
                            self.names[key],
                            activities=activities,
                            slots=both,
                            limit=1,
                        )
            elif key[0] == "teacher":
                self.rule(
                    Kind.GAPS_WEEK,
                    "teacher_gaps",
                    self.names[key],
                    weight=FEW_GAPS,
                    agents=(n,),
                    limit=GAPS_OF_TEACHER,
                )


def asked(grid: Grid, *, keep: bool, relaxed: Iterable[str] = ()) -> Asked:
    """The problem of the variant; with `keep` lessons wish to stay where they are, `relaxed` demands are only wishes."""
    return _Builder(grid, relaxed).build(keep=keep)


# --- words


def beforehand(grid: Grid) -> list[str]:
    """What plainly cannot go well, seen by counting alone."""
    builder = _Builder(grid)
    found = [_said(one) for one in misfits(builder.build(keep=False).problem)]
    hours: dict[UUID, int] = defaultdict(int)
    rooms: dict[str, set[Any]] = defaultdict(set)
    names = {}
    for n, pieces in enumerate(builder.groups):
        one = pieces[0]
        if one.teacher_id:
            hours[one.teacher_id] += 1
            names[one.teacher_id] = one.teacher
        if one.room:
            rooms[one.room].add(n)
    for key, count in sorted(hours.items(), key=lambda item: -item[1]):
        if count > MUCH_FOR_A_TEACHER:
            found.append(
                _("{teacher} has {count} lessons a week: more than two rates").format(
                    teacher=names[key], count=count
                )
            )
    most = grid.days * len(grid.bells)
    found += [
        _("Room {room}: {needed} lessons a week, places for {available}").format(
            room=room, needed=len(some), available=most
        )
        for room, some in sorted(rooms.items())
        if len(some) > most
    ]
    return found


def _said(finding: Finding) -> str:
    words = {
        Misfit.NOWHERE: _("{subject}: there is no place in the week where the lesson may stand"),
        Misfit.AGENT_FULL: _("{subject}: {needed} lessons a week, places for {available}"),
        Misfit.DAYS_FULL: _("{subject}: {needed} lessons a week, but the days hold {available}"),
        Misfit.DAYS_EMPTY: _("{subject}: {available} lessons are too few for the days, {needed} are wanted"),
        Misfit.ROOMS_FULL: _("{subject}: {needed} lessons a week, the rooms hold {available}"),
        Misfit.SERIES_LONG: _("{subject}: needs {needed} different days, the week has {available}"),
    }
    return words[finding.kind].format(
        subject=finding.subject, needed=finding.needed, available=finding.available
    )


def price_in_words(broken: Iterable[Broken], relaxed: Iterable[str]) -> list[str]:
    """How often each relaxed demand is broken now."""
    units: dict[str, int] = dict.fromkeys(relaxed, 0)
    for one in broken:
        if one.rule.name in units:
            units[one.rule.name] += one.units
    return [
        ngettext("{rule}: broken {n} time", "{rule}: broken {n} times", count).format(
            rule=RULES[name], n=count
        )
        for name, count in units.items()
    ]


def conflict_in_words(problem: Problem, numbers: Iterable[int]) -> dict[str, str]:
    """The rules that exclude each other by their names, each kind once with those whom it concerns."""
    whom: dict[str, list[str]] = defaultdict(list)
    for n in numbers:
        rule = problem.rules[n]
        if rule.told not in whom[rule.name]:
            whom[rule.name].append(rule.told)
    found = {}
    for name, told in whom.items():
        people = [one for one in told if one]
        shown = ", ".join(people[:5])
        if len(people) > 5:
            shown += " " + ngettext("and {n} more", "and {n} more", len(people) - 5).format(n=len(people) - 5)
        found[name] = f"{RULES[name]}: {shown}" if shown else str(RULES[name])
    return found
