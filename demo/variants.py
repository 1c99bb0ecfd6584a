"""Variants of the timetable: the one in force, and a draft over which a deputy still sits."""

from __future__ import annotations

from datetime import date
from itertools import islice
from uuid import UUID

from kernel.access import Actor
from kernel.errors import DomainError
from modules.schedule import api as schedule
from modules.schedule.models import Card, Timetable

DRAFT = "Екінші жартыжылдық"
WAITING = 6
TRIES = 4
SPOKEN = "Қалған ескертулер екінші тоқсанда түзетіледі."


def lay_out(*, year: str, since: date) -> int:
    """A published variant of the week as it is, and a draft with some lessons taken off the board; answer its cards."""
    actor = Actor.system_actor("demo")
    present = schedule.make_timetable(actor=actor, year=year, name="Бірінші жартыжылдық")
    spoken = SPOKEN if schedule.remarks_on(actor=actor, timetable_id=present) else ""
    Timetable.objects.filter(pk=present).update(
        state=Timetable.State.PUBLISHED, since=since, overruled=spoken
    )
    draft = schedule.make_timetable(actor=actor, year=year, name=DRAFT)
    cards = Card.objects.filter(timetable_id=draft).exclude(weekday=None).order_by("course_id", "ordinal")
    few = list(cards.values_list("pk", flat=True))
    taken = few[:: max(1, len(few) // WAITING)][:WAITING]
    Card.objects.filter(pk__in=taken).update(weekday=None, number=None)
    _change_about(draft, actor)
    return len(few)


def _change_about(draft: UUID, actor: Actor) -> None:
    """Lessons of some classes change places, so that there is something to compare."""
    whole = Card.objects.filter(
        timetable_id=draft, weekday__isnull=False, weeks="every", course__group=0, course__set_code=""
    )
    classes = whole.order_by("course__school_class_id").values_list("course__school_class_id", flat=True)
    for class_id in islice(classes.distinct(), 0, None, 3):
        first, *others = whole.filter(course__school_class_id=class_id).order_by("weekday", "number")
        for other in others[:TRIES]:
            if other.course_id == first.course_id or other.weekday is None or other.number is None:
                continue
            try:
                schedule.move_card(
                    actor=actor, timetable_id=draft, card_id=first.pk, place=(other.weekday, other.number)
                )
            except DomainError:
                continue
            break
