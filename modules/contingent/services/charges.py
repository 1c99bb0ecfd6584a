"""Classes in somebody's charge: class teachers and educators, appointed from a day on and never overwritten."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit
from kernel.access import Actor, Role, require
from kernel.errors import DomainError, NotFound
from modules.contingent import permissions, queries
from modules.contingent.models import Charge, SchoolClass

ROLE_OF_DUTY = {Charge.Duty.CLASS_TEACHER: Role.CLASS_TEACHER, Charge.Duty.EDUCATOR: Role.EDUCATOR}


class AlreadyInCharge(DomainError):
    message = _("The class is in this person's charge already.")
    code = "already_in_charge"


class LaterCharge(DomainError):
    message = _("Somebody is appointed from {since} on. Choose a later day, or take that appointment back.")
    code = "later_charge"


class BeforeItsYear(DomainError):
    message = _("The school year of this class begins on {day}.")
    code = "before_its_year"


class EndsBeforeItBegan(DomainError):
    message = _("The last day is before the first: {since}")
    code = "ends_before_it_began"


@transaction.atomic
def appoint(
    *,
    actor: Actor,
    class_id: UUID,
    employee_id: UUID,
    since: date | None = None,
    duty: str = Charge.Duty.CLASS_TEACHER,
    group: str = "",
    order_number: str = "",
) -> Charge:
    """Give a class into somebody's charge from the day on (from the first day of its year by default).

    A class has one class teacher: whoever was it before ends the day before. Educators may be several.
    Raises AlreadyInCharge, LaterCharge, BeforeItsYear.
    """
    require(actor, permissions.APPOINT)
    into = SchoolClass.objects.select_for_update().filter(pk=class_id).first()
    if into is None:
        raise NotFound
    first = queries.first_day(into.year)
    begins = since or first
    if begins < first:
        raise BeforeItsYear(day=f"{first:%d.%m.%Y}")
    others = Charge.objects.select_for_update().filter(
        Q(until=None) | Q(until__gte=begins), school_class=into, duty=duty
    )
    if duty == Charge.Duty.EDUCATOR:
        others = others.filter(employee_id=employee_id, group=group)
    for other in others.order_by("since"):
        if other.employee_id == employee_id and (other.until is None or other.since >= begins):
            raise AlreadyInCharge
        if other.since >= begins:
            raise LaterCharge(since=f"{other.since:%d.%m.%Y}")
        other.until = begins - timedelta(days=1)
        other.save(update_fields=["until"])
    row = Charge.objects.create(
        school_class=into,
        employee_id=employee_id,
        duty=duty,
        group=group if duty == Charge.Duty.EDUCATOR else "",
        since=begins,
        order_number=order_number,
    )
    audit.record(
        actor=actor,
        action="contingent.charge.given",
        object_type="class",
        object_id=row.school_class_id,
        details=_told(row),
    )
    return row


@transaction.atomic
def end_charge(*, actor: Actor, charge_id: UUID, until: date) -> Charge:
    """End somebody's charge; the day is the last one. Raises EndsBeforeItBegan."""
    require(actor, permissions.APPOINT)
    row = _locked(charge_id)
    if until < row.since:
        raise EndsBeforeItBegan(since=f"{row.since:%d.%m.%Y}")
    row.until = until
    row.save(update_fields=["until"])
    audit.record(
        actor=actor,
        action="contingent.charge.ended",
        object_type="class",
        object_id=row.school_class_id,
        details=_told(row),
    )
    return row


@transaction.atomic
def take_charge_back(*, actor: Actor, charge_id: UUID) -> None:
    """Undo a mistaken appointment: whoever ended because of it goes on as before."""
    require(actor, permissions.APPOINT)
    row = _locked(charge_id)
    before = Charge.objects.filter(
        school_class=row.school_class,
        duty=row.duty,
        group=row.group,
        until=row.since - timedelta(days=1),
    )
    if row.duty == Charge.Duty.EDUCATOR:
        before = before.filter(employee_id=row.employee_id)
    until = row.until
    row.delete()
    before.update(until=until)
    audit.record(
        actor=actor,
        action="contingent.charge.withdrawn",
        object_type="class",
        object_id=row.school_class_id,
        details=_told(row),
    )


def give_role_of_duty(*, actor: Actor, employee_id: UUID, duty: str) -> bool:
    """Give the person's account the role that goes with the duty; False when there is no account or it has the role.

    The role alone opens no class: what is one's own class is said by the charge, day by day.
    """
    account = identity.accounts_of([employee_id]).get(employee_id)
    role = ROLE_OF_DUTY[Charge.Duty(duty)]
    if account is None or account.id == actor.user_id or any(one.code == role for one in account.roles):
        return False
    identity.give_role(actor=actor, user_id=account.id, role=role)
    return True


def _locked(charge_id: UUID) -> Charge:
    row = Charge.objects.select_for_update().select_related("school_class").filter(pk=charge_id).first()
    if row is None:
        raise NotFound
    return row


def _told(row: Charge) -> dict[str, str]:
    return {"employee": str(row.employee_id), "duty": row.duty, "since": row.since.isoformat()}
