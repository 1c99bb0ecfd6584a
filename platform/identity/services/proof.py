"""That it is still the person who signed in: asked again before what must not be done at a computer left open."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.utils.translation import gettext_lazy as _

from identity import figures, policy, rights
from identity.models import Session, User
from identity.services import factors
from identity.services.signing_in import Attempt, TooManyFailures, count_guess
from kernel import audit, cache, clock
from kernel.access import Actor
from kernel.errors import DomainError, NotAllowed


class WrongPassword(DomainError):
    message = _("The present password is wrong.")
    code = "wrong_password"


class ProofNeeded(DomainError):
    """Too long ago that the person showed who it is; a token cannot show it at all."""

    message = _("Show once more that it is you: do this on the page itself, where the password is asked for.")
    code = "prove"
    status = 403


def is_fresh(session: Session, *, at: datetime) -> bool:
    """Whether the person has signed in, shown a factor or typed the password a short while ago."""
    shown = [session.created_at]
    if session.strong_at is not None:
        shown.append(session.strong_at)
    if session.data.get("proved_at"):
        shown.append(datetime.fromisoformat(session.data["proved_at"]))
    return at - max(shown) <= figures.proof_lasts()


def check_present(*, actor: Actor, password: str, act: str = "") -> None:
    """Raise WrongPassword unless this is the actor's password; after five wrong ones TooManyFailures for a while.

    Whoever finds a computer left open may not guess there what cannot be guessed at the door, and what is guessed
    here counts there. Call it outside a transaction, so that what is written of a wrong guess stays.
    """
    user_id, now = rights.own_id(actor), clock.now()
    mark = f"proof:{user_id}"
    closed_until = cache.get(f"{mark}:closed")
    if closed_until is not None:
        raise TooManyFailures(max(1, round((closed_until - now.timestamp()) / 60)))
    user = User.objects.get(pk=user_id)
    right = check_password(password, user.password)
    _tell(actor, "ok" if right else "refused", method="password", act=act)
    if right:
        cache.delete(mark)
        return
    count_guess(user, address=actor.address)
    limits = policy.lockout()
    if cache.increment(mark, limits.seconds) >= limits.failures:
        cache.set(f"{mark}:closed", now.timestamp() + limits.seconds, limits.seconds)
        cache.delete(mark)
    raise WrongPassword


def _tell(actor: Actor, outcome: str, *, method: str, act: str) -> None:
    """To the security log: who showed it, how, and before what."""
    audit.record(
        actor=actor,
        action="identity.self.proved",
        object_type="user",
        object_id=actor.user_id,
        outcome=outcome,
        details={"method": method} | ({"act": act} if act else {}),
    )


def prove(*, actor: Actor, typed: str, attempt: Attempt, act: str = "") -> None:
    """Take the password, or six digits of the application, as the proof that it is still the actor.

    Raises what `check_present` and `factors.check_code` do. `act` names what it was asked before.
    """
    digits = typed.replace(" ", "")
    if len(digits) == 6 and digits.isdigit() and factors.has_second_step(rights.own_id(actor)):
        factors.check_code(user_id=rights.own_id(actor), code=digits, attempt=attempt)
        _tell(actor, "ok", method="totp", act=act)
    else:
        check_present(actor=actor, password=typed, act=act)
    _note(actor)


def prove_by_passkey(*, actor: Actor, owner: User, act: str = "") -> None:
    """Take the actor's own passkey as the proof; somebody else's at this computer is none. Raises NotAllowed."""
    own = owner.pk == actor.user_id
    _tell(actor, "ok" if own else "refused", method="passkey", act=act)
    if not own:
        raise NotAllowed
    _note(actor)


def _note(actor: Actor) -> None:
    row = Session.objects.get(pk=actor.session_id or 0)
    row.data = {**row.data, "proved_at": clock.now().isoformat()}
    row.save(update_fields=["data"])
