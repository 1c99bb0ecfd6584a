"""A person's own password."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import policy, rights
from identity.models import FormerPassword, Session, User
from identity.services.password_rules import problems
from identity.services.proof import check_present, is_fresh
from kernel import audit, clock
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.tenancy import current


class SamePassword(DomainError):
    message = _("The new password is the same as the present one.")
    code = "same_password"


class UsedBefore(DomainError):
    message = _("You had this password before. Choose one that is new.")
    code = "used_before"


class WeakPassword(DomainError):
    """The rules of passwords refuse; `problems` are sentences for the reader."""

    code = "weak_password"

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def change_password(*, actor: Actor, present: str, new: str) -> None:
    """Change one's own password; every other session of the person ends.

    Raises WrongPassword, TooManyFailures, SamePassword, UsedBefore, WeakPassword.
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
    _remember(user, new, most=policy.of(current()).passwords.history - 1)
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


def _remember(user: User, new: str, *, most: int) -> None:
    """Refuse one of the earlier passwords that the policy remembers, and put the present one among them."""
    former = list(user.former_passwords.order_by("-id"))
    if any(check_password(new, one.password) for one in former[:most]):
        raise UsedBefore
    forgotten = [one.pk for one in former[max(most - 1, 0) :]]
    FormerPassword.objects.filter(pk__in=forgotten).delete()
    if most:
        FormerPassword.objects.create(user=user, password=user.password, until=clock.now())
