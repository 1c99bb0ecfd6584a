"""A pupil's place in a class: found, begun, ended, changed, each signed by its order. For the effects of movement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor, require
from kernel.errors import DomainError
from kernel.events import publish
from modules.contingent import permissions
from modules.contingent.events import ClassesChanged
from modules.contingent.models import AcademicLeave, Membership, Movement, Pupil, SchoolClass
from modules.contingent.services import tracing
from modules.contingent.services.tracing import Trace
from modules.orders import api as orders
from modules.orders.api import OrderInfo


class NotInClass(DomainError):
    message = _("The pupil is in no class on this day.")
    code = "not_in_class"


class TooEarly(DomainError):
    message = _("The day is before the pupil came into the present class: {since}")
    code = "too_early"


def allowed(actor: Actor, order: OrderInfo | None) -> None:
    require(actor, orders.permissions.SIGN if order is not None else permissions.EDIT)


def present(pupil_id: UUID, day: date, *, year: str = "") -> Membership | None:
    """The place of the day, held; within a named year also the first one after the day."""
    rows = Membership.objects.select_for_update().filter(Q(until=None) | Q(until__gte=day), pupil_id=pupil_id)
    rows = rows.filter(year=year) if year else rows.filter(since__lte=day)
    return rows.order_by("since", "id").first()


def place(
    pupil: Pupil,
    into: SchoolClass,
    since: date,
    trace: Trace,
    *,
    order: OrderInfo | None,
    order_number: str = "",
    reason: str = "",
) -> Membership:
    row = Membership(pupil=pupil, school_class=into, year=into.year, since=since, reason=reason)
    sign(row, order, order_number)
    row.save(force_insert=True)
    trace.created(row)
    return row


def change_class(
    present: Membership,
    into: SchoolClass,
    since: date,
    trace: Trace,
    *,
    order: OrderInfo | None,
    reason: str,
    order_number: str = "",
) -> Membership:
    """End the place the day before and begin another one; on its first day it becomes the other one."""
    if since == present.since:
        before = tracing.snapshot(present)
        present.school_class, present.reason = into, reason
        sign(present, order, order_number)
        present.save(update_fields=["school_class", "reason", "order_number", "order_date", "order"])
        trace.changed(present, before)
        return present
    until, end_reason, end_order = present.until, present.end_reason, present.end_order_id
    end(present, since - timedelta(days=1), reason, trace, order=order)
    fresh = Membership(
        pupil_id=present.pupil_id,
        school_class=into,
        year=into.year,
        since=since,
        until=until,
        end_reason=end_reason,
        end_order_id=end_order,
        reason=reason,
    )
    sign(fresh, order, order_number)
    fresh.save(force_insert=True)
    trace.created(fresh)
    return fresh


def end(row: Membership, until: date, reason: str, trace: Trace, *, order: OrderInfo | None) -> None:
    before = tracing.snapshot(row)
    row.until, row.end_reason, row.end_order_id = until, reason, order.id if order else None
    row.save(update_fields=["until", "end_reason", "end_order"])
    trace.changed(row, before)


def take_back_ahead(pupil: Pupil, day: date, trace: Trace) -> None:
    """Places that begin after the day are the pupil's no more."""
    for ahead in Membership.objects.select_for_update().filter(pupil=pupil, since__gt=day):
        trace.deleted(ahead)
        ahead.delete()


def end_running_leave(pupil: Pupil, day: date, trace: Trace) -> None:
    for running in AcademicLeave.objects.select_for_update().filter(pupil=pupil, ended_date=None):
        before = tracing.snapshot(running)
        running.ended_date = day
        running.save(update_fields=["ended_date"])
        trace.changed(running, before)


def sign(row: Membership | Movement, order: OrderInfo | None, order_number: str = "") -> None:
    """Link the row to the order that made it; without one only the number of a paper order is kept."""
    row.order_number = order.number if order else order_number
    row.order_date = order.date if order else None
    row.order_id = order.id if order else None


def tell_classes(class_ids: Iterable[str], pupil_ids: Iterable[UUID], *, actor: Actor) -> None:
    publish(
        ClassesChanged(
            class_ids=tuple(sorted(class_ids)), pupil_ids=tuple(sorted(str(one) for one in pupil_ids))
        ),
        actor=actor,
    )
