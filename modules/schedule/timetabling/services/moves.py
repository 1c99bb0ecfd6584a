"""Cards are put, pinned and taken off; each step may be undone, fifty back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError, NotFound
from modules.schedule import permissions
from modules.schedule.timetabling import queries
from modules.schedule.timetabling.answers import Fit, Place
from modules.schedule.timetabling.grid import Grid, Piece
from modules.schedule.timetabling.models import Card, Step, Timetable

KEPT_STEPS = 50
FIELDS = ("weekday", "number", "room", "pin", "weeks")


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


class Outdated(Conflict):
    """Another change came between what the person saw and what the person asks."""

    message = _("{who} changed the variant while it stood open here. This is how it is now: look again.")
    code = "timetable_outdated"


def locked(timetable_id: UUID, seen: int | None = None) -> Timetable:
    """The draft, held until the change is done. Raises NotFound or Published, and Outdated if it was seen otherwise."""
    row = Timetable.objects.select_for_update().filter(pk=timetable_id).first()
    if row is None:
        raise NotFound
    if row.state != Timetable.State.DRAFT:
        raise Published
    if seen is not None and seen != row.version:
        raise Outdated(who=row.changed_by)
    return row


def grown(actor: Actor, row: Timetable) -> None:
    """Say that the draft is not any more what others may still see, and by whom."""
    row.version += 1
    row.changed_by = actor.system or actor.name
    row.save(update_fields=["version", "changed_by"])


def remember(actor: Actor, row: Timetable, cards: Iterable[Card]) -> None:
    """Keep how the cards stand before a change, and let the oldest step go."""
    before = {str(card.pk): [getattr(card, name) for name in FIELDS] for card in cards}
    Step.objects.create(timetable=row, by=actor.system or actor.name, at=clock.now(), before=before)
    steps = Step.objects.filter(timetable=row)
    for oldest in steps.order_by("-id").values_list("pk", flat=True)[KEPT_STEPS : KEPT_STEPS + 1]:
        steps.filter(pk__lte=oldest).delete()
    grown(actor, row)


def _card(row: Timetable, card_id: UUID) -> Card:
    card = Card.objects.filter(timetable=row, pk=card_id).first()
    if card is None:
        raise NotFound
    return card


@dataclass(frozen=True, slots=True)
class Moved:
    """The variant after a move, and the cards that made room, as they stand now."""

    row: Timetable
    grid: Grid
    left: tuple[Piece, ...] = ()


@transaction.atomic
def move(
    *, actor: Actor, timetable_id: UUID, card_id: UUID, place: Place | None, seen: int | None = None
) -> Moved:
    """Put the card into the place, or beside the board; others make room as the board said, all in one step.

    `seen` is the version that the person looked at. Raises Outdated, CannotStandThere or PinnedHere.
    """
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id, seen)
    grid = queries.grid(actor=actor, row=row)
    piece = grid.pieces.get(card_id)
    if piece is None:
        raise NotFound
    if piece.pin:
        raise PinnedHere(reason=piece.pin)
    if place == piece.place:
        return Moved(row, grid)
    spots: dict[UUID, tuple[Place | None, str]]
    left: list[UUID] = []
    if place is None:
        spots = {one.id: (None, one.weeks) for one in grid.together(piece)}
    else:
        answer = grid.answer(piece, place)
        if answer.fit is Fit.IMPOSSIBLE:
            raise CannotStandThere(why="; ".join(answer.words))
        spots = {leap.piece.id: (leap.to, leap.weeks) for leap in (*answer.goes, *answer.leaps)}
        left = [leap.piece.id for leap in answer.leaps]
    stand(actor, row, spots)
    for key, (to, weeks) in spots.items():
        grid.put(key, to, weeks)
    audit.record(
        actor=actor,
        action="schedule.card.moved",
        object_type="timetable",
        object_id=row.pk,
        details={"lesson": piece.title, "place": "-".join(map(str, place)) if place else ""},
    )
    return Moved(row, grid, tuple(grid.pieces[key] for key in left))


Spots = Mapping[UUID, tuple[Place | None, str]]


def stand(actor: Actor, row: Timetable, spots: Spots, rooms: Mapping[UUID, str] | None = None) -> int:
    """Write places and weeks, and rooms where they are given, as one step; answer how many cards changed their place."""
    given = rooms or {}
    cards = [
        card
        for card in Card.objects.select_for_update().filter(timetable=row, pk__in=list(spots))
        if (queries.place_of(card), card.weeks) != spots[card.pk]
        or given.get(card.pk, card.room) != card.room
    ]
    if not cards:
        return 0
    remember(actor, row, cards)
    moved = 0
    for card in cards:
        moved += (queries.place_of(card), card.weeks) != spots[card.pk]
        place, card.weeks = spots[card.pk]
        card.weekday, card.number = place or (None, None)
        card.room = given.get(card.pk, card.room)
        if card.weekday is None:
            card.pin = ""
    Card.objects.bulk_update(cards, ["weekday", "number", "pin", "weeks", "room"], batch_size=500)
    return moved


@transaction.atomic
def pin(*, actor: Actor, timetable_id: UUID, card_id: UUID, reason: str, seen: int | None = None) -> None:
    """Keep the card where it is, for a reason; without one, let it go again. Raises ReasonMissing."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id, seen)
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
def set_room(*, actor: Actor, timetable_id: UUID, card_id: UUID, room: str, seen: int | None = None) -> None:
    """Say in which room the lesson is held."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id, seen)
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
def undo(*, actor: Actor, timetable_id: UUID, seen: int | None = None) -> list[UUID]:
    """Take the last step back; answer the cards it changed. Raises Outdated or NothingToUndo."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = locked(timetable_id, seen)
    step = Step.objects.filter(timetable=row).order_by("-id").first()
    if step is None:
        raise NothingToUndo
    cards = list(Card.objects.filter(timetable=row, pk__in=list(step.before)))
    for card in cards:
        for name, value in zip(FIELDS, step.before[str(card.pk)], strict=False):  # older steps know no weeks
            setattr(card, name, value)
    Card.objects.bulk_update(cards, list(FIELDS), batch_size=500)
    step.delete()
    grown(actor, row)
    audit.record(actor=actor, action="schedule.card.undone", object_type="timetable", object_id=row.pk)
    return [card.pk for card in cards]
