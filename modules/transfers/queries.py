"""Reads of transfers, for the office; and what a pupil brought, for those who teach him."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import fold
from modules.contingent import api as contingent
from modules.contingent.data import PupilCard
from modules.school import api as school
from modules.transfers import permissions
from modules.transfers.data import OPEN, Brought, Side, State
from modules.transfers.models import Step, Transfer
from tenants import reference

MARKS = "journal.marks"
"""The part of a dossier that teachers and families read: the journal puts it in."""


def transfers(*, actor: Actor, side: Side, state: str = "", text: str = "") -> QuerySet[Transfer]:
    """Transfers of one side, the newest first. `state` is "open", one of the states, or empty for all."""
    require(actor, permissions.VIEW)
    rows = Transfer.objects.filter(side=side)
    if state == "open":
        rows = rows.filter(state__in=OPEN)
    elif state:
        rows = rows.filter(state=state)
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(surname__istartswith=word)
            | Q(name__istartswith=word)
            | Q(partner_kk__icontains=word)
            | Q(partner_ru__icontains=word)
        )
    return rows.order_by("-created_at", "-id")


def get(*, actor: Actor, transfer_id: UUID) -> Transfer:
    """One transfer; raises NotFound."""
    require(actor, permissions.VIEW)
    row = Transfer.objects.filter(pk=transfer_id).first()
    if row is None:
        raise NotFound
    return row


def steps(*, actor: Actor, transfer_id: UUID) -> list[Step]:
    """What happened, the newest first."""
    require(actor, permissions.VIEW)
    return list(Step.objects.filter(transfer_id=transfer_id).order_by("-id"))


def candidates(*, actor: Actor, transfer: Transfer) -> list[PupilCard]:
    """Who of this school may be the child of the transfer: those who learn here first."""
    require(actor, permissions.VIEW)
    found = contingent.cards_like(
        actor=actor,
        iin=transfer.iin,
        surname=transfer.surname,
        name=transfer.name,
        birth_date=transfer.birth_date,
    )
    return sorted(found, key=lambda card: card.left_date is not None)


def former(*, actor: Actor, transfer: Transfer) -> list[PupilCard]:
    """Cards of those who learned here once and may be the child who comes, for the clerk to choose from."""
    found = candidates(actor=actor, transfer=transfer)
    return [card for card in found if card.left_date is not None]


def rivals(*, actor: Actor, transfer: Transfer, pupil_ids: Iterable[UUID] = ()) -> list[Transfer]:
    """Other open requests of other schools for the same child."""
    require(actor, permissions.VIEW)
    same = Q(pupil_id__in=list(pupil_ids))
    if transfer.iin:
        same |= Q(iin=transfer.iin)
    if transfer.surname and transfer.birth_date:
        same |= Q(
            surname__iexact=transfer.surname, name__iexact=transfer.name, birth_date=transfer.birth_date
        )
    rows = Transfer.objects.filter(same, side=Side.OUT, state__in=OPEN).exclude(pk=transfer.pk)
    return list(rows.order_by("created_at", "id"))


def asked_already(*, iin: str, surname: str, name: str, birth_date: date | None) -> Transfer | None:
    """The own open request for the child. The caller has checked the right to ask."""
    rows = Transfer.objects.filter(side=Side.IN, state__in=OPEN)
    if iin and (found := rows.filter(iin=iin).first()):
        return found
    if not (surname and birth_date):
        return None
    wanted = fold(f"{surname} {name}")
    alike = rows.filter(birth_date=birth_date).order_by("id")
    return next((row for row in alike if fold(f"{row.surname} {row.name}") == wanted), None)


def partners(*, actor: Actor, limit: int = 5) -> list[UUID]:
    """Schools of the platform with which this one dealt last."""
    require(actor, permissions.VIEW)
    rows = Transfer.objects.exclude(partner_id=None).order_by("-created_at", "-id")
    lately = rows.values_list("partner_id", flat=True)[:50]
    return list(dict.fromkeys(key for key in lately if key is not None))[:limit]


def names(ids: Iterable[str]) -> dict[str, str]:
    """Names of the children by the transfers' ids as text, for the security log."""
    return {str(row.pk): row.person_name.full for row in Transfer.objects.filter(pk__in=list(ids))}


