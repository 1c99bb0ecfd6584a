"""The old school's side: it answers a request, lets the pupil go, and learns where he has arrived."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from documents import api as documents
from kernel import clock
from kernel.access import Actor, require
from kernel.errors import DomainError, WrongValue
from modules.contingent import api as contingent
from modules.contingent.data import PupilCard
from modules.transfers import letters, permissions, queries
from modules.transfers.data import Refusal, Side, State
from modules.transfers.models import Transfer
from modules.transfers.services import papers
from modules.transfers.services.steps import DEPARTURE, WrongState, change, locked, trace, write
from tenants import reference

FARTHEST = timedelta(days=60)


class WrongDay(DomainError):
    message = _("The last day is too far from today.")
    code = "wrong_day"


class NotTheChild(DomainError):
    message = _("This pupil is not the child that the school asks for, or has left already.")
    code = "not_the_child"


class AlreadyPromised(DomainError):
    message = _("The pupil is let go to another school already: {school}")
    code = "already_promised"


@transaction.atomic
def agree(*, actor: Actor, transfer_id: UUID, pupil_id: UUID, last_day: date) -> Transfer:
    """Let the pupil go: the order of departure is drafted, the departure slip numbered, the new school told.

    Raises WrongState, NotTheChild, AlreadyPromised, and what the order refuses.
    """
    require(actor, permissions.ANSWER)
    row = locked(transfer_id, side=Side.OUT, states={State.ASKED})
    if row.valid_until < clock.today():
        raise WrongState
    card = next((c for c in queries.candidates(actor=actor, transfer=row) if c.id == pupil_id), None)
    if card is None or card.left_date is not None:
        raise NotTheChild
    _refuse_promised(pupil_id)
    _let_go(row, card, last_day, actor=actor)
    write(
        row,
        letters.Answered(
            transfer_id=row.pk, agreed=True, last_day=last_day, departure_slip=row.departure_slip
        ),
        actor=actor,
    )
    return row


@transaction.atomic
def refuse(*, actor: Actor, transfer_id: UUID, refusal: str, note: str = "") -> Transfer:
    """Refuse, or take an agreement back while the order is not signed. Raises WrongState."""
    require(actor, permissions.ANSWER)
    if refusal not in set(Refusal):
        raise WrongValue
    row = locked(transfer_id, side=Side.OUT, states={State.ASKED, State.AGREED})
    if row.order_date is not None:
        raise WrongState
    papers.discard(row, actor=actor)
    change(
        row,
        "refused",
        actor=actor,
        said=note,
        state=State.REFUSED,
        refusal=refusal,
        note=note,
        answered_on=clock.today(),
    )
    write(row, letters.Answered(transfer_id=row.pk, agreed=False, refusal=refusal, note=note), actor=actor)
    return row


@transaction.atomic
def draft_again(*, actor: Actor, transfer_id: UUID) -> UUID:
    """Draft the order of departure anew, when its draft was thrown away or the order cancelled. Raises WrongState."""
    require(actor, permissions.ANSWER)
    row = locked(transfer_id, side=Side.OUT, states={State.AGREED})
    if row.order_date is not None or row.pupil_id is None or row.last_day is None:
        raise WrongState
    papers.discard(row, actor=actor)
    card = contingent.card(actor=actor, pupil_id=row.pupil_id)
    order_id = papers.draft_departure(row, card, actor=actor, last_day=row.last_day)
    change(row, "drafted", actor=actor, order_id=order_id)
    return order_id


@transaction.atomic
def let_go(
    *,
    actor: Actor,
    pupil_id: UUID,
    partner: str,
    place: str,
    reason: str,
    ground: str,
    last_day: date,
    ground_paper: str = "",
    slip_number: str = "",
) -> Transfer:
    """Let a pupil go to a school outside the platform: the same order and slip, and a dossier to be printed.

    `slip_number` is that of the accepting slip he brought. Raises NotTheChild, AlreadyPromised.
    """
    require(actor, permissions.ANSWER)
    if ground not in reference.terms("transfer_grounds"):
        raise WrongValue
    card = contingent.card(actor=actor, pupil_id=pupil_id)
    if card.left_date is not None or card.last_term is None:
        raise NotTheChild
    _refuse_promised(pupil_id)
    today = clock.today()
    row = Transfer(
        side=Side.OUT,
        state=State.AGREED,
        partner_kk=partner,
        partner_ru=partner,
        partner_place=place,
        reason=reason,
        iin=card.pupil.iin,
        surname=card.pupil.surname,
        name=card.pupil.name,
        patronymic=card.pupil.patronymic,
        birth_date=card.pupil.birth_date,
        grade=card.last_term.grade,
        ground=ground,
        ground_paper=ground_paper,
        slip_number=slip_number,
        asked_on=today,
        arrival_date=last_day,
        valid_until=today,
        asked_by_id=actor.user_id,
    )
    row.save(force_insert=True)
    trace(row, "asked", actor=actor)
    _let_go(row, card, last_day, actor=actor)
    return row


@transaction.atomic
def confirm_arrival(*, actor: Actor, transfer_id: UUID, number: str, day: date) -> Transfer:
    """Note the confirmation that a school outside the platform sent. Raises WrongState."""
    require(actor, permissions.ANSWER)
    row = locked(transfer_id, side=Side.OUT, states={State.LEFT})
    if not row.is_outside:
        raise WrongState
    papers.note_confirmation(row, actor=actor, number=number, day=day)
    return change(
        row, "arrived", actor=actor, state=State.ARRIVED, partner_order=number, partner_order_date=day
    )


def _refuse_promised(pupil_id: UUID) -> None:
    before = Transfer.objects.filter(
        side=Side.OUT, pupil_id=pupil_id, state__in=[State.AGREED, State.LEFT]
    ).first()
    if before is not None:
        raise AlreadyPromised(school=before.partner)


def _let_go(row: Transfer, card: PupilCard, last_day: date, *, actor: Actor) -> None:
    today = clock.today()
    if not today - FARTHEST <= last_day <= today + FARTHEST:
        raise WrongDay
    number = documents.next_number(DEPARTURE, clock.school_year_of(today), actor=actor)
    row.departure_slip = str(number)
    order_id = papers.draft_departure(row, card, actor=actor, last_day=last_day)
    change(
        row,
        "agreed",
        actor=actor,
        state=State.AGREED,
        pupil_id=card.id,
        surname=card.pupil.surname,
        name=card.pupil.name,
        patronymic=card.pupil.patronymic,
        birth_date=card.pupil.birth_date,
        class_label=card.last_term.class_label if card.last_term else "",
        answered_on=today,
        last_day=last_day,
        departure_slip=str(number),
        order_id=order_id,
    )
