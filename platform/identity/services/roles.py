"""Roles of people: given, taken away; and the ceiling of authority over it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import permissions, rights
from identity.models import Role, User, UserRole
from kernel import access, audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotAllowed

_OWN_OF_KIND = {"pupil": access.Role.PUPIL, "guardian": access.Role.PARENT}
_FAMILY = {access.Role.PUPIL, access.Role.PARENT, access.Role.GUARDIAN}


class RaisesYourself(NotAllowed):
    message = _("Nobody may change their own roles. Ask another person with this right.")
    code = "raises_yourself"


class RoleAboveYours(NotAllowed):
    message = _("You may not give a role that may decide over accounts when you may not.")
    code = "role_above_yours"


class RoleOfAnotherKind(DomainError):
    message = _("This role is not for such a person: {role}")
    code = "role_of_another_kind"


class TermInDisorder(DomainError):
    message = _("The last day is before the first.")
    code = "term_in_disorder"


class AlreadyGiven(DomainError):
    message = _("The person already has this role.")
    code = "already_given"


def fits(base: str, person_kind: str) -> bool:
    """Whether roles made from the base are for such people: staff get roles of staff, a family those of a family."""
    own = _OWN_OF_KIND.get(person_kind)
    if own is None:
        return base not in _FAMILY
    return base == own or (person_kind == "guardian" and base == access.Role.GUARDIAN)


def check_may_give(*, actor: Actor, role: Role, person_kind: str) -> None:
    """Refuse unless the actor may give the role to a person of the kind.

    Who may make accounts gives pupils and parents the role that goes with them; all others need the right to give
    roles, and nobody gives power over accounts that they have not.
    """
    if not fits(role.base, person_kind):
        raise RoleOfAnotherKind(role=rights.label_of(role))
    if actor.system:
        return
    if _OWN_OF_KIND.get(person_kind) == role.base:
        require(actor, permissions.MANAGE_ACCOUNTS)
        return
    require(actor, permissions.GIVE_ROLES)
    power = {code for code in rights.grants_of([role.code]) if code.startswith("identity.")}
    if power - set(actor.grants):
        raise RoleAboveYours


@transaction.atomic
def give_role(
    *, actor: Actor, user_id: int, role: str, since: date | None = None, until: date | None = None
) -> None:
    """Give the role from a day (today by default) until another, that day included, or until taken away."""
    if user_id == actor.user_id and not actor.system:
        raise RaisesYourself
    user = User.objects.select_for_update().get(pk=user_id)
    row = Role.objects.get(code=role)
    check_may_give(actor=actor, role=row, person_kind=user.person_kind)
    first = since or clock.today()
    if until is not None and until < first:
        raise TermInDisorder
    # Terms of the same role may follow one another but not overlap.
    same = UserRole.objects.filter(user=user, role=row)
    if any(
        (given.until is None or given.until >= first) and (until is None or given.since <= until)
        for given in same
    ):
        raise AlreadyGiven
    UserRole.objects.create(
        user=user, role=row, since=first, until=until, given_by_id=actor.user_id, given_at=clock.now()
    )
    audit.record(
        actor=actor,
        action="identity.role.given",
        object_type="user",
        object_id=user_id,
        details={"role": role, "since": first.isoformat(), "until": until.isoformat() if until else None},
    )


@transaction.atomic
def take_role(*, actor: Actor, user_id: int, role: str) -> None:
    """Take the role away from now on; a term to come is removed, a past one stays as history."""
    if user_id == actor.user_id and not actor.system:
        raise RaisesYourself
    user = User.objects.select_for_update().get(pk=user_id)
    row = Role.objects.get(code=role)
    check_may_give(actor=actor, role=row, person_kind=user.person_kind)
    today = clock.today()
    rows = UserRole.objects.filter(user=user, role=row)
    touched = 0
    for given in rows:
        if given.until is not None and given.until < today:
            continue
        touched += 1
        if given.since >= today:
            given.delete()
        else:
            given.until = today - timedelta(days=1)
            given.save(update_fields=["until"])
    if touched:
        audit.record(
            actor=actor,
            action="identity.role.taken",
            object_type="user",
            object_id=user_id,
            details={"role": role},
        )
