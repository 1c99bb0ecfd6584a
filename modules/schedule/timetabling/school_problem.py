"""The school's week as a problem for the solver: whom each lesson binds, and its rules (school_rules.py)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from modules.schedule.load.data import OWN_CIRCLE
from modules.schedule.solver.problem import Activity, Agent, Kind, Problem, Rule, Timetable
from modules.schedule.timetabling import school_rules
from modules.schedule.timetabling.answers import Place
from modules.schedule.timetabling.grid import Grid, Piece
from modules.schedule.timetabling.pairs import EVEN, EVERY, ODD, TURNS
from modules.schedule.timetabling.problems import day_name
from modules.schedule.wishes.rules import CARDS

# What each rule says, by its name in the problem.
RULES: dict[str, Any] = {card.code: card.words for card in CARDS.values()}
STAY = 90.0  # what it costs to move a lesson that stands


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


class Builder:
    """Binds the lessons of a grid to whom they concern, and gathers the rules."""

    def __init__(self, grid: Grid) -> None:
        self.grid, self.wishes = grid, grid.school
        shifts = {one.shift for one in grid.pieces.values()}
        # Shift by shift, so that lessons that follow each other are beside each other.
        self.columns = sorted(key for key in grid.bells if key[0] in shifts)
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
                for group in [one.group] if one.group else _parts_of(parts[one.class_id]):
                    bound.add(("class", one.class_id, group))
                    self.names["class", one.class_id, group] = one.class_label
                # Rooms that the school has described are given afterwards (seating); others are as fixed as they are written.
                if not self.wishes.rooms and len(users[one.room]) > 1:
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
        """Say a rule as the school weighs it; one that is switched off is not said."""
        weight = more.pop("weight", None) or self.wishes.weight(name)
        if weight is not None:
            self.rules.append(Rule(kind, name, told, weight=weight, **more))

    def build(self, *, keep: bool) -> Asked:
        self._rules_of_places(keep=keep)
        school_rules.say(self)
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
        """Hours that count for nothing: those of a shift in which neither the class nor the teacher is in school."""
        if key[0] == "room":
            return frozenset()
        own = {self.groups[n][0].shift for n in self.agents[key]}
        return frozenset(range(self.grid.days * len(self.columns))).difference(*map(self.slots, own))

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
        for shift, numbers in by_shift.items():
            self.rule(Kind.STARTS, "shift", activities=tuple(numbers), slots=self.slots(shift))


def _parts_of(groups: set[int]) -> list[int]:
    """Whom a lesson of the whole class binds: its parts, or the class as one, and each circle of its pupils."""
    parts = sorted(one for one in groups if 0 < one < OWN_CIRCLE)
    return [*(parts or [0]), *sorted(one for one in groups if one >= OWN_CIRCLE)]


def asked(grid: Grid, *, keep: bool) -> Asked:
    """The problem of the variant; with `keep` lessons wish to stay where they are."""
    return Builder(grid).build(keep=keep)
