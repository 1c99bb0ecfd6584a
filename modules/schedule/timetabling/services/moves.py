"""Cards are put, pinned and taken off; each step may be undone, fifty back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.schedule import permissions
from modules.schedule.timetabling import queries
from modules.schedule.timetabling.grid import Fit, Piece, Place
from modules.schedule.timetabling.models import Card, Step, Timetable

KEPT_STEPS = 50
FIELDS = ("weekday", "number", "room", "pin")


class Published(DomainError):
    message = _("This timetable is published. Make a new variant from it to change lessons.")
    code = "timetable_published"


class CannotStandThere(DomainError):
    message = _("The lesson cannot stand there: {why}.")
    code = "cannot_stand_there"


class PinnedHere(DomainError):
    message = _("The lesson is pinned: {reason}. Unpin it first.")
    code = "lesson_pinned"


class ReasonMissing(DomainError):
    message = _("Say why the lesson stays here.")
    code = "reason_missing"


class NothingToUndo(DomainError):
    message = _("There is nothing to undo.")
    code = "nothing_to_undo"


def locked(timetable_id: UUID) -> Timetable:
    """The draft, held until the change is done. Raises NotFound or Published."""
    row = Timetable.objects.select_for_update().filter(pk=timetable_id).first()
    if row is None:
        raise NotFound
    if row.state != Timetable.State.DRAFT:
        raise Published
    return row


def remember(actor: Actor, row: Timetable, cards: Iterable[Card]) -> None:
    """Keep how the cards stand before a change, and let the oldest step go."""
    before = {str(card.pk): [getattr(card, name) for name in FIELDS] for card in cards}
    Step.objects.create(timetable=row, by=actor.system or actor.name, at=clock.now(), before=before)
    kept = Step.objects.filter(timetable=row).order_by("-id").values_list("pk", flat=True)[:KEPT_STEPS]
    Step.objects.filter(timetable=row).exclude(pk__in=list(kept)).delete()


def _card(row: Timetable, card_id: UUID) -> Card:
    card = Card.objects.filter(timetable=row, pk=card_id).first()
    if card is None:
        raise NotFound
    return card


@transaction.atomic
def move(*, actor: Actor, timetable_id: UUID, card_id: UUID, place: Place | None) -> list[Piece]:
    """Put the card into the place, or beside the board; answer the cards that had to leave it.

    A card that can take the mover's old place changes with it, others wait beside the board. Raises CannotStandThere
    or PinnedHere.
    """
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id)
    grid = queries.grid(actor=actor, row=row)
    piece = grid.pieces.get(card_id)
    if piece is None:
        raise NotFound
    if piece.pin:
        raise PinnedHere(reason=piece.pin)
    if place == piece.place:
        return []
    places: dict[UUID, Place | None] = {piece.id: place}
    left: list[Piece] = []
    if place is not None:
        answer = grid.answer(piece, place)
        if answer.fit is Fit.IMPOSSIBLE:
            raise CannotStandThere(why="; ".join(answer.words))
        for other in answer.moving:
            changes = len(answer.moving) == 1 and grid.swaps(piece, other)
            places[other.id] = piece.place if changes else None
            left.append(replace(other, place=places[other.id]))
    stand(actor, row, places)
    audit.record(
        actor=actor,
        action="schedule.card.moved",
        object_type="timetable",
        object_id=row.pk,
        details={"lesson": piece.title, "place": "-".join(map(str, place)) if place else ""},
    )
    return left


def stand(
    actor: Actor,
    row: Timetable,
    places: dict[UUID, Place | None],
    rooms: Mapping[UUID, str] | None = None,
) -> int:
    """Write the places, and rooms where they are given, as one step; answer how many cards changed their place."""
    given = rooms or {}
    cards = [
        card
        for card in Card.objects.select_for_update().filter(timetable=row, pk__in=list(places))
        if queries.place_of(card) != places[card.pk] or given.get(card.pk, card.room) != card.room
    ]
    if not cards:
        return 0
    remember(actor, row, cards)
    moved = 0
    for card in cards:
        moved += queries.place_of(card) != places[card.pk]
        card.weekday, card.number = places[card.pk] or (None, None)
        card.room = given.get(card.pk, card.room)
        if card.weekday is None:
            card.pin = ""
    Card.objects.bulk_update(cards, ["weekday", "number", "pin", "room"], batch_size=500)
    return moved


@transaction.atomic
def pin(*, actor: Actor, timetable_id: UUID, card_id: UUID, reason: str) -> None:
    """Keep the card where it is, for a reason; without one, let it go again. Raises ReasonMissing."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id)
    card = _card(row, card_id)
    if card.weekday is None:
        raise CannotStandThere(why=_("it is not placed"))
    if not reason.strip() and not card.pin:
        raise ReasonMissing
    remember(actor, row, [card])
    card.pin = reason.strip()[:200]
    card.save(update_fields=["pin"])
    if card.pin:
        audit.record(
            actor=actor,
            action="schedule.card.pinned",
            object_type="timetable",
            object_id=row.pk,
            details={"reason": card.pin},
        )
    else:
        audit.record(actor=actor, action="schedule.card.unpinned", object_type="timetable", object_id=row.pk)


@transaction.atomic
def set_room(*, actor: Actor, timetable_id: UUID, card_id: UUID, room: str) -> None:
    """Say in which room the lesson is held."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id)
    card = _card(row, card_id)
    if card.room == room.strip():
        return
    remember(actor, row, [card])
    card.room = room.strip()[:20]
    card.save(update_fields=["room"])
    audit.record(
        actor=actor,
        action="schedule.card.room",
        object_type="timetable",
        object_id=row.pk,
        details={"room": card.room},
    )


@transaction.atomic
def undo(*, actor: Actor, timetable_id: UUID) -> int:
    """Take the last step back; answer how many cards it changed. Raises NothingToUndo."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id)
    step = Step.objects.filter(timetable=row).order_by("-id").first()
    if step is None:
        raise NothingToUndo
    cards = list(Card.objects.filter(timetable=row, pk__in=list(step.before)))
    for card in cards:
        card.weekday, card.number, card.room, card.pin = step.before[str(card.pk)]
    Card.objects.bulk_update(cards, list(FIELDS), batch_size=500)
    step.delete()
    audit.record(actor=actor, action="schedule.card.undone", object_type="timetable", object_id=row.pk)
    return len(cards)
