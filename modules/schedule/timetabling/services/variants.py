"""A variant is made, follows the load, and goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
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
from modules.schedule.timetabling.services.moves import grown, locked
from modules.schedule.year.models import Weeks


class NameTaken(DomainError):
    message = _("A timetable of this year has this name already.")
    code = "timetable_name_taken"


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
    cards = [
        card
        for course in Course.objects.filter(year=year).order_by("id")
        for card in _laid_out(row, course, [one for one in week.get(course.pk, []) if one.weekday <= days])
    ]
    Card.objects.bulk_create(cards, batch_size=1000)
    audit.record(actor=actor, action="schedule.timetable.made", object_type="timetable", object_id=row.pk)
    return row


def _laid_out(row: Timetable, course: Course, spots: list[queries.Spot]) -> Iterator[Card]:
    """The cards of a course where it stands now; half an hour stands where a half does, or what no whole hour needs."""
    wanted = queries.cards_of(course.hours_per_week)
    wholes = [one for one in spots if one.weeks == Weeks.EVERY]
    halves = [one for one in spots if one.weeks != Weeks.EVERY]
    kept = [*wholes, *halves[wanted.half :]][: wanted.whole]
    turns = [*halves, *wholes[wanted.whole :]][: wanted.half]
    places = [*kept, *[None] * (wanted.whole - len(kept)), *turns, *[None] * (wanted.half - len(turns))]
    for n, spot in enumerate(places):
        weeks = Weeks.EVERY
        if n >= wanted.whole:
            weeks = Weeks.EVEN if spot and spot.weeks == Weeks.EVEN else Weeks.ODD
        card = Card(timetable=row, course=course, ordinal=n + 1, weeks=weeks)
        if spot:
            card.weekday, card.number, card.room = spot.weekday, spot.number, spot.room
        yield card


@transaction.atomic
def match_load(*, actor: Actor, timetable_id: UUID) -> tuple[int, int]:
    """Give the draft the cards that the load has now; answer how many came and how many went.

    Cards that are too many go, those beside the board first. Where half an hour became an hour, or the other way
    round, the card stays where it is.
    """
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id)
    have: dict[UUID, list[Card]] = defaultdict(list)
    for card in Card.objects.filter(timetable=row).order_by("ordinal"):
        have[card.course_id].append(card)
    new: list[Card] = []
    turned: list[Card] = []
    gone: list[UUID] = []
    for course in Course.objects.filter(year=row.year):
        cards, wanted = have.get(course.pk, []), queries.cards_of(course.hours_per_week)
        placed_first = sorted(cards, key=lambda card: (card.weekday is None, card.ordinal))
        wholes = [one for one in placed_first if one.weeks == Weeks.EVERY]
        halves = [one for one in placed_first if one.weeks != Weeks.EVERY]
        spare = [*wholes[wanted.whole :], *halves[wanted.half :]]
        top = max((card.ordinal for card in cards), default=0)
        short = [Weeks.EVERY] * (wanted.whole - len(wholes)) + [Weeks.ODD] * (wanted.half - len(halves))
        for weeks in short:
            if spare:
                turned.append(card := spare.pop(0))
                card.weeks = weeks
            else:
                top += 1
                new.append(Card(timetable=row, course=course, ordinal=top, weeks=weeks))
        gone += [one.pk for one in spare]
    Card.objects.bulk_create(new)
    Card.objects.bulk_update(turned, ["weeks"], batch_size=500)
    Card.objects.filter(pk__in=gone).delete()
    if new or gone or turned:
        grown(actor, row)
        audit.record(
            actor=actor,
            action="schedule.timetable.matched",
            object_type="timetable",
            object_id=row.pk,
            details={"new": len(new), "gone": len(gone), "turned": len(turned)},
        )
    return len(new) + len(turned), len(gone) + len(turned)


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
