"""Lines of a card: diplomas, categories, courses, awards, work before, leaves. Added, corrected, removed, all logged."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from kernel.events import publish
from modules.staff import permissions
from modules.staff.events import LeavesChanged
from modules.staff.models import Attestation, Award, Education, Leave, Training, WorkPeriod
from modules.staff.services.cards import locked
from modules.staff.services.posts import ByOrder

SECTIONS: dict[str, type[models.Model]] = {
    "education": Education,
    "categories": Attestation,
    "courses": Training,
    "awards": Award,
    "work": WorkPeriod,
    "leaves": Leave,
}


class LeaveOverlaps(DomainError):
    message = _("There is another leave at that time: {since} – {until}")
    code = "leave_overlaps"


@transaction.atomic
def add_record(*, actor: Actor, employee_id: UUID, section: str, **values: Any) -> models.Model:
    """Add a line to a section of the card. Raises LeaveOverlaps."""
    require(actor, permissions.EDIT)
    employee = locked(employee_id)
    row = SECTIONS[section](employee=employee, **values)
    _refuse(row)
    row.save(force_insert=True)
    _tell_of_leave(row, actor)
    audit.record(
        actor=actor,
        action="staff.record.added",
        object_type="employee",
        object_id=employee.pk,
        details=_told(section, row),
    )
    return row


@transaction.atomic
def change_record(
    *, actor: Actor, employee_id: UUID, section: str, record_id: UUID, **values: Any
) -> models.Model:
    """Correct a line. Raises ByOrder, LeaveOverlaps."""
    require(actor, permissions.EDIT)
    row = _held(employee_id, section, record_id)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    _refuse(row)
    if changed:
        row.save(update_fields=changed)
        _tell_of_leave(row, actor)
        audit.record(
            actor=actor,
            action="staff.record.changed",
            object_type="employee",
            object_id=row.employee_id,
            details=_told(section, row) | {"fields": changed},
        )
    return row


@transaction.atomic
def remove_record(*, actor: Actor, employee_id: UUID, section: str, record_id: UUID) -> None:
    """Remove a mistaken line. Raises ByOrder."""
    require(actor, permissions.EDIT)
    row = _held(employee_id, section, record_id)
    audit.record(
        actor=actor,
        action="staff.record.removed",
        object_type="employee",
        object_id=row.employee_id,
        details=_told(section, row),
    )
    _tell_of_leave(row, actor)
    row.delete()


def refuse_leave(
    employee_id: UUID, since: date, until: date | None, *, except_id: UUID | None = None
) -> None:
    """Raise LeaveOverlaps when another leave takes any of the days."""
    others = Leave.objects.filter(Q(until=None) | Q(until__gte=since), employee_id=employee_id)
    if until is not None:
        others = others.filter(since__lte=until)
    if except_id is not None:
        others = others.exclude(pk=except_id)
    other = others.order_by("since").first()
    if other is not None:
        raise LeaveOverlaps(
            since=f"{other.since:%d.%m.%Y}", until=f"{other.until:%d.%m.%Y}" if other.until else "…"
        )


def give_leave(
    *, actor: Actor, employee_id: UUID, kind: str, since: date, until: date, order_id: UUID
) -> Leave:
    """A leave by a signed order. Raises LeaveOverlaps."""
    row = locked(employee_id)
    refuse_leave(row.pk, since, until)
    leave = Leave.objects.create(employee=row, kind=kind, since=since, until=until, order_id=order_id)
    _tell_of_leave(leave, actor)
    return leave


def take_leaves_back(order_id: UUID, *, actor: Actor) -> None:
    """Take back what a cancelled order gave."""
    for leave in Leave.objects.filter(order_id=order_id):
        _tell_of_leave(leave, actor)
        leave.delete()


def _tell_of_leave(row: models.Model, actor: Actor) -> None:
    """Whoever looks after lessons learns that somebody is away, for longer or no longer."""
    if isinstance(row, Leave):
        publish(LeavesChanged(employee_ids=(str(row.employee_id),)), actor=actor)


def _refuse(row: models.Model) -> None:
    if isinstance(row, Leave):
        refuse_leave(row.employee_id, row.since, row.until, except_id=row.pk)


def _held(employee_id: UUID, section: str, record_id: UUID) -> Any:
    locked(employee_id)
    row = SECTIONS[section]._default_manager.filter(pk=record_id, employee_id=employee_id).first()
    if row is None:
        raise NotFound
    if isinstance(row, Leave) and row.order_id is not None:
        raise ByOrder
    return row


def _told(section: str, row: models.Model) -> dict[str, Any]:
    return {"section": section, "record": str(row.pk)}
