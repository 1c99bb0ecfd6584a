"""That it is still the person who signed in: asked again before anything that changes how one comes in."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.utils.translation import gettext_lazy as _

from identity import policy, rights
from identity.models import Session, User
from identity.services.signing_in import TooManyFailures
from kernel import audit, cache, clock
from kernel.access import Actor
from kernel.errors import DomainError


class WrongPassword(DomainError):
    message = _("The present password is wrong.")
    code = "wrong_password"


class ProofNeeded(DomainError):
    """Too long ago that the person showed who it is."""

    message = _("Show once more that it is you: open “Passkeys and codes” again.")
    code = "prove"
    status = 403


def is_fresh(session: Session, *, at: datetime) -> bool:
    """Whether the person has signed in, shown a factor or typed the password a short while ago."""
    shown = [session.created_at]
    if session.strong_at is not None:
        shown.append(session.strong_at)
    if session.data.get("proved_at"):
        shown.append(datetime.fromisoformat(session.data["proved_at"]))
    return at - max(shown) <= policy.PROOF_LASTS


def check_present(*, actor: Actor, password: str) -> None:
    """Raise WrongPassword unless this is the actor's password; after five wrong ones TooManyFailures for a while.

    Whoever finds a computer left open may not guess there what cannot be guessed at the door. Call it outside a
    transaction, so that what is written of a wrong guess stays.
    """
    user_id, now = rights.own_id(actor), clock.now()
    mark = f"proof:{user_id}"
    closed_until = cache.get(f"{mark}:closed")
    if closed_until is not None:
        raise TooManyFailures(max(1, round((closed_until - now.timestamp()) / 60)))
    right = check_password(password, User.objects.get(pk=user_id).password)
    audit.record(
        actor=actor,
        action="identity.self.proved",
        object_type="user",
        object_id=user_id,
        outcome="ok" if right else "refused",
    )
    if right:
        cache.delete(mark)
        return
    if cache.increment(mark, policy.PAIR_SECONDS) >= policy.FAILURES_OF_PAIR:
        cache.set(f"{mark}:closed", now.timestamp() + policy.PAIR_SECONDS, policy.PAIR_SECONDS)
        cache.delete(mark)
    raise WrongPassword


def prove(*, actor: Actor, password: str) -> None:
    """Take the actor's password as the proof that it is still them. Raises what `check_present` does."""
    check_present(actor=actor, password=password)
    row = Session.objects.get(pk=actor.session_id or 0)
    row.data = {**row.data, "proved_at": clock.now().isoformat()}
    row.save(update_fields=["data"])
