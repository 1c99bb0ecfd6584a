"""Rooms for the lessons of a variant whose times are known: the school's rooms are shared out among them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from uuid import UUID

from modules.schedule.rooms.rules import ORDINARY, Sitting, settle
from modules.schedule.timetabling.answers import Place
from modules.schedule.timetabling.grid import Grid
from modules.schedule.timetabling.school_problem import Builder
from modules.schedule.timetabling.school_rules import size_of
from modules.schedule.wishes.rules import Level


def rooms_of(grid: Grid, places: Mapping[UUID, Place | None]) -> dict[UUID, str]:
    """The room of each card at its place, the same for cards that are one lesson; nothing while no room is described.

    Pinned lessons keep theirs. Needs the grid of a search, which knows home rooms and the sizes of classes.
    """
    wishes = grid.school
    if not wishes.rooms:
        return {}
    builder = Builder(grid)
    by_kind = wishes.weight("room_kind") is not None
    sittings: list[Sitting] = []
    cards: dict[Hashable, list[UUID]] = {}
    for pieces in builder.groups:
        first = pieces[0]
        place = places.get(first.id, first.place)
        if place is None:
            continue
        here = (first.shift, place[1])
        cards[first.id] = [one.id for one in pieces]
        sittings.append(
            Sitting(
                key=first.id,
                at=(place[0], *here),
                meets=frozenset((place[0], *other) for other in grid.meeting.get(here, [here])),
                wanted=wishes.demand(first.subject_code).room_kind if by_kind else ORDINARY,
                size=size_of(builder, pieces),
                room=first.room,
                home=wishes.homes.get(first.class_id, ""),
                is_fixed=any(one.pin for one in pieces),
            )
        )
    given = settle(sittings, wishes.rooms, home_first=wishes.level("home_room") is not Level.OFF)
    return {card: room for key, room in given.items() for card in cards[key]}


def homeless(grid: Grid, rooms: Mapping[UUID, str]) -> list[UUID]:
    """Lessons for which no room was free; nothing is said while the school has described no ordinary rooms."""
    if not any(one.kind == ORDINARY for one in grid.school.rooms):
        return []
    return [key for key, room in rooms.items() if not room]
