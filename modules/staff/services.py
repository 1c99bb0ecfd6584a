"""Changes of the staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit, clock, iin
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError, NotFound
from kernel.events import publish
from kernel.tenancy import current
from modules.staff import permissions
from modules.staff.data import NewEmployee
from modules.staff.events import EmployeeLeft, EmployeeTaken
from modules.staff.models import Employee, EmployeeSubject, Position


class WrongIin(DomainError):
    message = _("The IIN is wrong: {value}")
    code = "wrong_iin"


class IinTaken(DomainError):
    message = _("An employee with this IIN is in the school already: {name}")
    code = "iin_taken"


class StaleForm(Conflict):
    message = _("Somebody changed this record after you opened it. Look at it again before saving.")


@dataclass(frozen=True, slots=True)
class Post:
    """A post to be held."""

    code: str
    rate: Decimal = Decimal("1")


@transaction.atomic
def take_on(
    *,
    actor: Actor,
    employee: NewEmployee,
    posts: Iterable[Post],
    subjects: Iterable[str] = (),
    since: date,
) -> Employee:
    """Take somebody on. Raises WrongIin, IinTaken."""
    require(actor, permissions.EDIT)
    refuse_iin(employee.iin)
    row = Employee(**{name: getattr(employee, name) for name in employee.__slots__})
    row.save(force_insert=True)
    Position.objects.bulk_create(
        Position(employee=row, post_code=post.code, rate=post.rate, since=since) for post in posts
    )
    EmployeeSubject.objects.bulk_create(
        EmployeeSubject(employee=row, subject_code=code) for code in dict.fromkeys(subjects)
    )
    audit.record(actor=actor, action="staff.employee.taken", object_type="employee", object_id=row.pk)
    publish(EmployeeTaken(employee_id=str(row.pk), since=since.isoformat()), actor=actor)
    return row


@transaction.atomic
def take_on_with_login(
    *,
    actor: Actor,
    employee: NewEmployee,
    posts: Iterable[Post],
    subjects: Iterable[str],
    since: date,
    roles: Iterable[str],
    language: str,
) -> tuple[Employee, identity.Slip]:
    """Take somebody on and give a login with roles at once; the slip is the only place of the password.

    Raises what `take_on` and identity's `create_account` raise; then nothing is written.
    """
    row = take_on(actor=actor, employee=employee, posts=posts, subjects=subjects, since=since)
    return row, give_login(actor=actor, employee_id=row.pk, roles=roles, language=language)


@transaction.atomic
def give_login(*, actor: Actor, employee_id: UUID, roles: Iterable[str], language: str) -> identity.Slip:
    """Make an account for somebody who works here already."""
    require(actor, permissions.EDIT)
    row = _locked(employee_id)
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
    if iin.check(value, synthetic_allowed=current().synthetic_people):
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
    posts: Iterable[Post] | None = None,
    subjects: Iterable[str] | None = None,
    on: date | None = None,
    **changes: Any,
) -> Employee:
    """Correct a card; posts and subjects, when given, become exactly these from the day `on`.

    Raises WrongIin, IinTaken, StaleForm.
    """
    require(actor, permissions.EDIT)
    row = _locked(employee_id)
    if seen and seen != row.changed_at.isoformat():
        raise StaleForm
    if changes.get("iin", row.iin) != row.iin:
        refuse_iin(changes["iin"], except_id=row.pk)
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    if posts is not None and on is not None and _set_posts(row, list(posts), on):
        changed.append("posts")
    if subjects is not None and _set_subjects(row, set(subjects)):
        changed.append("subjects")
    if changed:
        row.save(update_fields=[*(set(changed) - {"posts", "subjects"}), "changed_at"])
        audit.record(
            actor=actor,
            action="staff.employee.changed",
            object_type="employee",
            object_id=row.pk,
            details={"fields": changed},
        )
    return row


def _set_posts(row: Employee, wanted: list[Post], on: date) -> bool:
    """End the posts that are no longer held, begin the new ones; a changed rate is a new term."""
    held = {p.post_code: p for p in Position.objects.select_for_update().filter(employee=row, until=None)}
    rates = {post.code: post.rate for post in wanted}
    changed = False
    for code, position in held.items():
        if rates.get(code) == position.rate:
            continue
        changed = True
        if position.since >= on:
            position.delete()
        else:
            position.until = date.fromordinal(on.toordinal() - 1)
            position.save(update_fields=["until"])
    for code, rate in rates.items():
        if code not in held or held[code].rate != rate:
            changed = True
            Position.objects.create(employee=row, post_code=code, rate=rate, since=on)
    return changed


def _set_subjects(row: Employee, wanted: set[str]) -> bool:
    have = set(EmployeeSubject.objects.filter(employee=row).values_list("subject_code", flat=True))
    EmployeeSubject.objects.filter(employee=row, subject_code__in=have - wanted).delete()
    EmployeeSubject.objects.bulk_create(
        EmployeeSubject(employee=row, subject_code=code) for code in sorted(wanted - have)
    )
    return have != wanted


@transaction.atomic
def let_go(*, actor: Actor, employee_id: UUID, last_day: date) -> Employee:
    """End the employment; the last day is still a working day. When it has come, the login is blocked as well."""
    require(actor, permissions.EDIT)
    row = _locked(employee_id)
    row.left_date = last_day
    row.save(update_fields=["left_date", "changed_at"])
    for position in Position.objects.select_for_update().filter(employee=row, until=None):
        position.until = max(last_day, position.since)
        position.save(update_fields=["until"])
    account = identity.accounts_of([row.pk]).get(row.pk)
    if account is not None and account.is_active and last_day <= clock.today():
        identity.block(actor=actor, user_id=account.id)
    audit.record(actor=actor, action="staff.employee.left", object_type="employee", object_id=row.pk)
    publish(EmployeeLeft(employee_id=str(row.pk), on=last_day.isoformat()), actor=actor)
    return row


def _locked(employee_id: UUID) -> Employee:
    row = Employee.objects.select_for_update().filter(pk=employee_id).first()
    if row is None:
        raise NotFound
    return row
