"""A person's own password."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import policy, rights
from identity.models import Session, User
from identity.services.proof import check_present, is_fresh
from kernel import audit, clock
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.tenancy import current


class SamePassword(DomainError):
    message = _("The new password is the same as the present one.")
    code = "same_password"


class WeakPassword(DomainError):
    """The rules of passwords refuse; `problems` are sentences for the reader."""

    code = "weak_password"

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def problems(password: str, user: User) -> list[str]:
    """Why the password will not do for the user; empty when it will."""
    checks = (
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


def change_password(*, actor: Actor, present: str, new: str) -> None:
    """Change one's own password; every other session of the person ends.

    Raises WrongPassword, TooManyFailures, SamePassword, WeakPassword.
    """
    if not has_just_shown_it(actor=actor):
        check_present(actor=actor, password=present)
    with transaction.atomic():
        _set(actor, new)


def has_just_shown_it(*, actor: Actor) -> bool:
    """Whether the actor came in a short while ago with a one-time password: nobody types it twice."""
    began = Session.objects.filter(pk=actor.session_id or 0, user__must_change_password=True).first()
    return began is not None and is_fresh(began, at=clock.now())


def _set(actor: Actor, new: str) -> None:
    user = User.objects.select_for_update().get(pk=rights.own_id(actor))
    if check_password(new, user.password):
        raise SamePassword
    if weak := problems(new, user):
        raise WeakPassword(weak)
    now = clock.now()
    user.password = make_password(new)
    user.must_change_password = False
    user.password_expires_at = None
    user.password_changed_at = now
    user.save(
        update_fields=["password", "must_change_password", "password_expires_at", "password_changed_at"]
    )
    Session.objects.filter(user=user, ended_at=None).exclude(pk=actor.session_id or 0).update(ended_at=now)
    audit.record(actor=actor, action="identity.password.changed", object_type="user", object_id=user.pk)
