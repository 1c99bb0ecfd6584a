"""What a password of one's own has to be, and for how long."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from identity import policy
from identity.models import User
from kernel.tenancy import current


class SignKinds:
    """Signs of so many kinds: small letters, capitals, digits, others; letters of any alphabet."""

    def __init__(self, least: int) -> None:
        self.least = least

    def validate(self, password: str, user: User | None = None) -> None:
        kinds = {_kind(sign) for sign in password}
        if len(kinds) < self.least:
            raise ValidationError(
                ngettext(
                    "Take signs of at least {n} kind: small letters, capitals, digits, others.",
                    "Take signs of at least {n} kinds: small letters, capitals, digits, others.",
                    self.least,
                ).format(n=self.least)
            )


def _kind(sign: str) -> str:
    if sign.isdigit():
        return "digit"
    if sign.islower():
        return "small"
    return "capital" if sign.isupper() else "other"


def is_over(user: User, *, at: datetime) -> bool:
    """Whether the policy wants another password by the calendar."""
    life = policy.password_lasts(current(), user.person_kind)
    return life is not None and at - (user.password_changed_at or user.created_at) >= life


def problems(password: str, user: User) -> list[str]:
    """Why the password will not do for the user; empty when it will."""
    checks = (
        SignKinds(policy.password_classes(current(), user.person_kind)),
        MinimumLengthValidator(policy.password_length(current(), user.person_kind)),
        UserAttributeSimilarityValidator(user_attributes=("username", "surname", "name", "phone")),
        CommonPasswordValidator(),
        NumericPasswordValidator(),
    )
    found: list[str] = []
    for check in checks:
        try:
            check.validate(password, user)
        except ValidationError as refusal:
            found += refusal.messages
    return found
