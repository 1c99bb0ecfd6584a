"""Changes of the contingent: classes, enrolment, movement inside the school, guardians, statuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock, iin
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError, NotFound
from kernel.events import publish
from kernel.tenancy import current
from modules.contingent import permissions, queries
from modules.contingent.data import NewGuardian, NewPupil
from modules.contingent.events import PupilEnrolled, PupilLeft, PupilMoved
from modules.contingent.models import Guardian, Guardianship, Membership, Pupil, PupilStatus, SchoolClass


class ClassExists(DomainError):
    message = _("There is a class {label} in this school year already.")
    code = "class_exists"


class WrongIin(DomainError):
    message = _("The IIN is wrong: {value}")
    code = "wrong_iin"


class IinTaken(DomainError):
    message = _("A pupil with this IIN is in the school already: {name}")
    code = "iin_taken"


class NotInClass(DomainError):
    message = _("The pupil is in no class on this day.")
    code = "not_in_class"


class SameClass(DomainError):
    message = _("The pupil is in this class already.")
    code = "same_class"


class OtherYear(DomainError):
    message = _("The class is of another school year.")
    code = "other_year"


class TooEarly(DomainError):
    message = _("The day is before the pupil came into the present class: {since}")
    code = "too_early"


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
    capacity: int | None = None,
    set_code: str = "",
    class_teacher_id: UUID | None = None,
) -> SchoolClass:
    """Open a class of the school year. Raises ClassExists."""
    require(actor, permissions.CLASSES)
    row = SchoolClass(
        year=year,
        grade=grade,
        letter=letter,
        language=language,
        shift=shift,
        kind=kind or (SchoolClass.Kind.PRESCHOOL if grade == 0 else SchoolClass.Kind.GENERAL),
        capacity=capacity,
        set_code=set_code,
        class_teacher_id=class_teacher_id,
    )
    if SchoolClass.objects.filter(year=year, grade=grade, letter=letter).exists():
        raise ClassExists(label=row.label)
    row.save(force_insert=True)
    audit.record(actor=actor, action="contingent.class.opened", object_type="class", object_id=row.pk)
    return row


@transaction.atomic
def change_class(*, actor: Actor, class_id: UUID, **changes: Any) -> SchoolClass:
    """Change what a class is. Raises ClassExists when another has the label."""
    require(actor, permissions.CLASSES)
    row = _locked(SchoolClass, class_id)
    changed = _set(row, changes)
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


@transaction.atomic
def close_class(*, actor: Actor, class_id: UUID) -> None:
    """Delete a class that never had pupils. Raises HasPupils."""
    require(actor, permissions.CLASSES)
    row = _locked(SchoolClass, class_id)
    if row.memberships.exists():
        raise HasPupils
    row.delete()
    audit.record(actor=actor, action="contingent.class.deleted", object_type="class", object_id=class_id)


# --- pupils


@transaction.atomic
def enrol(
    *,
    actor: Actor,
    pupil: NewPupil,
    class_id: UUID,
    since: date,
    order_number: str = "",
    guardians: tuple[NewGuardian, ...] = (),
) -> Pupil:
    """Take a new pupil into a class. Raises WrongIin, IinTaken."""
    require(actor, permissions.EDIT)
    into = _locked(SchoolClass, class_id)
    refuse_iin(pupil.iin)
    values = {name: getattr(pupil, name) for name in pupil.__slots__}
    row = Pupil(**values, enrolled_date=since, enrolled_order=order_number)
    row.save(force_insert=True)
    Membership.objects.create(
        pupil=row, school_class=into, year=into.year, since=since, order_number=order_number
    )
    for one in guardians:
        link_guardian(actor=actor, pupil_id=row.pk, guardian=one)
    audit.record(actor=actor, action="contingent.pupil.enrolled", object_type="pupil", object_id=row.pk)
    publish(PupilEnrolled(pupil_id=str(row.pk), class_id=str(into.pk), since=since.isoformat()), actor=actor)
    return row


@transaction.atomic
def change_pupil(*, actor: Actor, pupil_id: UUID, seen: str = "", **changes: Any) -> Pupil:
    """Correct a card. `seen` is the moment of change the form was opened at: StaleForm when it is not the last.

    Raises WrongIin, IinTaken.
    """
    require(actor, permissions.EDIT)
    row = _locked(Pupil, pupil_id, removed_at=None)
    if seen and seen != row.changed_at.isoformat():
        raise StaleForm
    if changes.get("iin", row.iin) != row.iin:
        refuse_iin(changes["iin"], except_id=row.pk)
    changed = _set(row, changes)
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
    if iin.check(value, synthetic_allowed=current().synthetic_people):
        raise WrongIin(value=value)
    others = Pupil.objects.filter(iin=value, removed_at=None)
    other = (others.exclude(pk=except_id) if except_id else others).first()
    if other is not None:
        raise IinTaken(name=other.person_name.full)


@transaction.atomic
def move(
    *, actor: Actor, pupil_id: UUID, class_id: UUID, since: date, order_number: str = "", reason: str = ""
) -> Membership:
    """Move a pupil to another class of the same year from the day on.

    Raises NotInClass, SameClass, OtherYear, TooEarly.
    """
    require(actor, permissions.EDIT)
    pupil = _locked(Pupil, pupil_id, removed_at=None)
    into = _locked(SchoolClass, class_id)
    present = _open_membership(pupil, into.year)
    if present is None:
        raise NotInClass
    if present.school_class_id == into.pk:
        raise SameClass
    if since < present.since:
        raise TooEarly(since=present.since.strftime("%d.%m.%Y"))
    left = present.school_class_id
    if since == present.since:
        present.school_class, present.order_number, present.reason = into, order_number, reason
        present.save(update_fields=["school_class", "order_number", "reason"])
        fresh = present
    else:
        present.until = since - timedelta(days=1)
        present.save(update_fields=["until"])
        fresh = Membership.objects.create(
            pupil=pupil,
            school_class=into,
            year=into.year,
            since=since,
            order_number=order_number,
            reason=reason or "in_other_class",
        )
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


@transaction.atomic
def leave(*, actor: Actor, pupil_id: UUID, last_day: date, reason: str, order_number: str = "") -> Pupil:
    """Let a pupil go; the last day is still a day at school. Raises NotInClass, TooEarly."""
    require(actor, permissions.EDIT)
    row = _locked(Pupil, pupil_id, removed_at=None)
    present = Membership.objects.select_for_update().filter(pupil=row, until=None).order_by("-since").first()
    if present is None:
        raise NotInClass
    if last_day < present.since:
        raise TooEarly(since=present.since.strftime("%d.%m.%Y"))
    present.until = last_day
    present.save(update_fields=["until"])
    row.left_date, row.left_reason = last_day, reason
    row.save(update_fields=["left_date", "left_reason", "changed_at"])
    audit.record(
        actor=actor,
        action="contingent.pupil.left",
        object_type="pupil",
        object_id=row.pk,
        details={"reason": reason, "order": order_number},
    )
    publish(
        PupilLeft(
            pupil_id=str(row.pk),
            class_id=str(present.school_class_id),
            on=last_day.isoformat(),
            reason=reason,
        ),
        actor=actor,
    )
    return row


# --- guardians and statuses


@transaction.atomic
def link_guardian(*, actor: Actor, pupil_id: UUID, guardian: NewGuardian) -> Guardianship:
    """Tie a guardian to the pupil; known ones are found by ИИН or by name and phone, so that siblings share one.

    Linking twice changes the relation. Raises WrongIin.
    """
    require(actor, permissions.EDIT)
    pupil = _locked(Pupil, pupil_id, removed_at=None)
    if guardian.iin and iin.check(guardian.iin, synthetic_allowed=current().synthetic_people):
        raise WrongIin(value=guardian.iin)
    known = queries.find_guardian(
        iin=guardian.iin, surname=guardian.surname, name=guardian.name, phone=guardian.phone
    )
    if known is None:
        known = Guardian.objects.create(
            iin=guardian.iin,
            surname=guardian.surname,
            name=guardian.name,
            patronymic=guardian.patronymic,
            phone=guardian.phone,
        )
    link, __ = Guardianship.objects.update_or_create(
        pupil=pupil,
        guardian=known,
        defaults={"relation": guardian.relation, "may_see": guardian.may_see},
    )
    audit.record(
        actor=actor,
        action="contingent.guardian.linked",
        object_type="pupil",
        object_id=pupil.pk,
        details={"guardian": str(known.pk), "may_see": guardian.may_see},
    )
    return link


@transaction.atomic
def change_guardian(
    *, actor: Actor, pupil_id: UUID, guardian_id: UUID, relation: str, may_see: bool, **changes: Any
) -> Guardian:
    """Correct a guardian's data and what she is to this pupil. Raises WrongIin."""
    require(actor, permissions.EDIT)
    link = Guardianship.objects.select_for_update().filter(pupil_id=pupil_id, guardian_id=guardian_id).first()
    if link is None:
        raise NotFound
    row = _locked(Guardian, guardian_id)
    number = changes.get("iin", row.iin)
    if number != row.iin and number:
        if iin.check(number, synthetic_allowed=current().synthetic_people):
            raise WrongIin(value=number)
        other = Guardian.objects.filter(iin=number).exclude(pk=row.pk).first()
        if other is not None:
            raise IinTaken(name=other.person_name.full)
    changed = _set(row, changes)
    if changed:
        row.save(update_fields=[*changed, "changed_at"])
    link.relation, link.may_see = relation, may_see
    link.save(update_fields=["relation", "may_see"])
    audit.record(
        actor=actor,
        action="contingent.guardian.changed",
        object_type="pupil",
        object_id=pupil_id,
        details={"guardian": str(row.pk), "fields": changed, "may_see": may_see},
    )
    return row


