"""Changes of classes and of cards: the pupil and the statuses."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError, NotFound
from kernel.tenancy import current
from modules.contingent import permissions
from modules.contingent.models import Pupil, PupilStatus, SchoolClass
from modules.contingent.services.charges import appoint


class ClassExists(DomainError):
    message = _("There is a class {label} in this school year already.")
    code = "class_exists"


class DirectionOfSeniors(DomainError):
    message = _("Only classes from grade 10 on have a direction.")
    code = "direction_of_seniors"


class WrongIin(DomainError):
    message = _("The IIN is wrong: {value}")
    code = "wrong_iin"


class IinTaken(DomainError):
    message = _("A pupil with this IIN is in the school already: {name}")
    code = "iin_taken"


class HasPupils(DomainError):
    message = _("There are pupils in the class. Move them first.")
    code = "has_pupils"


class StaleForm(Conflict):
    message = _("Somebody changed this record after you opened it. Look at it again before saving.")


# --- classes


@transaction.atomic
def open_class(
    *,
    actor: Actor,
    year: str,
    grade: int,
    letter: str,
    language: str,
    shift: int = 1,
    kind: str = "",
    direction: str = "",
    room: str = "",
    capacity: int | None = None,
    set_code: str = "",
    class_teacher_id: UUID | None = None,
) -> SchoolClass:
    """Open a class of the school year. Raises ClassExists, DirectionOfSeniors."""
    require(actor, permissions.CLASSES)
    row = SchoolClass(
        year=year,
        grade=grade,
        letter=letter,
        language=language,
        shift=shift,
        kind=kind or (SchoolClass.Kind.PRESCHOOL if grade == 0 else SchoolClass.Kind.GENERAL),
        direction=direction,
        room=room,
        capacity=capacity,
        set_code=set_code,
    )
    _refuse_direction(row)
    if SchoolClass.objects.filter(year=year, grade=grade, letter=letter).exists():
        raise ClassExists(label=row.label)
    row.save(force_insert=True)
    audit.record(actor=actor, action="contingent.class.opened", object_type="class", object_id=row.pk)
    if class_teacher_id is not None:
        appoint(actor=actor, class_id=row.pk, employee_id=class_teacher_id)
    return row


@transaction.atomic
def change_class(*, actor: Actor, class_id: UUID, **changes: Any) -> SchoolClass:
    """Change what a class is. Raises ClassExists when another has the label, DirectionOfSeniors."""
    require(actor, permissions.CLASSES)
    row = locked(SchoolClass, class_id)
    changed = set_changed(row, changes)
    _refuse_direction(row)
    twins = SchoolClass.objects.filter(year=row.year, grade=row.grade, letter=row.letter).exclude(pk=row.pk)
    if twins.exists():
        raise ClassExists(label=row.label)
    if changed:
        row.save(update_fields=[*changed, "changed_at"])
        audit.record(
            actor=actor,
            action="contingent.class.changed",
            object_type="class",
            object_id=row.pk,
            details={"fields": changed},
        )
    return row


def _refuse_direction(row: SchoolClass) -> None:
    if row.direction and row.grade < SchoolClass.SENIOR:
        raise DirectionOfSeniors


@transaction.atomic
def close_class(*, actor: Actor, class_id: UUID) -> None:
    """Delete a class that never had pupils. Raises HasPupils."""
    require(actor, permissions.CLASSES)
    row = locked(SchoolClass, class_id)
    if row.memberships.exists():
        raise HasPupils
    row.delete()
    audit.record(actor=actor, action="contingent.class.deleted", object_type="class", object_id=class_id)


# --- pupils


@transaction.atomic
def change_pupil(*, actor: Actor, pupil_id: UUID, seen: str = "", **changes: Any) -> Pupil:
    """Correct a card. `seen` is the moment of change the form was opened at: StaleForm when it is not the last.

    Raises WrongIin, IinTaken.
    """
    require(actor, permissions.EDIT)
    audit.sign(actor)
    row = locked(Pupil, pupil_id, removed_at=None)
    if seen and seen != row.changed_at.isoformat():
        raise StaleForm
    if changes.get("iin", row.iin) != row.iin:
        refuse_iin(changes["iin"], except_id=row.pk)
    changed = set_changed(row, changes)
    if changed:
        row.save(update_fields=[*changed, "changed_at"])
        audit.record(
            actor=actor,
            action="contingent.pupil.changed",
            object_type="pupil",
            object_id=row.pk,
            details={"fields": changed},
        )
    return row


def refuse_iin(value: str, *, except_id: UUID | None = None) -> None:
    """Raise WrongIin or IinTaken; an empty number is allowed: a foreigner's child may wait for it."""
    if not value:
        return
    if current().iin_problems(value):
        raise WrongIin(value=value)
    others = Pupil.objects.filter(iin=value, removed_at=None)
    other = (others.exclude(pk=except_id) if except_id else others).first()
    if other is not None:
        raise IinTaken(name=other.person_name.full)


# --- statuses


@transaction.atomic
def give_status(
    *, actor: Actor, pupil_id: UUID, code: str, since: date, ground: str = "", until: date | None = None
) -> PupilStatus:
    """Note a privilege or a need from the day on. Given twice, the first stays."""
    require(actor, permissions.EDIT)
    audit.sign(actor)
    pupil = locked(Pupil, pupil_id, removed_at=None)
    row, is_new = PupilStatus.objects.get_or_create(
        pupil=pupil, code=code, until=until, defaults={"since": since, "ground": ground}
    )
    if is_new:
        audit.record(
            actor=actor,
            action="contingent.status.given",
            object_type="pupil",
            object_id=pupil.pk,
            details={"code": code},
        )
    return row


@transaction.atomic
def end_status(*, actor: Actor, pupil_id: UUID, status_id: UUID, until: date | None = None) -> None:
    """End a status; the day is the last one it holds."""
    require(actor, permissions.EDIT)
    audit.sign(actor)
    row = locked(PupilStatus, status_id, pupil_id=pupil_id)
    row.until = max(until or clock.today(), row.since)
    row.save(update_fields=["until"])
    audit.record(
        actor=actor,
        action="contingent.status.ended",
        object_type="pupil",
        object_id=pupil_id,
        details={"code": row.code},
    )


# ---


def locked(model: Any, key: UUID, **condition: Any) -> Any:
    """The row, held until the transaction ends; raises NotFound."""
    row = model.objects.select_for_update().filter(pk=key, **condition).first()
    if row is None:
        raise NotFound
    return row


def set_changed(row: Any, changes: dict[str, Any]) -> list[str]:
    """Set the fields that differ; answer their names."""
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    return changed
