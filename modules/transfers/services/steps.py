"""What every change of a transfer shares: the locked row, the state it must be in, the trace, the letter."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor
from kernel.errors import Conflict, NotFound
from modules.transfers.data import State
from modules.transfers.letters import KINDS, Letter
from modules.transfers.models import Step, Transfer
from tenants import post

ACCEPTING = "transfers.accepting_slip"
DEPARTURE = "transfers.departure_slip"


class WrongState(Conflict):
    message = _("The transfer has gone on meanwhile. Look at it again.")
    code = "wrong_state"


def locked(transfer_id: UUID, *, side: str, states: Collection[State]) -> Transfer:
    """The transfer of the side, in one of the states. Raises NotFound, WrongState."""
    row = Transfer.objects.select_for_update().filter(pk=transfer_id, side=side).first()
    if row is None:
        raise NotFound
    if row.state not in states:
        raise WrongState
    return row


def change(
    row: Transfer,
    what: str,
    *,
    actor: Actor,
    by_partner: bool = False,
    said: str = "",
    **values: Any,
) -> Transfer:
    """Set the values, note the step and tell the security log."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=[*values, "changed_at"])
    trace(row, what, actor=actor, by_partner=by_partner, said=said)
    return row


def trace(row: Transfer, what: str, *, actor: Actor, by_partner: bool = False, said: str = "") -> None:
    Step.objects.create(
        transfer=row,
        at=clock.now(),
        what=what,
        by_name="" if by_partner or actor.system else actor.name,
        by_partner=by_partner,
        note=said[:300],
    )
    audit.record(
        actor=actor,
        action="transfers.step",
        object_type="transfer",
        object_id=row.pk,
        details={"step": what, "side": row.side, "state": row.state},
    )


def write(row: Transfer, letter: Letter, *, actor: Actor) -> None:
    """Send the letter to the other school, if it is on the platform."""
    if row.partner_id is not None:
        post.send(
            to=row.partner_id, kind=KINDS[type(letter)], body=letter.model_dump(mode="json"), actor=actor
        )
