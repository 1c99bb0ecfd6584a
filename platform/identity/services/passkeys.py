"""Passkeys: WebAuthn credentials that open the account with a fingerprint, a face or a PIN instead of a password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from identity import policy, rights
from identity.models import Passkey, User
from identity.services import sessions
from identity.services.signing_in import Attempt
from kernel import audit, cache, clock
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.tenancy import current

MOST = 10


class PasskeyRefused(DomainError):
    message = _("The passkey was not accepted. Try again, or sign in with the password.")
    code = "passkey_refused"


class TooManyPasskeys(DomainError):
    message = _("Ten passkeys are enough; remove one first.")
    code = "too_many_passkeys"


def _server(origin: str) -> Fido2Server:
    """A relying party that is this tenant's host and nothing wider: a key of one school opens no other."""
    host = origin.partition("://")[2].partition(":")[0]
    party = PublicKeyCredentialRpEntity(name=current().name or host, id=host)
    return Fido2Server(party, verify_origin=lambda given: given == origin)


def _once(state: Mapping[str, Any]) -> None:
    """A challenge is answered once."""
    if not cache.add(f"passkey:{state.get('challenge')}", 1, policy.lockout().second_step_seconds):
        raise PasskeyRefused


def begin_adding(*, actor: Actor, origin: str) -> tuple[dict[str, Any], Any]:
    """What the browser is asked, and the state to be kept until it answers."""
    user = User.objects.get(pk=rights.own_id(actor))
    known = [AttestedCredentialData(bytes(row.credential)) for row in Passkey.objects.filter(user=user)]
    if len(known) >= MOST:
        raise TooManyPasskeys
    options, state = _server(origin).register_begin(
        PublicKeyCredentialUserEntity(
            id=user.uuid.bytes, name=user.username, display_name=user.person_name.full
        ),
        known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


@transaction.atomic
def add(*, actor: Actor, origin: str, state: Any, answer: Mapping[str, Any], label: str) -> Passkey:
    """Keep the new passkey. Raises PasskeyRefused when the answer does not fit."""
    _once(state)
    try:
        made = _server(origin).register_complete(state, answer)
    except (ValueError, KeyError, TypeError) as wrong:
        raise PasskeyRefused from wrong
    data = made.credential_data
    if data is None or Passkey.objects.filter(credential_id=data.credential_id).exists():
        raise PasskeyRefused
    row = Passkey.objects.create(
        user_id=rights.own_id(actor),
        credential_id=data.credential_id,
        credential=bytes(data),
        sign_count=made.counter,
        label=label.strip()[:80] or "passkey",
        created_at=clock.now(),
    )
    sessions.strengthen(actor=actor, method="passkey")
    audit.record(actor=actor, action="identity.passkey.added", object_type="user", object_id=actor.user_id)
    return row


@transaction.atomic
def remove(*, actor: Actor, passkey_id: int) -> None:
    """Remove one of the actor's own passkeys."""
    deleted, __ = Passkey.objects.filter(pk=passkey_id, user_id=rights.own_id(actor)).delete()
    if deleted:
        audit.record(
            actor=actor, action="identity.passkey.removed", object_type="user", object_id=actor.user_id
        )


def begin_sign_in(*, origin: str) -> tuple[dict[str, Any], Any]:
    """Ask the browser for any passkey of this host; it knows whose."""
    options, state = _server(origin).authenticate_begin(
        user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(options), state


@transaction.atomic
def check(*, origin: str, state: Any, answer: Mapping[str, Any], attempt: Attempt) -> User:
    """The user whose passkey signed the challenge. Guessers of passwords never lock this way."""
    _once(state)
    try:
        response = AuthenticationResponse.from_dict(answer)
        row = (
            Passkey.objects.select_for_update(of=("self",))
            .select_related("user")
            .get(credential_id=response.raw_id, user__is_active=True)
        )
        credential = AttestedCredentialData(bytes(row.credential))
        _server(origin).authenticate_complete(state, [credential], response)
    except (ValueError, KeyError, TypeError, Passkey.DoesNotExist) as wrong:
        raise PasskeyRefused from wrong
    handle = response.response.user_handle
    if handle is not None and handle != row.user.uuid.bytes:
        raise PasskeyRefused
    counter = response.response.authenticator_data.counter
    if counter and counter <= row.sign_count:  # a cloned key: the counter of a true one only grows
        raise PasskeyRefused
    row.sign_count, row.used_at = counter, clock.now()
    row.save(update_fields=["sign_count", "used_at"])
    return row.user
