"""Second factors: the application's code, the recovery sheet."""

from __future__ import annotations

import secrets
from base64 import b32encode
from urllib.parse import quote, urlencode

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from identity import policy, rights
from identity.models import Passkey, User
from identity.services import sessions
from identity.services.signing_in import Attempt, TooManyFailures
from kernel import audit, cache, clock
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.tenancy import current

RECOVERY_CODES = 10
_ALPHABET = "23456789abdefghkmnprstuz"


class WrongCode(DomainError):
    message = _("The code is wrong or was used already. Wait for the next one.")
    code = "wrong_code"


def has_second_step(user_id: int) -> bool:
    """Whether a password alone no longer opens the account."""
    return TOTPDevice.objects.filter(user_id=user_id, confirmed=True).exists()


def check_code(*, user_id: int, code: str, attempt: Attempt) -> tuple[User, str]:
    """The user whose code this is and which factor it was. Five wrong codes close the step for 15 minutes."""
    mark = f"signin:code:{user_id}"
    closed_until = cache.get(f"{mark}:closed")
    now = clock.now()
    if closed_until is not None:
        raise TooManyFailures(max(1, round((closed_until - now.timestamp()) / 60)))
    user = User.objects.get(pk=user_id, is_active=True)
    typed = code.replace(" ", "").replace("-", "").lower()
    method = _matches(user_id, typed)
    if not method:
        limits = policy.lockout()
        failures = cache.increment(mark, limits.seconds)
        if failures >= limits.failures:
            cache.set(f"{mark}:closed", now.timestamp() + limits.seconds, limits.seconds)
            cache.delete(mark)
        audit.record(
            actor=attempt.nobody(),
            action="identity.second_step",
            object_type="user",
            object_id=user_id,
            outcome="refused",
        )
        raise WrongCode
    cache.delete(mark)
    return user, method


def _matches(user_id: int, typed: str) -> str:
    with transaction.atomic():
        for device in TOTPDevice.objects.select_for_update().filter(user_id=user_id, confirmed=True):
            if typed.isdigit() and device.verify_token(typed):
                return "totp"
        for sheet in StaticDevice.objects.select_for_update().filter(user_id=user_id, confirmed=True):
            if sheet.verify_token(typed):
                return "recovery"
    return ""


def pending_totp(*, actor: Actor) -> TOTPDevice:
    """The device being set up: the same one until it is confirmed, so that a reload keeps the code on the screen."""
    device = TOTPDevice.objects.filter(user_id=rights.own_id(actor), confirmed=False).order_by("id").first()
    return device or TOTPDevice.objects.create(
        user_id=rights.own_id(actor), name="totp", confirmed=False, tolerance=1
    )


@transaction.atomic
def confirm_totp(*, actor: Actor, code: str) -> list[str]:
    """Switch the application's codes on; answer fresh recovery codes, shown once."""
    device = (
        TOTPDevice.objects.select_for_update()
        .filter(user_id=rights.own_id(actor), confirmed=False)
        .order_by("id")
        .first()
    )
    typed = code.replace(" ", "")
    if device is None or not typed.isdigit() or not device.verify_token(typed):
        raise WrongCode
    TOTPDevice.objects.filter(user_id=rights.own_id(actor), confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    sessions.strengthen(actor=actor, method="totp")
    audit.record(actor=actor, action="identity.totp.added", object_type="user", object_id=actor.user_id)
    return new_recovery_codes(actor=actor)


@transaction.atomic
def new_recovery_codes(*, actor: Actor) -> list[str]:
    """A new sheet of single-use codes; the former sheet is worth nothing."""
    StaticDevice.objects.filter(user_id=rights.own_id(actor)).delete()
    sheet = StaticDevice.objects.create(user_id=rights.own_id(actor), name="recovery")
    codes = ["".join(secrets.choice(_ALPHABET) for _n in range(10)) for _code in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=sheet, token=code) for code in codes)
    audit.record(
        actor=actor, action="identity.recovery_codes.made", object_type="user", object_id=actor.user_id
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def recovery_codes_left(user_id: int) -> int:
    return StaticToken.objects.filter(device__user_id=user_id).count()


@transaction.atomic
def remove_totp(*, actor: Actor) -> None:
    """Switch the application's codes off."""
    TOTPDevice.objects.filter(user_id=rights.own_id(actor)).delete()
    StaticDevice.objects.filter(user_id=rights.own_id(actor)).delete()
    audit.record(actor=actor, action="identity.totp.removed", object_type="user", object_id=actor.user_id)


@transaction.atomic
def forget_factors(*, user_id: int) -> None:
    """Remove every factor, as part of a reset: the person has lost the phone too."""
    TOTPDevice.objects.filter(user_id=user_id).delete()
    StaticDevice.objects.filter(user_id=user_id).delete()
    Passkey.objects.filter(user_id=user_id).delete()


def totp_address(device: TOTPDevice, *, user: User) -> str:
    """What the square says: the secret, and under which name the application keeps it."""
    host = current().host or current().code
    label = quote(f"{host}:{user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': typed_key(device, spaced=False), 'issuer': host})}"


def typed_key(device: TOTPDevice, *, spaced: bool = True) -> str:
    """The secret for typing by hand, in groups of four."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4)) if spaced else key
