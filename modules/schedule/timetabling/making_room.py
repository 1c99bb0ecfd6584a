"""Who stands in the way of a lesson goes elsewhere: tried within the grid, and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from modules.schedule.timetabling.answers import Leap, Place

if TYPE_CHECKING:
    from modules.schedule.timetabling.grid import Grid, Piece


def make_room(grid: Grid, group: list[Piece], place: Place, barring: list[Piece]) -> tuple[Leap, ...]:
    """Where those in the way would go: to the group's old place, to a free one, in a ring of three, or nowhere."""
    found: list[Leap] = []
    rest = {one.id: grid.together(one) for one in barring}
    with grid.trial():
        for one in barring:
            grid.put(one.id, None)
        for one in group:
            grid.put(one.id, place, one.weeks)
        while rest:
            party = rest[next(iter(rest))]
            for one in party:
                rest.pop(one.id, None)
            moved = {each.id for each in (*group, *barring)} | {leap.piece.id for leap in found}
            for leap in _way_out(grid, party, group[0], moved):
                grid.put(leap.piece.id, leap.to, leap.weeks)
                found.append(leap)
    return tuple(found)


def _way_out(grid: Grid, party: list[Piece], mover: Piece, moved: set[UUID]) -> list[Leap]:
    first = party[0]
    home = mover.place if mover.place and mover.shift == first.shift else None
    best = [there] if home and (there := _free(grid, party, home)) else []
    if not best:
        free = [there for place in grid.places(first) if (there := _free(grid, party, place))]
        best = sorted(free, key=lambda there: (_price(grid, there), _way(first.place, there[0].to)))[:1]
    if best:
        return best[0]
    ring = _ring(grid, first, home, mover.shift, moved) if home and len(party) == 1 else None
    return ring or [Leap(one, None, one.weeks) for one in party]


def _price(grid: Grid, there: list[Leap]) -> int:
    """How many wishes are broken by standing so."""
    return sum(len(grid.wishes(one.piece, one.to)) for one in there if one.to)


def _free(grid: Grid, party: list[Piece], place: Place) -> list[Leap] | None:
    """How the party would stand there; None where something keeps one of it away."""
    found = []
    for one in party:
        off = grid.day_off(one, place)
        if not grid.has(one, place) or (off and off.is_demand):
            return None
        there = grid.turns(one, place)
        if grid.barring(there, place):
            return None
        found.append(Leap(one, place, there.weeks))
    return found


def _ring(grid: Grid, one: Piece, home: Place, shift: int, moved: set[UUID]) -> list[Leap] | None:
    """Somebody third goes home, to the mover's old place, and the one goes to the third's."""
    for place in grid.places(one):
        thirds = grid.barring(one, place)
        third = thirds[0] if len(thirds) == 1 else None
        if third is None or third.pin or third.set_code or third.id in moved or third.shift != shift:
            continue
        if not (third_goes := _free(grid, [third], home)):
            continue
        grid.put(third.id, home, third_goes[0].weeks)
        goes = _free(grid, [one], place)
        grid.put(third.id, third.place, third.weeks)
        if goes:
            return [*third_goes, *goes]
    return None


def _way(start: Place | None, end: Place | None) -> tuple[int, int, Place]:
    """How far a lesson would go: within its day first."""
    if start is None or end is None:
        return 0, 0, end or (0, 0)
    return abs(end[0] - start[0]), abs(end[1] - start[1]), end
