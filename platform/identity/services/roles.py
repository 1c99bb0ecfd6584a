"""Roles of people: given, taken away; and the ceiling of authority over it.

A role with power over roles is not given by one person alone: it is asked for here and decided in second_person.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import figures, finding, permissions, rights
from identity.models import Role, RoleRequest, User, UserRole
from kernel import access, audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotAllowed
from kernel.tenancy import Kind, current

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


class AlreadyAsked(DomainError):
    message = _("This role has been asked for already and waits for a second person.")
    code = "already_asked"


# Whoever has one of these can make directors.
POWER = frozenset({permissions.GIVE_ROLES.code, permissions.EDIT_ROLES.code})


def needs_second_person(role: Role) -> bool:
    """Whether nobody in the school gives the role alone: the director's, and any with power over roles."""
    if current().kind is not Kind.SCHOOL:
        return False
    return role.base == access.Role.DIRECTOR or bool(POWER & rights.grants_of([role.code]).keys())


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
) -> RoleRequest | None:
    """Give the role from a day (today by default) until another, that day included, or until taken away.

    A role with power over roles is only asked for: the answer is the request that waits for a second person.
    """
    if user_id == actor.user_id and not actor.system:
        raise RaisesYourself
    user = finding.residents().select_for_update().get(pk=user_id)
    row = Role.objects.get(code=role)
    check_may_give(actor=actor, role=row, person_kind=user.person_kind)
    first = since or clock.today()
    if until is not None and until < first:
        raise TermInDisorder
    refuse_overlap(user_id=user.pk, role_id=row.pk, since=first, until=until)
    if not actor.system and needs_second_person(row):
        return ask_for(actor=actor, user=user, role=row, since=first, until=until)
    UserRole.objects.create(
        user=user, role=row, since=first, until=until, given_by_id=actor.user_id, given_at=clock.now()
    )
    audit.record(
        actor=actor,
        action="identity.role.given",
        object_type="user",
        object_id=user_id,
        details=term_told(role, first, until),
    )
    return None


def refuse_overlap(*, user_id: int, role_id: int, since: date, until: date | None) -> None:
    """Raise AlreadyGiven: terms of the same role may follow one another but not overlap."""
    same = UserRole.objects.filter(user_id=user_id, role_id=role_id)
    if any(
        (given.until is None or given.until >= since) and (until is None or given.since <= until)
        for given in same
    ):
        raise AlreadyGiven


def term_told(role: str, since: date, until: date | None) -> dict[str, str | None]:
    """A role and its term as the security log keeps them."""
    return {"role": role, "since": since.isoformat(), "until": until.isoformat() if until else None}


def ask_for(*, actor: Actor, user: User, role: Role, since: date, until: date | None) -> RoleRequest:
    """Let the role wait for a second person. The caller has locked the user and checked the actor's right."""
    now = clock.now()
    asked = RoleRequest.objects.filter(user=user, role=role, outcome="")
    asked.filter(expires_at__lte=now).update(outcome=RoleRequest.Outcome.EXPIRED)
    if asked.exists():
        raise AlreadyAsked
    request = RoleRequest.objects.create(
        user=user,
        role=role,
        since=since,
        until=until,
        asked_by_id=rights.own_id(actor),
        asked_at=now,
        expires_at=now + figures.request_lasts(),
    )
    audit.record(
        actor=actor,
        action="identity.role.asked",
        object_type="user",
        object_id=user.pk,
        details=term_told(role.code, since, until),
    )
    return request


def close_request(request: RoleRequest, actor: Actor, outcome: RoleRequest.Outcome) -> dict[str, Any]:
    """Decide on the request; answer what the log is told of it. The caller has checked who may."""
    request.outcome, request.decided_by_id, request.decided_at = outcome, actor.user_id, clock.now()
    request.save(update_fields=["outcome", "decided_by_id", "decided_at"])
    return {
        **term_told(request.role.code, request.since, request.until),
        "asked_by": request.asked_by_id,
    }


@transaction.atomic
def take_role(*, actor: Actor, user_id: int, role: str, until: date | None = None) -> None:
    """Take the role away from now on; a term to come is removed, a past one stays as history.

    What was asked for and waits for a second person is withdrawn with it. With `until`, all this befalls the
    term alone that ends on that day.
    """
    if user_id == actor.user_id and not actor.system:
        raise RaisesYourself
    user = finding.residents().select_for_update().get(pk=user_id)
    row = Role.objects.get(code=role)
    check_may_give(actor=actor, role=row, person_kind=user.person_kind)
    today = clock.today()
    term = {} if until is None else {"until": until}
    touched = 0
    for given in UserRole.objects.filter(user=user, role=row, **term):
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
    waiting = RoleRequest.objects.filter(user=user, role=row, outcome="", expires_at__gt=clock.now(), **term)
    for request in waiting:
        audit.record(
            actor=actor,
            action="identity.role.withdrawn",
            object_type="user",
            object_id=user_id,
            details=close_request(request, actor, RoleRequest.Outcome.WITHDRAWN),
        )
