"""What follows by itself: a letter of the other school, an own order signed or cancelled, a day that has passed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction

from kernel import audit, clock
from kernel.access import Actor
from kernel.events import publish
from kernel.ids import uuid7
from modules.contingent import api as contingent
from modules.orders import api as orders
from modules.transfers import letters, notices, queries
from modules.transfers.data import OPEN, Refusal, Side, State
from modules.transfers.events import PupilArrived
from modules.transfers.models import Transfer
from modules.transfers.services import papers
from modules.transfers.services.steps import change, trace, write
from tenants.post import Letter

log = structlog.get_logger(__name__)


# --- letters


def receive(letter: Letter, said: letters.Letter, *, actor: Actor) -> None:
    """Do what the other school's letter says, as far as the transfer stands where it thinks.

    A letter that comes too late, or about somebody else's transfer, changes nothing and is told to the log.
    """
    if isinstance(said, letters.Asked):
        _asked(letter, said, actor=actor)
        return
    row = (
        Transfer.objects.select_for_update().filter(pk=said.transfer_id, partner_id=letter.sender.id).first()
    )
    if row is None or not _followed(row, letter, said, actor=actor):
        audit.record(
            actor=actor,
            action="transfers.letter_ignored",
            object_type="transfer",
            object_id=said.transfer_id,
            outcome="ignored",
            details={"kind": letter.kind, "state": row.state if row else ""},
        )


def _followed(row: Transfer, letter: Letter, said: letters.Letter, *, actor: Actor) -> bool:
    match said:
        case letters.Answered() if row.side == Side.IN:
            return _answered(row, letter, said, actor=actor)
        case letters.Dossier() if row.side == Side.IN:
            return _came(row, said, actor=actor)
        case letters.Recalled() if row.side == Side.IN:
            return _recalled(row, said, actor=actor)
        case letters.Withdrawn() if row.side == Side.OUT:
            return _withdrawn(row, said, actor=actor)
        case letters.Arrived() if row.side == Side.OUT:
            return _arrived(row, said, actor=actor)
    return False


def _asked(letter: Letter, said: letters.Asked, *, actor: Actor) -> None:
    row = Transfer(
        id=said.transfer_id,
        side=Side.OUT,
        state=State.ASKED,
        partner_id=letter.sender.id,
        partner_kk=letter.sender.name_kk,
        partner_ru=letter.sender.name_ru,
        **said.model_dump(exclude={"transfer_id"}),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # asked under a number that stands here already
        log.warning("transfers.asked_twice", transfer=str(row.pk))
        return
    _name(row, actor=actor)
    trace(row, "asked", actor=actor, by_partner=True)
    notices.tell_office(row, notices.ASKED, actor=actor)


def _name(row: Transfer, *, actor: Actor) -> None:
    """A child asked for by the number alone gets the name that the own card has, for the office's list."""
    if row.surname or not row.iin:
        return
    known = contingent.cards_like(actor=actor, iin=row.iin)
    here = next((card.pupil for card in known if card.left_date is None), None)
    if here is not None:
        row.surname, row.name, row.patronymic = here.surname, here.name, here.patronymic
        row.birth_date = here.birth_date
        row.save(update_fields=["surname", "name", "patronymic", "birth_date", "changed_at"])


def _answered(row: Transfer, letter: Letter, said: letters.Answered, *, actor: Actor) -> bool:
    # An answer written while the slip was valid counts, even if it is read the day after.
    in_time = row.state == State.EXPIRED and _day(letter) <= row.valid_until
    if said.agreed and (row.state == State.ASKED or in_time):
        change(
            row,
            "agreed",
            actor=actor,
            by_partner=True,
            state=State.AGREED,
            last_day=said.last_day,
            departure_slip=said.departure_slip,
            answered_on=_day(letter),
        )
        notices.tell_office(row, notices.AGREED, actor=actor)
        return True
    if not said.agreed and (row.state in {State.ASKED, State.AGREED} or in_time):
        change(
            row,
            "refused",
            actor=actor,
            by_partner=True,
            said=said.note,
            state=State.REFUSED,
            refusal=said.refusal if said.refusal in set(Refusal) else Refusal.OTHER,
            note=said.note,
            answered_on=_day(letter),
        )
        notices.tell_office(row, notices.REFUSED, actor=actor)
        return True
    return False


