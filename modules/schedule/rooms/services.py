"""Rooms are described, closed and opened again; those that the timetable names are taken over by one act."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.schedule import permissions
from modules.schedule.rooms import queries
from modules.schedule.rooms.models import Room

FIELDS = ("name", "kind", "capacity", "classes_at_once", "building")


class RoomNamedTwice(DomainError):
    message = _("There is a room with this number or name already.")
    code = "room_named_twice"


@transaction.atomic
def describe(
    *,
    actor: Actor,
    name: str,
    kind: str,
    capacity: int | None = None,
    classes_at_once: int = 1,
    building: str = "",
    room_id: UUID | None = None,
) -> Room:
    """Describe a new room, or the one with the id anew. Raises NotFound or RoomNamedTwice."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = Room() if room_id is None else _locked(room_id)
    row.name, row.kind, row.building = name.strip(), kind, building.strip()
    row.capacity, row.classes_at_once = capacity, classes_at_once
    try:
        with transaction.atomic():
            if room_id is None:
                row.save(force_insert=True)
            else:
                row.save(update_fields=FIELDS)
    except IntegrityError as clash:
        raise RoomNamedTwice from clash
    details = {"name": row.name, "kind": row.kind}
    if room_id is None:
        audit.record(
            actor=actor, action="schedule.room.added", object_type="room", object_id=row.pk, details=details
        )
    else:
        audit.record(
            actor=actor, action="schedule.room.changed", object_type="room", object_id=row.pk, details=details
        )
    return row


@transaction.atomic
def set_open(*, actor: Actor, room_id: UUID, is_open: bool) -> Room:
    """Take the room out of use, or into it again. Raises NotFound."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = _locked(room_id)
    if row.is_open != is_open:
        row.is_open = is_open
        row.save(update_fields=["is_open"])
        details = {"name": row.name}
        if is_open:
            audit.record(
                actor=actor,
                action="schedule.room.opened",
                object_type="room",
                object_id=row.pk,
                details=details,
            )
        else:
            audit.record(
                actor=actor,
                action="schedule.room.closed",
                object_type="room",
                object_id=row.pk,
                details=details,
            )
    return row


@transaction.atomic
def take_found(*, actor: Actor, year: str) -> int:
    """Describe the rooms that the timetable and the classes name, as ordinary ones; answer how many came."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    found = queries.undescribed(actor=actor, year=year)
    made = Room.objects.bulk_create([Room(name=one.name) for one in found], ignore_conflicts=True)
    if made:
        audit.record(
            actor=actor, action="schedule.rooms.taken", object_type="room", details={"count": len(made)}
        )
    return len(made)


def _locked(room_id: UUID) -> Room:
    row = Room.objects.select_for_update().filter(pk=room_id).first()
    if row is None:
        raise NotFound
    return row
