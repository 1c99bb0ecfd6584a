"""The second person of a role with power over roles: approves it or refuses it, and can be nobody's puppet."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import figures, permissions, queries, rights
from identity.models import RoleRequest, User, UserRole
from identity.services.roles import close_request, refuse_overlap
from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotAllowed

Outcome = RoleRequest.Outcome


class RequestOver(DomainError):
    message = _("This request is over: somebody has decided it, or its time has passed.")
    code = "request_over"


class AnotherDecides(NotAllowed):
    message = _("Neither the one who asked nor the one who gets the role may approve it.")
    code = "another_decides"


class AccountTooFresh(NotAllowed):
    message = _(
        "Your account is new, or its password was reset lately, so that another could be using it. "
        "You can approve {days} days after that."
    )
    code = "account_too_fresh"


class AskerGone(DomainError):
    message = _("The one who asked may not give roles any more. Ask anew.")
    code = "asker_gone"


class PersonBlocked(DomainError):
    message = _("The account of the one who gets the role is blocked.")
    code = "person_blocked"


class SchoolDecides(NotAllowed):
    message = _("The school has a second person of its own: {names}")
    code = "school_decides"


@transaction.atomic
def approve(*, actor: Actor, request_id: int, letter: str = "") -> None:
    """Give the role that was asked for, in the asker's and the approver's names.

    The vendor's command, with the number of the authority's `letter`, only where the school has no second person.
    Raises RequestOver, AnotherDecides, AccountTooFresh, AskerGone, PersonBlocked, SchoolDecides, AlreadyGiven.
    """
    require(actor, permissions.APPROVE_ROLES)
    request = _open(request_id)
    if actor.system:
        if own := queries.second_persons(request):
            raise SchoolDecides(names=", ".join(user.person_name.full for user in own))
    elif actor.user_id in (request.asked_by_id, request.user_id):
        raise AnotherDecides
    elif not queries.is_settled(User.objects.get(pk=rights.own_id(actor))):
        raise AccountTooFresh(days=figures.settles_in().days)
    user = User.objects.select_for_update().get(pk=request.user_id)
    if not user.is_active:
        raise PersonBlocked
    if not _may_still_give(request.asked_by_id):
        raise AskerGone
    since = max(request.since, clock.today())
    if request.until is not None and request.until < since:
        raise RequestOver
    refuse_overlap(user_id=user.pk, role_id=request.role_id, since=since, until=request.until)
    UserRole.objects.create(
        user=user,
        role=request.role,
        since=since,
        until=request.until,
        given_by_id=request.asked_by_id,
        given_at=clock.now(),
    )
    more = {"since": since.isoformat()} | ({"letter": letter} if letter else {})
    audit.record(
        actor=actor,
        action="identity.role.approved",
        object_type="user",
        object_id=request.user_id,
        details=close_request(request, actor, Outcome.APPROVED) | more,
    )


@transaction.atomic
def approve_by_letter(*, actor: Actor, username: str, letter: str) -> list[str]:
    """Approve what waits for the person, by the authority's letter, where the school has no second person.

    Answer the roles that were given. Raises what `approve` raises, and User.DoesNotExist.
    """
    if not actor.system:
        raise NotAllowed
    waiting = queries.waiting_for(User.objects.get(username=username).pk)
    for request in waiting:
        approve(actor=actor, request_id=request.pk, letter=letter)
    return [str(rights.label_of(request.role)) for request in waiting]


def _may_still_give(user_id: int) -> bool:
    asker = User.objects.filter(pk=user_id, is_active=True).first()
    return asker is not None and permissions.GIVE_ROLES.code in rights.rights_of_user(user_id).grants


@transaction.atomic
def refuse(*, actor: Actor, request_id: int) -> None:
    """Say no. Raises RequestOver, AnotherDecides."""
    require(actor, permissions.APPROVE_ROLES)
    request = _open(request_id)
    if actor.user_id in (request.asked_by_id, request.user_id):
        raise AnotherDecides
    audit.record(
        actor=actor,
        action="identity.role.refused",
        object_type="user",
        object_id=request.user_id,
        details=close_request(request, actor, Outcome.REFUSED),
    )


@transaction.atomic
def withdraw(*, actor: Actor, request_id: int) -> None:
    """Take one's own request back. Raises RequestOver."""
    require(actor, permissions.GIVE_ROLES)
    request = _open(request_id)
    if request.asked_by_id != actor.user_id:
        raise NotAllowed
    audit.record(
        actor=actor,
        action="identity.role.withdrawn",
        object_type="user",
        object_id=request.user_id,
        details=close_request(request, actor, Outcome.WITHDRAWN),
    )


def _open(request_id: int) -> RoleRequest:
    request = RoleRequest.objects.select_for_update(of=["self"]).select_related("role").get(pk=request_id)
    if request.outcome or request.expires_at <= clock.now():
        raise RequestOver
    return request
