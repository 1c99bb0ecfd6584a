"""Which room each lesson of a week gets, once their times are known. Pure: no tables, no school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class RoomInfo:
    """A room that may be given: what it is for, its seats (None: any number), and how many classes it takes at once."""

    name: str
    kind: str
    seats: int | None
    at_once: int = 1

    def seats_all(self, size: int) -> bool:
        return self.seats is None or size <= self.seats


@dataclass(frozen=True, slots=True)
class Sitting:
    """A lesson that wants a room. `at` is its moment, `meets` are all the moments that run at that time, its own too.

    `wanted` is the kind of room; `is_fixed` keeps the room that it has, whatever it is.
    """

    key: Hashable
    at: Hashable
    meets: frozenset[Hashable]
    wanted: str
    size: int
    room: str = ""
    home: str = ""
    is_fixed: bool = False


def fitting(rooms: Iterable[RoomInfo], wanted: str, size: int) -> list[RoomInfo]:
    """Rooms of the kind that seat so many, the smallest first."""
    found = [one for one in rooms if one.kind == wanted and one.seats_all(size)]
    return sorted(found, key=lambda one: (one.seats if one.seats is not None else 10_000, one.name))


def settle(
    sittings: Sequence[Sitting], rooms: Sequence[RoomInfo], *, home_first: bool = True
) -> dict[Hashable, str]:
    """A room for each lesson, nobody on top of another; "" for one that no free room fits.

    Lessons that are fixed come first, then those that need a room of a kind of their own, then those that are in their
    class's own room, and last whoever takes what is free. A lesson keeps the room that it has when that fits.
    """
    by_name = {one.name: one for one in rooms}
    kinds = {one.kind for one in rooms}
    taken: dict[tuple[Hashable, str], int] = defaultdict(int)
    given: dict[Hashable, str] = {}

    def is_free(one: Sitting, name: str) -> bool:
        most = by_name[name].at_once if name in by_name else 1
        return sum(taken[moment, name] for moment in one.meets) < most

    def give(one: Sitting, name: str) -> None:
        given[one.key] = name
        if name:
            taken[one.at, name] += 1

    def offered(one: Sitting, candidates: Iterable[str]) -> bool:
        name = next((name for name in candidates if name and is_free(one, name)), "")
        if name:
            give(one, name)
        return bool(name)

    left: list[Sitting] = []
    for one in sittings:
        if one.is_fixed and one.room:
            give(one, one.room)
        else:
            left.append(one)
    special = [one for one in left if one.wanted != ORDINARY and one.wanted in kinds]
    for one in sorted(special, key=lambda one: -one.size):
        fit = [room.name for room in fitting(rooms, one.wanted, one.size)]
        offered(one, [one.room, *fit] if one.room in fit else fit)
    rest = [one for one in left if one.key not in given]
    steps: list[Callable[[Sitting], list[str]]] = [
        lambda one: [one.home] if home_first else [],
        lambda one: [one.room] if _may_keep(one, by_name) else [],
        lambda one: [room.name for room in fitting(rooms, ORDINARY, one.size)],
    ]
    for step in steps:
        rest = [one for one in rest if not offered(one, step(one))]
    for one in rest:
        give(one, "")
    return given


def _may_keep(one: Sitting, by_name: dict[str, RoomInfo]) -> bool:
    """The room that the lesson has may stay: an ordinary one that seats the class, or one that nobody has described."""
    room = by_name.get(one.room)
    return room is None or (room.kind == ORDINARY and room.seats_all(one.size))
