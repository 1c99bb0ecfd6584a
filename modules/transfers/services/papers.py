"""The orders that a transfer makes on either side, and what of a card travels. The one place that knows kinds of orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from kernel import clock
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.tenancy import current
from modules.contingent import api as contingent
from modules.contingent.data import (
    BanInfo,
    ClassInfo,
    Newcomer,
    NewGuardian,
    NewPupil,
    PupilCard,
    Whereabouts,
)
from modules.orders import api as orders
from modules.transfers import letters, parts, reading
from modules.transfers.models import Transfer
from tenants import api as tenants


class DossierNotHere(DomainError):
    message = _("The old school has not sent the dossier yet.")
    code = "dossier_not_here"


# --- what travels

CARD_LINES = "contingent.card"
_OF_GUARDIAN = ("relation", "surname", "name", "patronymic", "iin", "phone")


def card_to_send(card: PupilCard) -> letters.Card:
    """The card as the letter carries it."""
    pupil = card.pupil
    return letters.Card(
        **{name: getattr(pupil, name) for name in pupil.__slots__ if name in letters.Card.model_fields},
        enrolled_date=card.enrolled_date,
        guardians=tuple(
            letters.Guardian(**{name: getattr(one, name) for name in _OF_GUARDIAN}, may_see=one.ban is None)
            for one in card.guardians
        ),
        statuses=tuple(
            letters.Status(code=one.code, since=one.since, until=one.until, ground=one.ground)
            for one in card.statuses
        ),
        terms=tuple(
            letters.Term(**{name: getattr(one, name) for name in one.__slots__}) for one in card.terms
        ),
    )


def gather(row: Transfer, *, actor: Actor) -> dict[str, Any]:
    """The parts of the modules as they stand on the pupil's last day, or today if that is earlier."""
    if row.pupil_id is None or row.last_day is None:
        return {}
    return parts.gather(actor=actor, pupil_id=row.pupil_id, on=row.last_day)


def typed_dossier(row: Transfer, *, sex: str) -> dict[str, Any]:
    """What a clerk knows of a child whose papers come by hand, in the shape of a dossier."""
    if row.birth_date is None:
        raise ValueError("a card wants the date of birth")
    card = letters.Card(
        surname=row.surname,
        name=row.name,
        patronymic=row.patronymic,
        iin=row.iin,
        sex="f" if sex == "f" else "m",
        birth_date=row.birth_date,
    )
    return {"card": card.model_dump(mode="json"), "parts": {}}


def card_of(row: Transfer) -> letters.Card | None:
    return reading.card_of(row.dossier)


def lines_of(row: Transfer) -> Mapping[str, Any]:
    """The lines of the card that came in the dossier."""
    found = (row.dossier or {}).get("parts", {}).get(CARD_LINES)
    return found if isinstance(found, dict) else {}


def guardian_here(one: letters.Guardian, lines: Mapping[str, Any] | None = None) -> NewGuardian:
    """A guardian as this school may keep her: a number that fails the check is left for the clerk to ask.

    Who might not see the child in the old school may not here either: the ban goes along with the card.
    """
    values = one.model_dump(exclude={"may_see"})
    if values["relation"] not in reading.RELATIONS:
        values["relation"] = "relative"
    if values["iin"] and current().iin_problems(values["iin"]):
        values["iin"] = ""
    return NewGuardian(**values, ban=_ban_of(one, lines or {}))


def _ban_of(one: letters.Guardian, lines: Mapping[str, Any]) -> BanInfo | None:
    """The ban as the old school's card tells it; one in force there is in force here at once."""
    today = clock.today()
    named = (one.surname, one.name, one.patronymic)
    bans = lines.get("bans")
    for line in bans if isinstance(bans, list) else ():
        try:
            told = letters.Ban.model_validate(line)
        except ValidationError:
            continue
        if (told.surname, told.name, told.patronymic) == named and (
            told.until is None or told.until >= today
        ):
            since = told.since if one.may_see else min(told.since, today)
            return BanInfo(since=since, until=told.until, ground=told.ground)
    if one.may_see:
        return None
    with translation.override(current().language):
        ground = gettext("as the old school noted it; the decision is in the personal file")
    return BanInfo(since=today, ground=ground)


