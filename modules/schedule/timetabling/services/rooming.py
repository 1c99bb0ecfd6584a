"""Lessons of a variant get their rooms where they stand."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kernel import audit
from kernel.access import Actor, require
from modules.schedule import permissions
from modules.schedule.timetabling import queries, seating
from modules.schedule.timetabling.services.moves import locked, stand


@transaction.atomic
def give_rooms(*, actor: Actor, timetable_id: UUID) -> tuple[int, int]:
    """Share the school's rooms out among the lessons as one step; answer how many changed and how many have none."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id)
    grid = queries.grid_for_search(actor=actor, row=row)
    spots = {one.id: (one.place, one.weeks) for one in grid.pieces.values() if one.place}
    rooms = seating.rooms_of(grid, {})
    changed = sum(grid.pieces[key].room != room for key, room in rooms.items())
    stand(actor, row, spots, rooms)
    if changed:
        audit.record(
            actor=actor,
            action="schedule.timetable.rooms_given",
            object_type="timetable",
            object_id=row.pk,
            details={"changed": changed},
        )
    return changed, len(seating.homeless(grid, rooms))
