"""A load of employees taken back: only what nobody has changed or used since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from identity import api as identity
from imports.api import Change, ChangeKind, used
from kernel.access import Actor, require
from kernel.events import publish
from modules.staff import permissions
from modules.staff.events import EmployeesWithdrawn
from modules.staff.importers.checking import DATES
from modules.staff.importers.loading import EMPLOYEE, POSITION, RECORDS, SUBJECT, plain, tell_phones
from modules.staff.models import (
    Acting,
    Award,
    Dismissal,
    Employee,
    EmployeeLanguage,
    EmployeeSubject,
    Leave,
    Position,
    WorkPeriod,
)

# What a load makes, by the kind of its trail; and what only people make.
_LOADED = {POSITION: Position, SUBJECT: EmployeeSubject, **RECORDS}
_BY_HAND = (Award, EmployeeLanguage, Leave, WorkPeriod, Acting, Dismissal)


@dataclass(slots=True)
class Stays:
    """Employees that cannot be taken back, with the names to show."""

    ids: set[UUID] = field(default_factory=set)
    names: list[str] = field(default_factory=list)


def _groups(changes: Sequence[Change]) -> dict[str, list[Change]]:
    groups: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        groups[change.object_type].append(change)
    return groups


def what_stays(changes: Sequence[Change]) -> Stays:
    """Who was changed by hand, given an account, or is used by another part of the school since the load."""
    groups = _groups(changes)
    rows = {one.pk: one for one in Employee.objects.filter(pk__in=[c.object_id for c in groups[EMPLOYEE]])}
    created = {c.object_id for c in groups[EMPLOYEE] if c.kind is ChangeKind.CREATED} & rows.keys()
    stays = used(EMPLOYEE, created) | (set(identity.accounts_of(created)) & created)
    for kind, model in _LOADED.items():
        ours = [c.object_id for c in groups[kind]]
        others = model._default_manager.filter(employee_id__in=created).exclude(pk__in=ours)
        stays |= set(others.values_list("employee_id", flat=True))
    for by_hand in _BY_HAND:
        stays |= set(
            by_hand._default_manager.filter(employee_id__in=created).values_list("employee_id", flat=True)
        )
    for change in groups[EMPLOYEE]:
        row = rows.get(change.object_id)
        if row is None:
            continue
        if change.kind is ChangeKind.UPDATED:
            if plain({name: getattr(row, name) for name in change.after}) != dict(change.after):
                stays.add(row.pk)
        elif (row.changed_at - row.created_at).total_seconds() > 1 or row.left_date:
            stays.add(row.pk)
    return Stays(stays, sorted(rows[key].person_name.full for key in stays if key in rows))


def undo(changes: Sequence[Change], *, actor: Actor) -> list[str]:
    """Take back in the caller's transaction; answer the names of those who stay."""
    require(actor, permissions.IMPORT)
    groups = _groups(changes)
    touched = [c.object_id for c in groups[EMPLOYEE]]
    list(Employee.objects.select_for_update().filter(pk__in=touched).order_by("pk").values_list("pk"))
    stays = what_stays(changes)
    free = [c for c in groups[EMPLOYEE] if c.object_id not in stays.ids]
    gone = [c.object_id for c in free if c.kind is ChangeKind.CREATED]
    for kind, model in _LOADED.items():
        ids = [c.object_id for c in groups[kind] if c.kind is ChangeKind.CREATED]
        model._default_manager.filter(pk__in=ids).exclude(employee_id__in=stays.ids).delete()
    for change in groups[POSITION]:
        if change.kind is ChangeKind.UPDATED:
            Position.objects.filter(pk=change.object_id).exclude(employee_id__in=stays.ids).update(
                until=None, rate=Decimal(change.before["rate"])
            )
    for change in free:
        if change.kind is ChangeKind.UPDATED:
            Employee.objects.filter(pk=change.object_id).update(**_revived(change.before))
    tell_phones([one for one in free if "phone" in one.before], actor=actor)
    Employee.objects.filter(pk__in=gone).delete()
    if gone:
        publish(EmployeesWithdrawn(employee_ids=tuple(str(one) for one in gone)), actor=actor)
    return stays.names


def _revived(before: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name in DATES and value else value
        for name, value in before.items()
    }