# --- orders


def discard(row: Transfer, *, actor: Actor) -> None:
    """Throw the draft of the transfer's order away, if there is one; what is signed stays."""
    if row.order_id is None or row.order_date is not None:
        return
    known = orders.references([row.order_id]).get(row.order_id)
    if known is not None and known.is_draft:
        orders.discard(actor=actor, order_id=known.id)
    row.order_id = None
    row.save(update_fields=["order_id", "changed_at"])


def draft_departure(row: Transfer, card: PupilCard, *, actor: Actor, last_day: date) -> UUID:
    """Draft the order of departure and lay it before the director; answer its id."""
    order = contingent.draft_departure(
        actor=actor,
        last_day=last_day,
        departures={card.id: _place(row, "dep", slip_number=row.departure_slip, slip_date=clock.today())},
        ground=_ground(row),
    )
    return orders.submit(actor=actor, order_id=order.id).id


def draft_enrolment(
    row: Transfer, *, actor: Actor, into: ClassInfo, first_day: date, card_id: UUID, returns: bool
) -> UUID:
    """Draft the order that takes the child in: a newcomer with the whole card, or one who returns to his old card."""
    card = card_of(row)
    if card is None:
        raise DossierNotHere
    slip_date = row.answered_on if row.departure_slip else None
    whence = _place(row, "arr", slip_number=row.departure_slip, slip_date=slip_date)
    if returns:
        order = contingent.draft_return(
            actor=actor,
            pupil_id=card_id,
            class_id=into.id,
            since=first_day,
            whence=whence,
            ground=_ground(row),
        )
    else:
        pupil = NewPupil(**card.model_dump(include={one.name for one in fields(NewPupil)}))
        newcomer = Newcomer(pupil=pupil, class_id=into.id, since=first_day, whence=whence, id=card_id)
        order = contingent.draft_enrolment(actor=actor, newcomers=[newcomer], ground=_ground(row))
    return orders.submit(actor=actor, order_id=order.id).id


def last_day_of(order: orders.OrderInfo) -> date | None:
    """The last day as the signed order of departure says it."""
    value = order.values.get("last_day")
    return date.fromisoformat(value) if value else None


def note_confirmation(row: Transfer, *, actor: Actor, number: str, day: date) -> None:
    """Write the confirmation of arrival into the book of departures."""
    if row.pupil_id is None:
        return
    gone = contingent.movements_of(actor=actor, pupil_id=row.pupil_id)
    last = next((one for one in gone if one.direction == "out" and one.order_id == row.order_id), None)
    if last is not None and last.id is not None:
        contingent.note_papers(actor=actor, movement_id=last.id, confirmation=number[:80], confirmed_date=day)


def _place(row: Transfer, prefix: str, **slip: Any) -> Whereabouts:
    """Where from or where to, as the books of arrivals and departures want it, in the school's own language."""
    with translation.override(current().language):
        if row.partner_id is None:
            return Whereabouts(
                reason=row.reason,
                country="" if row.reason.endswith("_abroad") else "KZ",
                district=row.partner_place[:120],
                organisation=row.partner,
                **slip,
            )
        there = tenants.standing(row.partner_id)
        near = (
            "same_district" if there.same_district else "same_region" if there.same_region else "other_region"
        )
        return Whereabouts(
            reason=f"{prefix}_{near}",
            country="KZ",
            region=there.region[:120],
            district=there.district[:120],
            organisation=row.partner,
            **slip,
        )


def _ground(row: Transfer) -> str:
    """What the order stands on: the slip, and the paper that the family showed."""
    with translation.override(current().language):
        slip = (
            gettext("slip of arrival No. {number} of {day}").format(
                number=row.slip_number, day=f"{row.asked_on:%d.%m.%Y}"
            )
            if row.slip_number
            else ""
        )
        return "; ".join(filter(None, (slip, row.ground_paper)))[:500]
