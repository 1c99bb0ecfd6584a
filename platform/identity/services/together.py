"""What is done to many accounts at once: each by the same rules as one alone, each told to the security log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from identity import permissions
from identity.data import Slip
from identity.models import User
from identity.services import accounts
from kernel.access import Actor, require
from kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Together:
    """Whose accounts were changed, and what was said about those that were not."""

    changed: tuple[int, ...]
    refusals: tuple[str, ...]


def block(*, actor: Actor, user_ids: Sequence[int]) -> Together:
    """Close the accounts that are open and may be closed; the others are told of."""
    return _each(actor, user_ids, accounts.block, is_active=True)


def restore(*, actor: Actor, user_ids: Sequence[int]) -> Together:
    """Open the accounts that are closed and may be opened."""
    return _each(actor, user_ids, accounts.restore, is_active=False)


@transaction.atomic
def _each(actor: Actor, user_ids: Sequence[int], act: Callable[..., None], *, is_active: bool) -> Together:
    require(actor, permissions.MANAGE_ACCOUNTS)
    wanted = User.objects.filter(pk__in=list(user_ids), is_active=is_active).order_by("pk")
    changed, refusals = [], []
    for user_id in wanted.values_list("pk", flat=True):
        try:
            act(actor=actor, user_id=user_id)
        except DomainError as no:
            refusals.append(str(no))
        else:
            changed.append(user_id)
    return Together(tuple(changed), tuple(dict.fromkeys(refusals)))


@transaction.atomic
def start_resets(*, actor: Actor, user_ids: Sequence[int]) -> list[Slip]:
    """New one-time passwords, all or none: a refusal of one is a refusal of the sheet."""
    return [accounts.start_reset(actor=actor, user_id=user_id) for user_id in user_ids]
