"""The way in: a login with a password, limits on guessing, and what is written about both.

Counters live in the tenant's cache. A pair of login and address is closed after five failures; a login guessed from
many addresses gets slower; an address alone is never closed, because a whole school stands behind one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from identity import policy, queries, rights
from identity.credentials import plain_number
from identity.models import Session, User
from identity.services import password_rules, sessions
from kernel import audit, cache, clock
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.tenancy import current


class WrongLoginOrPassword(DomainError):
    message = _("The login or the password is wrong. Check the keyboard's language and Caps Lock.")
    code = "wrong_login_or_password"


class WrongNumberOrPassword(WrongLoginOrPassword):
    """Said of every phone and IIN, known here or not, so that it tells nothing about them."""

    message = _(
        "The number or the password is wrong. A number that several accounts have opens none: use the login."
    )


class TooManyFailures(DomainError):
    code = "too_many_failures"
    status = 429

    def __init__(self, minutes: int) -> None:
        super().__init__(
            ngettext_lazy(
                "Too many wrong passwords. Try again in {minutes} minute, or ask your school for a new password.",
                "Too many wrong passwords. Try again in {minutes} minutes, or ask your school for a new password.",
                minutes,
            ),
            minutes=minutes,
        )


class TooQuick(DomainError):
    code = "too_quick"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(
            ngettext_lazy(
                "Somebody is guessing this password. Try again in {seconds} second.",
                "Somebody is guessing this password. Try again in {seconds} seconds.",
                seconds,
            ),
            seconds=seconds,
        )


class TooManyFromHere(DomainError):
    message = _("Too many sign-ins from this network at once. Wait a minute and try again.")
    code = "too_many_from_here"
    status = 429


class OneTimePasswordOver(DomainError):
    message = _("This one-time password is over. Ask your school for a new one.")
    code = "one_time_password_over"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Where somebody tries to come in from."""

    address: str
    device: str
    request_id: str = ""

    def nobody(self) -> Actor:
        return Actor(tenant=current(), address=self.address, request_id=self.request_id)


@dataclass(frozen=True, slots=True)
class Entered:
    """A new session and the key of its cookie; `key` is empty when a second step is still wanted."""

    user: User
    key: str = ""
    session: Session | None = None


def check_login(*, login: str, password: str, attempt: Attempt) -> User:
    """The user whose login and password these are.

    Raises TooManyFailures, TooQuick, TooManyFromHere, WrongLoginOrPassword, OneTimePasswordOver. Unknown logins cost
    the same time as known ones.
    """
    now = clock.now()
    mark = _mark(login)
    pair = f"signin:pair:{mark}:{attempt.address}"
    count_address(attempt)
    _refuse_closed(pair, mark, now=now, attempt=attempt)
    user = queries.user_by_login(login)
    if user is None:
        make_password(password)
        right = False
    else:
        right = check_password(password, user.password, setter=_rehash(user)) and user.is_active
    if user is None or not right:
        _failed(user, pair, mark, now=now, attempt=attempt)
        raise WrongNumberOrPassword if plain_number(login) else WrongLoginOrPassword
    if user.password_expires_at is not None and user.password_expires_at <= now:
        _tell(attempt, user, "refused", reason="one_time_password_over")
        raise OneTimePasswordOver
    for counter in (pair, f"signin:login:{mark}", f"signin:wait:{mark}"):
        cache.delete(counter)
    return user


def _rehash(user: User) -> Callable[[str], None]:
    def keep(raw: str) -> None:
        User.objects.filter(pk=user.pk).update(password=make_password(raw))

    return keep


def _mark(login: str) -> str:
    """What the counters know the typed login by: a number counts as one however it is written.

    The login and the numbers of one account count apart: a login closed on purpose would tell whose a number is.
    """
    name = plain_number(login) or login.strip().lower()
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def count_address(attempt: Attempt) -> None:
    """Slow down one network only when it is far busier than a school at eight in the morning."""
    limits = policy.lockout()
    attempts = cache.increment(f"signin:address:{attempt.address}", limits.address_minutes * 60)
    if attempts > limits.attempts_of_address:
        raise TooManyFromHere


def _refuse_closed(pair: str, mark: str, *, now: datetime, attempt: Attempt) -> None:
    """Nothing is hashed for a closed pair, so that guessing costs us nothing."""
    closed_until = cache.get(f"{pair}:closed")
    if closed_until is not None:
        left = max(1, round((closed_until - now.timestamp()) / 60))
        raise TooManyFailures(left)
    open_from = cache.get(f"signin:wait:{mark}")
    if open_from is not None and open_from > now.timestamp():
        raise TooQuick(max(1, round(open_from - now.timestamp())))


def _failed(user: User | None, pair: str, mark: str, *, now: datetime, attempt: Attempt) -> None:
    is_closed = _count(user, pair, mark, now=now)
    _tell(attempt, user, "refused", reason="locked" if is_closed else "password")


def count_guess(user: User, *, address: str) -> None:
    """A wrong password typed behind the door counts at the door too: guessing there gives no tries more."""
    mark = _mark(user.username)
    _count(user, f"signin:pair:{mark}:{address}", mark, now=clock.now())


def _count(user: User | None, pair: str, mark: str, *, now: datetime) -> bool:
    """Count a wrong password; answer whether it has closed the pair."""
    limits = policy.lockout()
    of_pair = cache.increment(pair, limits.seconds)
    of_login = cache.increment(f"signin:login:{mark}", limits.seconds)
    if of_pair >= limits.failures:
        cache.set(f"{pair}:closed", now.timestamp() + limits.seconds, limits.seconds)
        cache.delete(pair)
    beyond = of_login - limits.failures_of_login
    if beyond >= 0:
        wait = min(2 ** min(beyond, 10), limits.longest_wait_seconds)
        cache.set(f"signin:wait:{mark}", now.timestamp() + wait, wait)
    if user is not None:
        User.objects.filter(pk=user.pk).update(failed_sign_ins=F("failed_sign_ins") + 1)
    return of_pair >= limits.failures


def _tell(attempt: Attempt, user: User | None, outcome: str, **details: object) -> None:
    """Write to the security log; of an unknown login only that it was unknown."""
    audit.record(
        actor=attempt.nobody(),
        action="identity.sign_in",
        object_type="user",
        object_id=user.pk if user else "",
        outcome=outcome,
        details=details,
    )


@transaction.atomic
def enter(*, user: User, methods: str, attempt: Attempt) -> Entered:
    """Open a session for a user who has proved who they are."""
    now = clock.now()
    data = {
        "last": user.signed_in_at.isoformat() if user.signed_in_at else None,
        "failed": user.failed_sign_ins,
    }
    key, row = sessions.begin(
        user=user, methods=methods, address=attempt.address, device=attempt.device, at=now, data=data
    )
    user.must_change_password |= methods == "password" and password_rules.is_over(user, at=now)
    User.objects.filter(pk=user.pk).update(
        signed_in_at=now, failed_sign_ins=0, must_change_password=user.must_change_password
    )
    actor = rights.actor_from(
        user,
        rights.rights_of_user(user.pk),
        session_id=row.pk,
        address=attempt.address,
        request_id=attempt.request_id,
    )
    audit.record(
        actor=actor,
        action="identity.sign_in",
        object_type="user",
        object_id=user.pk,
        details={"methods": methods},
    )
    return Entered(user, key, row)
