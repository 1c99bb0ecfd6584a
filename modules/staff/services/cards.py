"""Cards of employees: opened, corrected, given a login."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError, NotFound
from kernel.events import publish
from kernel.tenancy import current
from modules.staff import permissions
from modules.staff.data import NewEmployee, Post
from modules.staff.events import EmployeeTaken, PhonesChanged
from modules.staff.models import (
    Attestation,
    Award,
    Education,
    Employee,
    EmployeeLanguage,
    EmployeeSubject,
    Leave,
    Training,
    WorkPeriod,
)
from modules.staff.services import posts as posts_services

# What stands on a card beside the person's own row.
OF_CARD = (EmployeeSubject, EmployeeLanguage, Education, Attestation, Training, Award, WorkPeriod, Leave)


class WrongIin(DomainError):
    message = _("The IIN is wrong: {value}")
    code = "wrong_iin"


class IinTaken(DomainError):
    message = _("An employee with this IIN is in the school already: {name}")
    code = "iin_taken"


class WorkedHere(DomainError):
    message = _("Only a card without posts and without a login can be removed.")
    code = "worked_here"


class StaleForm(Conflict):
    message = _("Somebody changed this record after you opened it. Look at it again before saving.")


CARD = (
    "surname", "name", "patronymic", "iin", "sex", "birth_date", "phone", "second_phone", "email", "address",
    "nationality", "retirement_ground", "teaching_since",
)  # fmt: skip


@transaction.atomic
def take_on(
    *,
    actor: Actor,
    employee: NewEmployee,
    posts: Iterable[Post],
    subjects: Iterable[str] = (),
    since: date,
) -> Employee:
    """Take somebody on without an order: who worked here before orders were kept here. Raises WrongIin, IinTaken."""
    row = open_card(actor=actor, employee=employee, subjects=subjects)
    for post in posts:
        posts_services.begin(row, post, since=since)
    publish(EmployeeTaken(employee_id=str(row.pk), since=since.isoformat()), actor=actor)
    return row


@transaction.atomic
def open_card(*, actor: Actor, employee: NewEmployee, subjects: Iterable[str] = ()) -> Employee:
    """Open the card of somebody new, who has no post yet. Raises WrongIin, IinTaken."""
    require(actor, permissions.EDIT)
    return write_card(actor=actor, employee=employee, subjects=subjects)


def write_card(
    *, actor: Actor, employee: NewEmployee, subjects: Iterable[str] = (), id: UUID | None = None
) -> Employee:
    """The same for callers who have the right otherwise: a signed order. Raises WrongIin, IinTaken."""
    refuse_iin(employee.iin)
    row = Employee(**{name: getattr(employee, name) for name in CARD if hasattr(employee, name)})
    row.pk = id or row.pk
    row.save(force_insert=True)
    if employee.education:
        Education.objects.create(employee=row, level=employee.education)
    if employee.category:
        Attestation.objects.create(employee=row, category=employee.category, date=employee.category_date)
    EmployeeSubject.objects.bulk_create(
        EmployeeSubject(employee=row, subject_code=code) for code in dict.fromkeys(subjects)
    )
    audit.record(actor=actor, action="staff.employee.taken", object_type="employee", object_id=row.pk)
    return row


@transaction.atomic
def remove_card(*, actor: Actor, employee_id: UUID) -> None:
    """Remove the card of somebody who never came: without a post and without a login. Raises WorkedHere."""
    require(actor, permissions.EDIT)
    row = locked(employee_id)
    if row.positions.exists() or identity.accounts_of([row.pk]):
        raise WorkedHere
    for model in OF_CARD:
        model.objects.filter(employee=row).delete()
    row.delete()
    audit.record(actor=actor, action="staff.card.removed", object_type="employee", object_id=employee_id)


@transaction.atomic
def give_login(*, actor: Actor, employee_id: UUID, roles: Iterable[str], language: str) -> identity.Slip:
    """Make an account for somebody who works here already."""
    require(actor, permissions.EDIT)
    row = locked(employee_id)
    return identity.create_account(
        actor=actor,
        person_kind="staff",
        person_id=row.pk,
        surname=row.surname,
        name=row.name,
        patronymic=row.patronymic,
        language=language,
        phone=row.phone,
        roles=list(roles),
    )


def refuse_iin(value: str, *, except_id: UUID | None = None) -> None:
    """Raise WrongIin or IinTaken; an empty number is allowed."""
    if not value:
        return
    if current().iin_problems(value):
        raise WrongIin(value=value)
    others = Employee.objects.filter(iin=value)
    other = (others.exclude(pk=except_id) if except_id else others).first()
    if other is not None:
        raise IinTaken(name=other.person_name.full)


@transaction.atomic
def change_employee(
    *,
    actor: Actor,
    employee_id: UUID,
    seen: str = "",
    subjects: Iterable[str] | None = None,
    languages: Mapping[str, bool] | None = None,
    **changes: Any,
) -> Employee:
    """Correct a card. Subjects and languages (code: teaches in it), when given, become exactly these.

    Raises WrongIin, IinTaken, StaleForm.
    """
    require(actor, permissions.EDIT)
    row = locked(employee_id)
    if seen and seen != row.changed_at.isoformat():
        raise StaleForm
    if changes.get("iin", row.iin) != row.iin:
        refuse_iin(changes["iin"], except_id=row.pk)
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    beside = []
    if subjects is not None and _set_subjects(row, set(subjects)):
        beside.append("subjects")
    if languages is not None and _set_languages(row, languages):
        beside.append("languages")
    if changed or beside:
        row.save(update_fields=[*changed, "changed_at"])
        if "phone" in changed:
            publish(PhonesChanged(employee_ids=(str(row.pk),)), actor=actor)
        audit.record(
            actor=actor,
            action="staff.employee.changed",
            object_type="employee",
            object_id=row.pk,
            details={"fields": changed + beside},
        )
    return row


def _set_subjects(row: Employee, wanted: set[str]) -> bool:
    have = set(EmployeeSubject.objects.filter(employee=row).values_list("subject_code", flat=True))
    EmployeeSubject.objects.filter(employee=row, subject_code__in=have - wanted).delete()
    EmployeeSubject.objects.bulk_create(
        EmployeeSubject(employee=row, subject_code=code) for code in sorted(wanted - have)
    )
    return have != wanted


def _set_languages(row: Employee, wanted: Mapping[str, bool]) -> bool:
    have = dict(EmployeeLanguage.objects.filter(employee=row).values_list("code", "teaches"))
    if have == dict(wanted):
        return False
    EmployeeLanguage.objects.filter(employee=row).delete()
    EmployeeLanguage.objects.bulk_create(
        EmployeeLanguage(employee=row, code=code, teaches=teaches) for code, teaches in wanted.items()
    )
    return True


def locked(employee_id: UUID) -> Employee:
    row = Employee.objects.select_for_update().filter(pk=employee_id).first()
    if row is None:
        raise NotFound
    return row
