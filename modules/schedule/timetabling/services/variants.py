"""A variant is made, follows the load, and goes."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.schedule import permissions
from modules.schedule.models import Course
from modules.schedule.timetabling import queries
from modules.schedule.timetabling.models import Card, Timetable
from modules.schedule.timetabling.services.moves import locked


class NameTaken(DomainError):
    message = _("A timetable of this year has this name already.")
    code = "timetable_name_taken"


def hours_in_week(course: Course) -> int:
    """Cards of a course. Half an hour a week has no place of its own: weeks do not take turns yet (README)."""
    return max(1, int(course.hours_per_week))


@transaction.atomic
def make(*, actor: Actor, year: str, name: str, days: int = 5, from_present: bool = True) -> Timetable:
    """A new draft with a card for every weekly lesson of the load, placed as the week of today has them or nowhere.

    Raises NameTaken.
    """
    require(actor, permissions.ARRANGE_TIMETABLE)
    try:
        with transaction.atomic():
            row = Timetable.objects.create(year=year, name=name, days=days)
    except IntegrityError as clash:
        raise NameTaken from clash
    week = queries.week_on(year=year, day=clock.today()) if from_present else {}
    cards = []
    for course in Course.objects.filter(year=year).order_by("id"):
        places = [one for one in week.get(course.pk, []) if one[0] <= days]
        for n in range(hours_in_week(course)):
            weekday, number, room = places[n] if n < len(places) else (None, None, "")
            cards.append(
                Card(timetable=row, course=course, ordinal=n + 1, weekday=weekday, number=number, room=room)
            )
    Card.objects.bulk_create(cards, batch_size=1000)
    audit.record(actor=actor, action="schedule.timetable.made", object_type="timetable", object_id=row.pk)
    return row


@transaction.atomic
def match_load(*, actor: Actor, timetable_id: UUID) -> tuple[int, int]:
    """Give the draft the cards that the load has now; answer how many came and how many went.

    Cards that are too many go, those beside the board first.
    """
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id)
    have: dict[UUID, list[Card]] = defaultdict(list)
    for card in Card.objects.filter(timetable=row).order_by("ordinal"):
        have[card.course_id].append(card)
    new, gone = [], []
    for course in Course.objects.filter(year=row.year):
        cards, wanted = have.get(course.pk, []), hours_in_week(course)
        if len(cards) > wanted:
            waiting_last = sorted(cards, key=lambda card: (card.weekday is None, card.ordinal))
            gone += [card.pk for card in waiting_last[wanted:]]
        top = max((card.ordinal for card in cards), default=0)
        new += [Card(timetable=row, course=course, ordinal=top + n + 1) for n in range(wanted - len(cards))]
    Card.objects.bulk_create(new)
    Card.objects.filter(pk__in=gone).delete()
    if new or gone:
        audit.record(
            actor=actor,
            action="schedule.timetable.matched",
            object_type="timetable",
            object_id=row.pk,
            details={"new": len(new), "gone": len(gone)},
        )
    return len(new), len(gone)


@transaction.atomic
def drop(*, actor: Actor, timetable_id: UUID) -> None:
    """Throw a draft away. Raises NotFound; a published one stays as the record of what was in force."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = Timetable.objects.select_for_update().filter(pk=timetable_id, state=Timetable.State.DRAFT).first()
    if row is None:
        raise NotFound
    name = row.name
    row.delete()
    audit.record(
        actor=actor,
        action="schedule.timetable.dropped",
        object_type="timetable",
        object_id=timetable_id,
        details={"name": name},
    )
