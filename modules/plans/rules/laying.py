"""How the lines of a plan fall on the lessons of a course.

Lines stay in their quarter and in their order. A lesson that was held keeps its line. Where a quarter has fewer lessons
than hours, reserve gives way first, then repetition, then the last ordinary lessons: a СОР or a СОЧ keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from modules.plans.data import Kind

# Who gives way first when lessons are too few.
_YIELDING = (Kind.RESERVE, Kind.REPETITION, Kind.LESSON, Kind.SOR, Kind.SOCH)


@dataclass(frozen=True, slots=True)
class Unit:
    """An hour of a line: the `part`-th of them."""

    origin: UUID
    part: int
    quarter: int
    kind: str

    @property
    def key(self) -> tuple[UUID, int]:
        return (self.origin, self.part)


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson that takes place; `quarter` 0 is outside all of them and takes nothing."""

    lesson_id: UUID
    day: date
    number: int
    quarter: int
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    at: Mapping[UUID, Unit]
    without: tuple[Unit, ...]


def lay(units: Sequence[Unit], places: Iterable[Place], kept: Mapping[UUID, tuple[UUID, int]]) -> Laid:
    """Give each lesson its hour of the plan. `kept` says what held lessons had; of future ones it is not asked."""
    ordered = sorted(places, key=lambda one: (one.day, one.number))
    known = {unit.key: unit for unit in units}
    at: dict[UUID, Unit] = {}
    for place in ordered:
        key = kept.get(place.lesson_id)
        if place.is_held and key in known and known[key] not in at.values():
            at[place.lesson_id] = known[key]
    taken = {unit.key for unit in at.values()}
    without: list[Unit] = []
    for quarter in sorted({unit.quarter for unit in units}):
        waiting = [unit for unit in units if unit.quarter == quarter and unit.key not in taken]
        free = [one for one in ordered if one.quarter == quarter and one.lesson_id not in at]
        going, left = _give_way(waiting, len(free))
        without += left
        at |= {place.lesson_id: unit for place, unit in zip(free, going, strict=False)}
    return Laid(at, tuple(without))


def _give_way(units: Sequence[Unit], room: int) -> tuple[list[Unit], list[Unit]]:
    """Those for whom there is room, and those for whom there is none, both in order."""
    over = len(units) - room
    if over <= 0:
        return list(units), []
    leaving: set[tuple[UUID, int]] = set()
    for kind in _YIELDING:
        for unit in reversed(units):
            if len(leaving) < over and unit.kind == kind:
                leaving.add(unit.key)
    return [u for u in units if u.key not in leaving], [u for u in units if u.key in leaving]
