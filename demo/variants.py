"""Variants of the timetable: the one in force, and a draft over which a deputy still sits."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import islice
from uuid import UUID

from kernel.access import Actor
from modules.schedule import api as schedule
from modules.schedule.models import Card, Timetable
from modules.schedule.timetabling import queries
from modules.schedule.timetabling.grid import EVERY, Grid, Piece
from modules.schedule.timetabling.services.publishing import refusals

DRAFT = "Екінші жартыжылдық"
WAITING = 6
SPOKEN = "Қалған ескертулер екінші тоқсанда түзетіледі."


def lay_out(*, year: str, since: date) -> int:
    """A published variant of the week as it is, and a draft with some lessons taken off the board; answer its cards."""
    actor = Actor.system_actor("demo")
    present = schedule.make_timetable(actor=actor, year=year, name="Бірінші жартыжылдық")
    grid = queries.grid(actor=actor, row=Timetable.objects.get(pk=present))
    Timetable.objects.filter(pk=present).update(
        state=Timetable.State.PUBLISHED, since=since, overruled=SPOKEN if refusals(grid) else ""
    )
    draft = schedule.make_timetable(actor=actor, year=year, name=DRAFT)
    cards = Card.objects.filter(timetable_id=draft).exclude(weekday=None).order_by("course_id", "ordinal")
    few = list(cards.values_list("pk", flat=True))
    taken = few[:: max(1, len(few) // WAITING)][:WAITING]
    Card.objects.filter(pk__in=taken).update(weekday=None, number=None)
    _change_about(Timetable.objects.get(pk=draft), actor)
    return len(few)


def _change_about(draft: Timetable, actor: Actor) -> None:
    """Some lessons of the draft change places, so that there is something to compare."""
    grid = queries.grid(actor=actor, row=draft)
    by_class: dict[UUID, list[Piece]] = defaultdict(list)
    for piece in grid.pieces.values():
        if piece.place and not piece.group and not piece.set_code and piece.weeks == EVERY:
            by_class[piece.class_id].append(piece)
    for pieces in islice(by_class.values(), 0, None, 3):
        first, *others = sorted(pieces, key=lambda piece: piece.place or (0, 0))
        other = next((one for one in others if _may_change(grid, first, one)), None)
        if other is None or first.place is None or other.place is None:
            continue
        for piece, (weekday, number) in ((first, other.place), (other, first.place)):
            Card.objects.filter(pk=piece.id).update(weekday=weekday, number=number)


def _may_change(grid: Grid, one: Piece, other: Piece) -> bool:
    """Whether the two lessons can simply change places."""
    if one.course_id == other.course_id or one.place is None or other.place is None:
        return False
    with grid.trial():
        first, second = grid.put(one.id, other.place), grid.put(other.id, one.place)
        return not grid.barring(first, other.place) and not grid.barring(second, one.place)
