"""Reads of rooms: the list, one room, the words in which lessons and classes name rooms nobody has described yet."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import kazakh_order
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule.models import Slot
from modules.schedule.rooms.models import Room
from modules.schedule.rooms.rules import RoomInfo


def rows(actor: Actor) -> QuerySet[Room]:
    """Rooms of the school, closed ones too."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    return Room.objects.all()


def named(found: QuerySet[Room], text: str, actor: Actor) -> QuerySet[Room]:
    """By number, name or building."""
    return found.filter(Q(name__icontains=text) | Q(building__icontains=text))


def get(*, actor: Actor, room_id: UUID) -> Room:
    """One room; raises NotFound."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = Room.objects.filter(pk=room_id).first()
    if row is None:
        raise NotFound
    return row


def in_use() -> list[RoomInfo]:
    """Rooms that are in use, for whoever gives lessons their rooms."""
    found = Room.objects.filter(is_open=True).order_by("name", "id")
    return [RoomInfo(one.name, one.kind, one.capacity, one.classes_at_once) for one in found]


@dataclass(frozen=True, slots=True)
class Found:
    """A room that only the timetable knows: its word, and how many classes name it."""

    name: str
    is_home: bool


def undescribed(*, actor: Actor, year: str) -> list[Found]:
    """Rooms that lessons of the year or classes name and that nobody has described, in the order of their names."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    known = set(Room.objects.values_list("name", flat=True))
    homes = {one.room.strip() for one in contingent.classes(actor=actor, year=year) if one.room.strip()}
    taught = set(
        Slot.objects.filter(course__year=year).exclude(room="").values_list("room", flat=True).distinct()
    )
    return [
        Found(name, name in homes)
        for name in sorted(homes | taught, key=lambda name: (len(name), kazakh_order(name)))
        if name not in known
    ]
