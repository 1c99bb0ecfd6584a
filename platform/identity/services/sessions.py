"""Signed-in devices: begun, ended. Everybody rules over their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from identity import policy, queries, rights
from identity.credentials import key_hash, random_key
from identity.models import Session, User
from kernel import audit, clock
from kernel.access import Actor
from kernel.tenancy import current


@transaction.atomic
def begin(
    *,
    user: User,
    methods: str,
    address: str = "",
    device: str = "",
    at: datetime | None = None,
    data: Mapping[str, object] | None = None,
) -> tuple[str, Session]:
    """Open a session of this tenant; answer the key for the cookie, which is kept nowhere, and the row.

    Of more devices than the policy allows the one left alone longest is signed out.
    """
    key = random_key()
    now = at or clock.now()
    bases = rights.rights_of_user(user.pk).bases
    _make_room(user, most=policy.most_sessions(current(), bases), at=now)
    strong = methods in ("passkey",) or "+" in methods
    row = Session.objects.create(
        key_hash=key_hash(key),
        tenant_id=current().id,
        user=user,
        created_at=now,
        seen_at=now,
        expires_at=now + policy.longest_session(bases),
        idle_minutes=policy.idle_minutes(current(), bases),
        device=device[:150],
        address=address,
        methods=methods,
        strong_at=now if strong else None,
        data=dict(data or {}),
    )
    return key, row


def _make_room(user: User, *, most: int, at: datetime) -> None:
    """End what is beyond the limit when one more comes; the person reads of it on the page of devices."""
    # Two devices may come in together: the second waits here, then counts the first.
    User.objects.select_for_update().get(pk=user.pk)
    for row in queries.sessions_of(user.pk, at=at)[most - 1 :]:
        row.ended_at, row.data = at, {**row.data, "ended_by": queries.CROWD}
        row.save(update_fields=["ended_at", "data"])
        audit.record(
            actor=rights.actor_from(user, rights.rights_of_user(user.pk)),
            action="identity.session.ended",
            object_type="session",
            object_id=row.pk,
            details={"by": queries.CROWD, "most": most},
        )


@transaction.atomic
def end_own(*, actor: Actor, session_id: int) -> bool:
    """End one of the actor's own sessions; False when there is no such living one."""
    ended = Session.objects.filter(pk=session_id, user_id=rights.own_id(actor), ended_at=None).update(
        ended_at=clock.now()
    )
    if ended:
        audit.record(
            actor=actor, action="identity.session.ended", object_type="session", object_id=session_id
        )
    return bool(ended)


@transaction.atomic
def end_others(*, actor: Actor) -> int:
    """End all of the actor's sessions but the present one."""
    rows = Session.objects.filter(user_id=rights.own_id(actor), ended_at=None).exclude(
        pk=actor.session_id or 0
    )
    ended = rows.update(ended_at=clock.now())
    audit.record(
        actor=actor,
        action="identity.sessions.ended",
        object_type="user",
        object_id=actor.user_id,
        details={"count": ended, "own": True},
    )
    return ended


def sign_out(*, actor: Actor) -> None:
    """End the session at hand."""
    with transaction.atomic():
        Session.objects.filter(pk=actor.session_id or 0).update(ended_at=clock.now())
        audit.record(
            actor=actor, action="identity.signed_out", object_type="session", object_id=actor.session_id
        )


def strengthen(*, actor: Actor, method: str) -> None:
    """The person has just shown a second factor in this very session: it counts from now on."""
    row = Session.objects.select_for_update().filter(pk=actor.session_id or 0).first()
    if row is not None:
        row.strong_at, row.methods = clock.now(), f"{row.methods}+{method}"[:60]
        row.save(update_fields=["strong_at", "methods"])
