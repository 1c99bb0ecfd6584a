"""Acting director: the director's role for a term, by an order. A second person approves the role."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel.access import Actor, Role
from kernel.errors import DomainError
from modules.staff.models import Acting


class NoLogin(DomainError):
    message = _("The person has no login, or it is blocked: the role cannot be given.")
    code = "no_login"


class DirectorAlready(DomainError):
    message = _("The person has the director's role at that time already.")
    code = "director_already"


class DirectorAsked(DomainError):
    message = _("The director's role has been asked for this person already and waits for a second person.")
    code = "director_asked"


def refuse_acting(employee_id: UUID, *, since: date, until: date) -> None:
    """Raise NoLogin, DirectorAlready or DirectorAsked."""
    account = identity.accounts_of([employee_id]).get(employee_id)
    if account is None or not account.is_active:
        raise NoLogin
    terms = (one for one in account.roles if one.code == Role.DIRECTOR)
    if any(one.since <= until and (one.until is None or one.until >= since) for one in terms):
        raise DirectorAlready
    if Role.DIRECTOR in identity.roles_waiting(account.id):
        raise DirectorAsked


def appoint_acting(*, actor: Actor, employee_id: UUID, since: date, until: date, order_id: UUID) -> Acting:
    """Ask for the director's role for the term, in the signer's own name: it waits for a second person."""
    refuse_acting(employee_id, since=since, until=until)
    account = identity.accounts_of([employee_id])[employee_id]
    identity.give_role(actor=actor, user_id=account.id, role=Role.DIRECTOR, since=since, until=until)
    return Acting.objects.create(employee_id=employee_id, since=since, until=until, order_id=order_id)


def end_acting(*, actor: Actor, employee_id: UUID, order_id: UUID) -> None:
    """Take the role of a cancelled order away from now on, or the request for it back."""
    row = Acting.objects.filter(employee_id=employee_id, order_id=order_id).first()
    account = identity.accounts_of([employee_id]).get(employee_id)
    if row is None:
        return
    if account is not None:
        identity.take_role(actor=actor, user_id=account.id, role=Role.DIRECTOR, until=row.until)
    row.delete()
