"""Tokens for the REST API: of one person, for this tenant, for a term."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import rights
from identity.credentials import random_key, token_hash
from identity.living import living_token
from identity.models import ApiToken
from kernel import audit, clock
from kernel.access import Actor
from kernel.errors import DomainError

LONGEST_DAYS = 365
PREFIX = "mk_"


class TermTooLong(DomainError):
    message = _("A token lives a year at most.")
    code = "term_too_long"


@transaction.atomic
def issue_token(*, actor: Actor, label: str, days: int = 90) -> tuple[str, ApiToken]:
    """Make a token of the actor's own; the answer is the only place of its text."""
    if not 1 <= days <= LONGEST_DAYS:
        raise TermTooLong
    key = PREFIX + random_key()
    now = clock.now()
    row = ApiToken.objects.create(
        user_id=rights.own_id(actor),
        token_hash=token_hash(key),
        label=label.strip()[:80],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.record(
        actor=actor,
        action="identity.token.issued",
        object_type="token",
        object_id=row.pk,
        details={"days": days},
    )
    return key, row


@transaction.atomic
def end_token(*, actor: Actor, token_id: int) -> None:
    """End one of the actor's own tokens."""
    row = ApiToken.objects.select_for_update().get(pk=token_id, user_id=rights.own_id(actor))
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        audit.record(actor=actor, action="identity.token.ended", object_type="token", object_id=row.pk)


def actor_of_token(token: str) -> Actor | None:
    """The actor whose living token this is, with the rights of this moment; None otherwise."""
    if not token.startswith(PREFIX) or len(token) > 100:
        return None
    now = clock.now()
    row = living_token(token, at=now)
    if row is None or row.user.must_change_password:
        return None
    if row.used_at is None or now - row.used_at >= timedelta(minutes=1):
        ApiToken.objects.filter(pk=row.pk).update(used_at=now)
    granted = rights.rights_of(row.role_pairs, row.rights_stamp)  # type: ignore[attr-defined]
    return rights.actor_from(row.user, granted, token_id=row.pk)
