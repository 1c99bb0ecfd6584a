"""Variants of the timetable: the one in force, and a draft over which a deputy still sits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from uuid import UUID

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
    _change_about(draft)
    return len(few)


def _by_class(cards: list[Card]) -> Iterator[list[Card]]:
    for _class, some in groupby(cards, key=lambda card: card.course.school_class_id):
        yield list(some)


def _change_about(draft: UUID) -> None:
    """Some lessons of the draft change places, so that there is something to compare."""
    found = Card.objects.filter(timetable_id=draft).exclude(weekday=None).select_related("course")
    cards = list(found.order_by("course__school_class_id", "weekday", "number", "id"))
    busy = {
        (card.course.teacher_id, card.course.shift, card.weekday, card.number)
        for card in cards
        if card.course.teacher_id
    }
    alone = [
        card for card in cards if not (card.course.group or card.course.set_code) and card.weeks == "every"
    ]
    for some in list(_by_class(alone))[::3]:
        first, *others = some
        for other in others:
            course, there = other.course, first.course
            if (
                course.pk != there.pk
                and (course.teacher_id, course.shift, first.weekday, first.number) not in busy
                and (there.teacher_id, there.shift, other.weekday, other.number) not in busy
            ):
                first.weekday, first.number, other.weekday, other.number = (
                    *(other.weekday, other.number),
                    *(first.weekday, first.number),
                )
                Card.objects.bulk_update([first, other], ["weekday", "number"])
                break
