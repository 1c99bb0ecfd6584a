"""The end of employment: the last day, the posts, and the login, which closes with that day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError
from kernel.events import publish
from modules.staff import permissions
from modules.staff.events import EmployeeLeft
from modules.staff.models import Dismissal, Employee, Position
from modules.staff.services import posts
from modules.staff.services.cards import locked

# The director signs the order; what follows from it is the product's own work.
SIGNATURE = "staff.leaving"


class NotHere(DomainError):
    message = _("The person does not work here on that day.")
    code = "not_here"


class BeforeComing(DomainError):
    message = _("The last day is before the first one: {since}")
    code = "before_coming"


class PostAhead(DomainError):
    message = _("A post begins on {since}, after the last day: cancel its order first.")
    code = "post_ahead"


@transaction.atomic
def let_go(
    *,
    actor: Actor,
    employee_id: UUID,
    last_day: date,
    ground: str = "",
    closing: str = Dismissal.Closing.AT_ONCE,
    order_id: UUID | None = None,
) -> Employee:
    """End the employment; the last day is still a working day.

    When it has come, every device is signed out now and the login closes: at once, or when the day is over.
    Raises NotHere, BeforeComing, PostAhead.
    """
    if order_id is None:
        require(actor, permissions.EDIT)
    row = locked(employee_id)
    refuse_leaving(row.pk, last_day)
    posts.end(posts.open_ones(row.pk, last_day), last_day=last_day, order_id=order_id)
    row.left_date = last_day
    row.save(update_fields=["left_date", "changed_at"])
    leaving = Dismissal.objects.create(
        employee=row, last_day=last_day, ground=ground, closing=closing, order_id=order_id
    )
    if last_day <= clock.today():
        _close(leaving)
    audit.record(actor=actor, action="staff.employee.left", object_type="employee", object_id=row.pk)
    publish(EmployeeLeft(employee_id=str(row.pk), on=last_day.isoformat()), actor=actor)
    return row


def refuse_leaving(employee_id: UUID, last_day: date) -> None:
    """Raise NotHere, BeforeComing or PostAhead: a post that has not begun would be gone for good."""
    if not Employee.objects.filter(pk=employee_id, left_date=None).exists():
        raise NotHere
    terms = Position.objects.filter(employee_id=employee_id)
    first = terms.order_by("since").values_list("since", flat=True).first()
    if first is not None and last_day < first:
        raise BeforeComing(since=f"{first:%d.%m.%Y}")
    ahead = terms.filter(since__gt=last_day).order_by("since").values_list("since", flat=True).first()
    if ahead is not None:
        raise PostAhead(since=f"{ahead:%d.%m.%Y}")


@transaction.atomic
def stay(*, employee_id: UUID, order_id: UUID) -> Employee:
    """Take an order of dismissal back: the posts go on, and the login that it closed opens again."""
    row = locked(employee_id)
    posts.take_back(order_id, [row.pk])
    for leaving in Dismissal.objects.filter(order_id=order_id, employee=row):
        account = identity.accounts_of([row.pk]).get(row.pk)
        if leaving.closed_at is not None and account is not None and not account.is_active:
            identity.restore(actor=Actor.system_actor(SIGNATURE), user_id=account.id)
        leaving.delete()
    row.left_date = left_on(row)
    row.save(update_fields=["left_date", "changed_at"])
    return row


def left_on(row: Employee) -> date | None:
    """The last day of the last dismissal, when no post goes beyond it; None while somebody works here."""
    last = Dismissal.objects.filter(employee=row).aggregate(last=Max("last_day"))["last"]
    return None if last is None or posts.open_ones(row.pk, last) else last


def close_ended(*, at: date | None = None) -> int:
    """The sweep after midnight: close the logins of those whose last day is over; answer how many."""
    day = at or clock.today()
    closed = 0
    for leaving in Dismissal.objects.select_for_update().filter(closed_at=None, last_day__lt=day):
        closed += _block(leaving)
    return closed


def _close(leaving: Dismissal) -> None:
    """The last day has come: sign out every device, and close the login unless the day is to be worked to its end."""
    is_over = leaving.last_day < clock.today()
    if is_over or leaving.closing == Dismissal.Closing.AT_ONCE:
        _block(leaving)
        return
    account = identity.accounts_of([leaving.employee_id]).get(leaving.employee_id)
    if account is not None:
        identity.end_sessions(actor=Actor.system_actor(SIGNATURE), user_id=account.id)


def _block(leaving: Dismissal) -> bool:
    """Whoever was taken on again meanwhile keeps the login."""
    leaving.closed_at = clock.now()
    leaving.save(update_fields=["closed_at"])
    account = identity.accounts_of([leaving.employee_id]).get(leaving.employee_id)
    if account is None or not account.is_active or posts.open_ones(leaving.employee_id, clock.today()):
        return False
    identity.block(actor=Actor.system_actor(SIGNATURE), user_id=account.id)
    return True
