"""Effects of movement: who comes, changes class, leaves, comes back. Orders call them; so do loads and tests.

With `order` the signed order is the right and is linked to every row; without one the actor needs contingent.edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from kernel.events import publish
from modules.contingent.data import NewGuardian, NewPupil, Step, Whereabouts
from modules.contingent.events import PupilEnrolled, PupilLeft, PupilMoved, PupilReturned
from modules.contingent.models import AcademicLeave, Membership, Movement, Pupil, SchoolClass
from modules.contingent.services import family_accounts, places, tracing
from modules.contingent.services.cards import locked, refuse_iin
from modules.contingent.services.guardians import link_guardian
from modules.contingent.services.leaves import OnLeave
from modules.contingent.services.places import NotInClass, TooEarly
from modules.contingent.services.tracing import Trace
from modules.orders import api as orders
from modules.orders.api import OrderInfo


class SameClass(DomainError):
    message = _("The pupil is in this class already.")
    code = "same_class"


class LearnsHere(DomainError):
    message = _("The pupil learns here: only one who has left can return.")
    code = "learns_here"


class BeforeLeaving(DomainError):
    message = _("The day is before the pupil's last day here: {day}")
    code = "before_leaving"


# --- coming


@transaction.atomic
def enrol(
    *,
    actor: Actor,
    pupil: NewPupil,
    class_id: UUID,
    since: date,
    order_number: str = "",
    guardians: tuple[NewGuardian, ...] = (),
    order: OrderInfo | None = None,
    whence: Whereabouts | None = None,
    pupil_id: UUID | None = None,
) -> Pupil:
    """Take a new pupil into a class; `since` is the day of arrival, a fact. Raises WrongIin, IinTaken."""
    places.allowed(actor, order)
    into = locked(SchoolClass, class_id)
    refuse_iin(pupil.iin)
    trace = Trace(order)
    values = {name: getattr(pupil, name) for name in pupil.__slots__}
    number = order.number if order else order_number
    row = Pupil(**values, enrolled_date=since, enrolled_order=number)
    if pupil_id is not None:
        row.pk = pupil_id
    row.save(force_insert=True)
    trace.created(row)
    places.place(row, into, since, trace, order=order, order_number=number)
    if order is not None:
        _arrival(row, into, since, whence or Whereabouts(), trace, order=order)
    trace.keep()
    for one in guardians:
        link_guardian(actor=_product(), pupil_id=row.pk, guardian=one)
    audit.record(actor=actor, action="contingent.pupil.enrolled", object_type="pupil", object_id=row.pk)
    publish(PupilEnrolled(pupil_id=str(row.pk), class_id=str(into.pk), since=since.isoformat()), actor=actor)
    return row


@transaction.atomic
def come_back(
    *,
    actor: Actor,
    pupil_id: UUID,
    class_id: UUID,
    since: date,
    order: OrderInfo | None = None,
    whence: Whereabouts | None = None,
) -> Pupil:
    """Take back a pupil who had left: the same card, a new entry in the books. Raises LearnsHere, BeforeLeaving."""
    places.allowed(actor, order)
    row = locked(Pupil, pupil_id, removed_at=None)
    into = locked(SchoolClass, class_id)
    refuse_return(row, since)
    trace, before = Trace(order), tracing.snapshot(row)
    row.enrolled_date, row.enrolled_order = since, order.number if order else ""
    row.left_date, row.left_reason = None, ""
    row.save(update_fields=["enrolled_date", "enrolled_order", "left_date", "left_reason", "changed_at"])
    trace.changed(row, before)
    places.place(row, into, since, trace, order=order)
    _arrival(row, into, since, whence or Whereabouts(reason="arr_restored"), trace, order=order)
    trace.keep()
    family_accounts.open_again([row.pk])
    audit.record(actor=actor, action="contingent.pupil.returned", object_type="pupil", object_id=row.pk)
    publish(PupilReturned(pupil_id=str(row.pk), class_id=str(into.pk), since=since.isoformat()), actor=actor)
    return row


def refuse_return(row: Pupil, since: date) -> None:
    if row.left_date is None:
        raise LearnsHere
    if since <= row.left_date:
        raise BeforeLeaving(day=f"{row.left_date:%d.%m.%Y}")


# --- inside


@transaction.atomic
def move(
    *,
    actor: Actor,
    pupil_id: UUID,
    class_id: UUID,
    since: date,
    order_number: str = "",
    reason: str = "",
    order: OrderInfo | None = None,
) -> Membership:
    """Move a pupil to another class of the same year from the day on. Raises NotInClass, SameClass, TooEarly."""
    places.allowed(actor, order)
    pupil = locked(Pupil, pupil_id, removed_at=None)
    into = locked(SchoolClass, class_id)
    present = places.present(pupil.pk, since, year=into.year)
    refuse_move(present, into, since)
    assert present is not None
    left, trace = present.school_class_id, Trace(order)
    fresh = places.change_class(
        present, into, since, trace, order=order, order_number=order_number, reason=reason or "in_other_class"
    )
    trace.keep()
    audit.record(actor=actor, action="contingent.pupil.moved", object_type="pupil", object_id=pupil.pk)
    publish(
        PupilMoved(
            pupil_id=str(pupil.pk),
            from_class_id=str(left),
            to_class_id=str(into.pk),
            since=since.isoformat(),
        ),
        actor=actor,
    )
    return fresh


def refuse_move(present: Membership | None, into: SchoolClass, since: date) -> None:
    if present is None:
        raise NotInClass
    if present.school_class_id == into.pk:
        raise SameClass
    if since < present.since:
        raise TooEarly(since=f"{present.since:%d.%m.%Y}")


@transaction.atomic
def pass_on(
    *, actor: Actor, steps: Sequence[Step], since: date, reason: str, order: OrderInfo | None = None
) -> None:
    """Put many pupils into classes of the next year, or of this one when they are in it already.

    The place of the old year ends the day before. Raises NotInClass, OnLeave, SameClass, TooEarly.
    """
    places.allowed(actor, order)
    pupil_ids = sorted({step.pupil_id for step in steps})
    held = Pupil.objects.select_for_update().filter(pk__in=pupil_ids, removed_at=None, left_date=None)
    pupils = {row.pk: row for row in held.order_by("pk")}
    classes = {row.pk: row for row in SchoolClass.objects.filter(pk__in={step.class_id for step in steps})}
    latest: dict[UUID, Membership] = {}
    for row in Membership.objects.select_for_update().filter(pupil_id__in=pupil_ids).order_by("since", "id"):
        latest[row.pupil_id] = row
    away = set(
        AcademicLeave.objects.filter(pupil_id__in=pupil_ids, ended_date=None).values_list(
            "pupil_id", flat=True
        )
    )
    trace = Trace(order)
    ended, fresh, touched = [], [], set()
    for step in steps:
        if step.pupil_id not in pupils or step.class_id not in classes:
            raise NotFound
        into, present = classes[step.class_id], latest.get(step.pupil_id)
        refuse_passing(present, into, since, is_away=step.pupil_id in away)
        assert present is not None
        touched |= {str(present.school_class_id), str(into.pk)}
        if present.year == into.year:
            places.change_class(present, into, since, trace, order=order, reason=reason)
            continue
        if present.until is None or present.until >= since:
            before = tracing.snapshot(present)
            present.until, present.end_reason = since - timedelta(days=1), reason
            present.end_order_id = order.id if order else None
            trace.changed(present, before)
            ended.append(present)
        fresh.append(
            Membership(pupil_id=step.pupil_id, school_class=into, year=into.year, since=since, reason=reason)
        )
        places.sign(fresh[-1], order)
    Membership.objects.bulk_update(ended, ["until", "end_reason", "end_order"], batch_size=500)
    Membership.objects.bulk_create(fresh, batch_size=1000)
    for row in fresh:
        trace.created(row)
    trace.keep()
    audit.record(
        actor=actor,
        action="contingent.pupils.passed",
        object_type="order",
        object_id=order.id if order else "",
        details={"count": len(steps), "reason": reason},
    )
    places.tell_classes(touched, pupil_ids, actor=actor)


def refuse_passing(present: Membership | None, into: SchoolClass, since: date, *, is_away: bool) -> None:
    """Who is on academic leave is passed nowhere: the order of the return says into which class."""
    if is_away:
        raise OnLeave
    if present is None:
        raise NotInClass
    if present.school_class_id == into.pk:
        raise SameClass
    if since < present.since or (since == present.since and present.year != into.year):
        raise TooEarly(since=f"{present.since:%d.%m.%Y}")


# --- leaving


@transaction.atomic
def leave(
    *,
    actor: Actor,
    pupil_id: UUID,
    last_day: date,
    reason: str,
    order_number: str = "",
    order: OrderInfo | None = None,
    whither: Whereabouts | None = None,
) -> Pupil:
    """Let a pupil go; the last day is still a day at school. Places ahead of it are taken back.

    When the day has come, the accounts are closed as well. Raises NotInClass, TooEarly.
    """
    places.allowed(actor, order)
    row = locked(Pupil, pupil_id, removed_at=None)
    present = places.present(row.pk, last_day)
    refuse_leaving(row, present, last_day)
    trace = Trace(order)
    _first_arrival(row)
    if present is not None:
        places.end(present, last_day, reason, trace, order=order)
    places.take_back_ahead(row, last_day, trace)
    places.end_running_leave(row, last_day + timedelta(days=1), trace)
    before = tracing.snapshot(row)
    row.left_date, row.left_reason = last_day, reason
    row.save(update_fields=["left_date", "left_reason", "changed_at"])
    trace.changed(row, before)
    last = present or Membership.objects.filter(pupil=row, since__lte=last_day).order_by("-since").first()
    made = Movement(
        pupil=row,
        direction=Movement.Direction.OUT,
        date=last_day,
        school_class_id=last.school_class_id if last else None,
        **_where(whither or Whereabouts(), reason),
    )
    places.sign(made, order, order_number)
    made.save(force_insert=True)
    trace.created(made)
    trace.keep()
    family_accounts.close([row.pk])
    audit.record(
        actor=actor,
        action="contingent.pupil.left",
        object_type="pupil",
        object_id=row.pk,
        details={"reason": reason, "order": order.number if order else order_number},
    )
    publish(
        PupilLeft(
            pupil_id=str(row.pk),
            class_id=str(last.school_class_id) if last else "",
            on=last_day.isoformat(),
            reason=reason,
        ),
        actor=actor,
    )
    return row


def refuse_leaving(row: Pupil, present: Membership | None, last_day: date) -> None:
    if row.left_date is not None:
        raise NotInClass
    if row.enrolled_date is not None and last_day < row.enrolled_date:
        # She has left and is to return later: the last day of the time before is no day of the new one.
        raise TooEarly(since=f"{row.enrolled_date:%d.%m.%Y}")
    if present is None and not AcademicLeave.objects.filter(pupil=row, ended_date=None).exists():
        later = Membership.objects.filter(pupil=row, since__gt=last_day).order_by("since").first()
        raise TooEarly(since=f"{later.since:%d.%m.%Y}") if later else NotInClass()


# --- cancelling


@transaction.atomic
def take_back(*, actor: Actor, order: OrderInfo) -> None:
    """Undo everything that the order did. The caller has asked for objections, in the same transaction."""
    require(actor, orders.permissions.SIGN)
    traces = tracing.revert(order)
    pupil_ids = {one.pupil_id for one in traces}
    family_accounts.open_again(pupil_ids)
    family_accounts.close(pupil_ids)
    audit.record(
        actor=actor,
        action="contingent.order.reverted",
        object_type="order",
        object_id=order.id,
        details={"rows": len(traces)},
    )
    places.tell_classes(tracing.classes_of(traces), pupil_ids, actor=actor)


# ---


def _product() -> Actor:
    return Actor.system_actor("contingent.movement")


def _arrival(
    pupil: Pupil,
    into: SchoolClass,
    since: date,
    whence: Whereabouts,
    trace: Trace,
    *,
    order: OrderInfo | None,
) -> None:
    made = Movement(
        pupil=pupil,
        direction=Movement.Direction.IN,
        date=since,
        school_class=into,
        **_where(whence, whence.reason),
    )
    places.sign(made, order)
    made.save(force_insert=True)
    trace.created(made)


def _first_arrival(pupil: Pupil) -> None:
    """Write down from the card when one came who came before orders were kept here: a return would overwrite it."""
    if Movement.objects.filter(pupil=pupil, direction=Movement.Direction.IN).exists():
        return
    first = Membership.objects.filter(pupil=pupil).order_by("since", "id").first()
    day = pupil.enrolled_date or (first.since if first else None)
    if day is not None:
        Movement.objects.create(
            pupil=pupil,
            direction=Movement.Direction.IN,
            date=day,
            school_class_id=first.school_class_id if first and first.since <= day else None,
            order_number=pupil.enrolled_order,
        )


def _where(place: Whereabouts, reason: str) -> dict[str, Any]:
    return {one.name: getattr(place, one.name) for one in fields(place)} | {"reason": reason}