def _came(row: Transfer, said: letters.Dossier, *, actor: Actor) -> bool:
    # A dossier says more than an answer that was lost on the way.
    if row.state not in {State.ASKED, State.EXPIRED, State.AGREED}:
        return False
    change(
        row,
        "left",
        actor=actor,
        by_partner=True,
        state=State.LEFT,
        last_day=said.last_day,
        departure_slip=said.departure_slip,
        partner_order=said.order_number,
        partner_order_date=said.order_date,
        dossier=said.model_dump(mode="json", include={"card", "parts"}),
        dossier_at=clock.now(),
        pupil_id=uuid7(),  # the card will have it, so that whoever looks before is on record after
        surname=said.card.surname,
        name=said.card.name,
        patronymic=said.card.patronymic,
        birth_date=said.card.birth_date,
    )
    notices.tell_office(row, notices.CAME, actor=actor)
    return True


def _recalled(row: Transfer, said: letters.Recalled, *, actor: Actor) -> bool:
    if row.state != State.LEFT:
        return False
    papers.discard(row, actor=actor)
    change(
        row, "recalled", actor=actor, by_partner=True, said=said.note, state=State.AGREED, dossier=None,
        partner_order="", partner_order_date=None,
    )  # fmt: skip
    notices.tell_office(row, notices.RECALLED, actor=actor)
    return True


def _withdrawn(row: Transfer, said: letters.Withdrawn, *, actor: Actor) -> bool:
    if row.state not in OPEN:
        return False
    missing = row.order_date is not None
    papers.discard(row, actor=actor)
    change(
        row,
        "missing" if missing else "withdrawn",
        actor=actor,
        by_partner=True,
        said=said.note,
        state=State.MISSING if missing else State.WITHDRAWN,
        note=said.note,
    )
    notices.tell_office(row, notices.MISSING if missing else notices.WITHDRAWN, actor=actor)
    return True


def _arrived(row: Transfer, said: letters.Arrived, *, actor: Actor) -> bool:
    if row.state != State.LEFT:
        return False
    change(
        row,
        "arrived",
        actor=actor,
        by_partner=True,
        state=State.ARRIVED,
        partner_order=said.order_number,
        partner_order_date=said.order_date,
        arrived_on=said.first_day,
    )
    papers.note_confirmation(row, actor=actor, number=said.order_number, day=said.order_date)
    notices.tell_office(row, notices.ARRIVED, actor=actor)
    return True


def _day(letter: Letter) -> date:
    return letter.written_at.astimezone(clock.ALMATY).date()


# --- orders


@transaction.atomic
def on_signed(order_id: UUID, *, actor: Actor) -> None:
    """Go on when the order of a transfer is in force: send the dossier, or settle the child who has come.

    What was changed in the draft counts: the last day, the class, the first day.
    """
    row = Transfer.objects.select_for_update().filter(order_id=order_id).first()
    if row is None or row.order_date is not None:
        return
    order = orders.get_order(actor=actor, order_id=order_id)
    row.order_number, row.order_date = order.number, order.date
    row.save(update_fields=["order_number", "order_date", "changed_at"])
    if row.side == Side.OUT and row.state == State.AGREED:
        row.last_day = papers.last_day_of(order) or row.last_day
        row.save(update_fields=["last_day", "changed_at"])
        trace(row, "signed", actor=actor)
        if row.last_day is not None and row.last_day <= clock.today():
            _send_off(row, actor=actor)
    elif row.side == Side.IN and row.state in {State.LEFT, State.ASKED}:
        _settle(row, actor=actor)


