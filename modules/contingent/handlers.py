"""News of the own cards that accounts have to follow."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from identity import api as identity
from kernel.access import Actor
from kernel.events import handles
from modules.contingent import queries
from modules.contingent.events import PhonesChanged


@handles(PhonesChanged)
def let_accounts_follow(event: PhonesChanged, *, actor: Actor, at: datetime) -> None:
    """By the numbers of now, so that late and repeated news do no harm."""
    ids = [UUID(one) for one in event.guardian_ids]
    identity.follow_cards(actor=actor, phones=queries.phones_of(ids, actor=actor))
