"""Variants of the timetable: the one in force, and a draft over which a deputy still sits."""

from __future__ import annotations

from datetime import date

from kernel.access import Actor
from modules.schedule import api as schedule
from modules.schedule.models import Card, Timetable
from modules.schedule.timetabling import queries
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
    return len(few)