# --- what waits for somebody


def waiting(*, actor: Actor) -> dict[str, list[Transfer]]:
    """What wants the office today, by what is to be done; each the most urgent first."""
    require(actor, permissions.VIEW)
    today = clock.today()
    rows = list(Transfer.objects.filter(state__in=OPEN).order_by("valid_until", "id"))
    late, confirm_days = reference.working_day_after, int(school.setting("transfers.confirm_days"))
    return {
        "answer": [one for one in rows if one.side == Side.OUT and one.state == State.ASKED],
        "take": [
            one for one in rows if one.side == Side.IN and one.state == State.LEFT and one.order_id is None
        ],
        "unanswered": [
            one
            for one in rows
            if one.side == Side.IN
            and one.state == State.ASKED
            and not one.is_outside
            and one.valid_until <= today
        ],
        "unconfirmed": [
            one
            for one in rows
            if one.side == Side.OUT
            and one.state == State.LEFT
            and one.last_day is not None
            and late(one.last_day, confirm_days) < today
        ],
    }


def due(*, on: date) -> list[UUID]:
    """Departures that are signed and whose last day is over, the dossier still here. For the product itself."""
    rows = Transfer.objects.filter(
        side=Side.OUT, state=State.AGREED, last_day__lt=on, order_date__isnull=False
    )
    return list(rows.order_by("id").values_list("pk", flat=True))


def outlived(*, on: date) -> list[UUID]:
    """Requests whose slip is not valid any more. For the product itself."""
    rows = Transfer.objects.filter(state=State.ASKED, valid_until__lt=on).exclude(partner_id=None)
    return list(rows.order_by("id").values_list("pk", flat=True))


def by_order(order_id: UUID) -> Transfer | None:
    return Transfer.objects.filter(order_id=order_id).first()


def may_go(*, actor: Actor, pupil_id: UUID) -> bool:
    """Whether the pupil learns here and is promised to no school."""
    require(actor, permissions.ANSWER)
    here = contingent.pupils(actor=actor, pupil_ids=[pupil_id]).get(pupil_id)
    if here is None or here.class_id is None:
        return False
    going = Transfer.objects.filter(side=Side.OUT, pupil_id=pupil_id, state__in=[State.AGREED, State.LEFT])
    return not going.exists()


# --- what was brought


def brought(*, actor: Actor, pupil_ids: Iterable[UUID], part: str) -> dict[UUID, list[Brought]]:
    """What the pupils brought in the part of the dossier, the last arrival first.

    A teacher asks through the journal, which knows whose lessons these are; a parent gets her own children's.
    """
    require(actor, permissions.BROUGHT)
    seen = contingent.pupils(actor=actor, pupil_ids=pupil_ids)
    rows = Transfer.objects.filter(
        side=Side.IN, state=State.ARRIVED, pupil_id__in=list(seen), dossier__isnull=False
    ).order_by("-arrived_on", "-id")
    found: dict[UUID, list[Brought]] = {}
    for row in rows:
        if row.pupil_id is None or row.arrived_on is None or part not in (row.dossier or {}).get("parts", {}):
            continue
        found.setdefault(row.pupil_id, []).append(
            Brought(
                row.pupil_id,
                row.pk,
                row.partner_kk,
                row.partner_ru,
                row.arrived_on,
                dict((row.dossier or {})["parts"][part]),
            )
        )
    return found


def arrivals_of(*, actor: Actor, pupil_id: UUID) -> list[Transfer]:
    """Transfers that brought the pupil here or took him away, the newest first. Needs the right to transfers."""
    require(actor, permissions.VIEW)
    rows = Transfer.objects.filter(pupil_id=pupil_id, state__in=[*OPEN, State.ARRIVED, State.MISSING])
    return list(rows.order_by("-created_at", "-id"))
