"""Academic leave: the pupil belongs to the school and is in no class for a time."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor
from kernel.errors import DomainError
from modules.contingent.models import AcademicLeave, Membership, Pupil, SchoolClass
from modules.contingent.services import places
from modules.contingent.services.cards import locked
from modules.contingent.services.places import NotInClass, TooEarly
from modules.contingent.services.tracing import Trace
from modules.orders.api import OrderInfo

ACADEMIC_LEAVE = "academic_leave"


class NotOnLeave(DomainError):
    message = _("The pupil is not on academic leave.")
    code = "not_on_leave"


class OnLeave(DomainError):
    message = _("The pupil is on academic leave already.")
    code = "on_leave"


class GoesAway(DomainError):
    message = _("The pupil leaves the school on {day}: cancel that order first.")
    code = "goes_away"


@transaction.atomic
def begin_leave(
    *, actor: Actor, pupil_id: UUID, since: date, until: date | None, order: OrderInfo | None = None
) -> AcademicLeave:
    """Let a pupil stay away for a time: he belongs to the school and is in no class. Places ahead are taken back.

    Raises NotInClass, OnLeave, GoesAway, TooEarly.
    """
    places.allowed(actor, order)
    row = locked(Pupil, pupil_id, removed_at=None)
    present = places.present(row.pk, since)
    refuse_leave(row, present, since)
    assert present is not None
    trace = Trace(order)
    places.end(present, since - timedelta(days=1), ACADEMIC_LEAVE, trace, order=order)
    places.take_back_ahead(row, since, trace)
    made = AcademicLeave(pupil=row, since=since, until=until, order_id=order.id if order else None)
    made.save(force_insert=True)
    trace.created(made)
    trace.keep()
    audit.record(actor=actor, action="contingent.leave.begun", object_type="pupil", object_id=row.pk)
    places.tell_classes({str(present.school_class_id)}, [row.pk], actor=actor)
    return made


def refuse_leave(row: Pupil, present: Membership | None, since: date) -> None:
    if AcademicLeave.objects.filter(pupil=row, ended_date=None).exists():
        raise OnLeave
    if present is None:
        raise NotInClass
    if row.left_date is not None:
        raise GoesAway(day=f"{row.left_date:%d.%m.%Y}")
    if since <= present.since:
        raise TooEarly(since=f"{present.since:%d.%m.%Y}")


@transaction.atomic
def end_leave(
    *, actor: Actor, pupil_id: UUID, class_id: UUID, since: date, order: OrderInfo | None = None
) -> Membership:
    """Let a pupil come back from academic leave into a class. Raises NotOnLeave, TooEarly."""
    places.allowed(actor, order)
    row = locked(Pupil, pupil_id, removed_at=None)
    into = locked(SchoolClass, class_id)
    running = AcademicLeave.objects.select_for_update().filter(pupil=row, ended_date=None).first()
    refuse_leave_end(running, since)
    trace = Trace(order)
    places.end_running_leave(row, since, trace)
    place = places.place(row, into, since, trace, order=order, reason=ACADEMIC_LEAVE)
    trace.keep()
    audit.record(actor=actor, action="contingent.leave.ended", object_type="pupil", object_id=row.pk)
    places.tell_classes({str(into.pk)}, [row.pk], actor=actor)
    return place


def refuse_leave_end(running: AcademicLeave | None, since: date) -> None:
    if running is None:
        raise NotOnLeave
    if since <= running.since:
        raise TooEarly(since=f"{running.since:%d.%m.%Y}")