@transaction.atomic
def on_cancelled(order_id: UUID, *, actor: Actor) -> None:
    """Go back when the order of departure is cancelled: the child stays, and the new school is told."""
    row = Transfer.objects.select_for_update().filter(order_id=order_id).first()
    if row is None or row.order_date is None:
        return
    cleared: dict[str, Any] = {"order_id": None, "order_number": "", "order_date": None}
    if row.side == Side.OUT and row.state in {State.AGREED, State.LEFT}:
        was_gone = row.state == State.LEFT
        change(row, "recalled", actor=actor, state=State.AGREED, **cleared)
        if was_gone:
            write(row, letters.Recalled(transfer_id=row.pk), actor=actor)
    elif row.side == Side.OUT and row.state == State.MISSING:
        change(row, "recalled", actor=actor, state=State.WITHDRAWN, **cleared)
    elif row.side == Side.IN and row.state == State.ARRIVED:
        state = State.ASKED if row.is_outside else State.LEFT
        change(row, "cancelled", actor=actor, state=state, arrived_on=None, pupil_id=uuid7(), **cleared)


def _send_off(row: Transfer, *, actor: Actor) -> None:
    """Gather the dossier and let it travel. Nothing of it stays in this row: the card is here."""
    if row.pupil_id is None or row.order_date is None or row.last_day is None:
        return
    if not row.is_outside:
        card = contingent.card(actor=actor, pupil_id=row.pupil_id)
        write(
            row,
            letters.Dossier(
                transfer_id=row.pk,
                last_day=row.last_day,
                order_number=row.order_number,
                order_date=row.order_date,
                departure_slip=row.departure_slip,
                card=papers.card_to_send(card),
                parts=papers.gather(row, actor=actor),
            ),
            actor=actor,
        )
    change(row, "left", actor=actor, state=State.LEFT, dossier_at=clock.now())


def _settle(row: Transfer, *, actor: Actor) -> None:
    """The card is there by the order; now the family and the statuses, and the confirmation to the old school."""
    if row.pupil_id is None or row.order_date is None:
        return
    here = contingent.card(actor=actor, pupil_id=row.pupil_id)
    if here.last_term is not None:
        row.arrival_date, row.class_label = here.last_term.since, here.last_term.class_label
    card, lines = papers.card_of(row), papers.lines_of(row)
    if card is not None:
        contingent.take_lines(actor=actor, pupil_id=row.pupil_id, content=lines)
        for one in card.guardians:
            contingent.link_guardian(
                actor=actor, pupil_id=row.pupil_id, guardian=papers.guardian_here(one, lines)
            )
        for status in card.statuses:
            if status.until is None or status.until >= row.arrival_date:
                contingent.give_status(
                    actor=actor,
                    pupil_id=row.pupil_id,
                    code=status.code,
                    since=status.since,
                    until=status.until,
                    ground=status.ground,
                )
    change(
        row,
        "arrived",
        actor=actor,
        state=State.ARRIVED,
        arrived_on=row.arrival_date,
        arrival_date=row.arrival_date,
        class_label=row.class_label,
    )
    publish(
        PupilArrived(
            transfer_id=str(row.pk), pupil_id=str(row.pupil_id), first_day=row.arrival_date.isoformat()
        ),
        actor=actor,
    )
    write(
        row,
        letters.Arrived(
            transfer_id=row.pk,
            order_number=row.order_number,
            order_date=row.order_date,
            first_day=row.arrival_date,
            class_label=row.class_label,
        ),
        actor=actor,
    )


# --- days


def send_due(*, actor: Actor, on: date) -> int:
    """Let the dossiers go whose pupils had their last day; answer how many."""
    done = 0
    for transfer_id in queries.due(on=on):
        with transaction.atomic():
            row = Transfer.objects.select_for_update().get(pk=transfer_id)
            if row.state == State.AGREED:
                _send_off(row, actor=actor)
                done += 1
    return done


def expire(*, actor: Actor, on: date) -> int:
    """Close the requests whose slip is not valid any more, on either side; answer how many."""
    done = 0
    for transfer_id in queries.outlived(on=on):
        with transaction.atomic():
            row = Transfer.objects.select_for_update().get(pk=transfer_id)
            if row.state == State.ASKED:
                change(row, "expired", actor=actor, state=State.EXPIRED)
                done += 1
    return done