@transaction.atomic
def unlink_guardian(*, actor: Actor, pupil_id: UUID, guardian_id: UUID) -> None:
    """Untie a guardian from the pupil; her own row and her other children stay."""
    require(actor, permissions.EDIT)
    gone, __ = Guardianship.objects.filter(pupil_id=pupil_id, guardian_id=guardian_id).delete()
    if not gone:
        raise NotFound
    audit.record(
        actor=actor,
        action="contingent.guardian.unlinked",
        object_type="pupil",
        object_id=pupil_id,
        details={"guardian": str(guardian_id)},
    )


@transaction.atomic
def give_status(*, actor: Actor, pupil_id: UUID, code: str, since: date, ground: str = "") -> PupilStatus:
    """Note a privilege or a need from the day on. Given twice, the first stays."""
    require(actor, permissions.EDIT)
    pupil = _locked(Pupil, pupil_id, removed_at=None)
    row, is_new = PupilStatus.objects.get_or_create(
        pupil=pupil, code=code, until=None, defaults={"since": since, "ground": ground}
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
    row = _locked(PupilStatus, status_id, pupil_id=pupil_id)
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


def _open_membership(pupil: Pupil, year: str) -> Membership | None:
    return Membership.objects.select_for_update().filter(pupil=pupil, year=year, until=None).first()


def _locked(model: Any, key: UUID, **condition: Any) -> Any:
    row = model.objects.select_for_update().filter(pk=key, **condition).first()
    if row is None:
        raise NotFound
    return row


def _set(row: Any, changes: dict[str, Any]) -> list[str]:
    """Set the fields that differ; answer their names."""
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    return changed
