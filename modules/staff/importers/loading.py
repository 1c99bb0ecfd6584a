"""Checked rows written into the school: employees, posts, subjects; so many queries, not more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _

from imports.api import Change, ChangeKind, Row, Steps, Verdict
from imports.copying import update_fields
from kernel import clock
from kernel.access import Actor, require
from kernel.events import publish
from modules.staff import permissions
from modules.staff.events import EmployeesTaken, PhonesChanged
from modules.staff.importers.checking import DATES, FIELDS
from modules.staff.models import Attestation, Education, Employee, EmployeeSubject, Position, Training
from tenants import reference

EMPLOYEE, POSITION, SUBJECT = "staff.employee", "staff.position", "staff.subject"
RECORDS: dict[str, type[Education | Attestation | Training]] = {
    "staff.education": Education,
    "staff.attestation": Attestation,
    "staff.training": Training,
}


def load(rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
    """Carry the rows out in the caller's transaction; answer what was done, in the order it was done."""
    require(actor, permissions.IMPORT)
    changes: list[Change] = []
    steps.tell(0.0, _("Employees"))
    fresh = []
    for row in rows:
        if row.verdict is Verdict.CREATE:
            first = row.plan.follows
            if first is not None and first.plan.employee is not None:
                row.plan.employee = first.plan.employee
            else:
                row.plan.employee = _new(row)
                fresh.append(row.plan.employee)
    Employee.objects.bulk_create(fresh, batch_size=1000)
    changes.extend(Change(EMPLOYEE, one.pk, ChangeKind.CREATED) for one in fresh)
    _update([row for row in rows if row.verdict is Verdict.UPDATE], changes)
    tell_phones([one for one in changes if one.object_type == EMPLOYEE and "phone" in one.after], actor=actor)
    steps.tell(0.5, _("Posts and subjects"))
    _posts(rows, changes)
    subjects = {
        (row.plan.employee.pk, code): EmployeeSubject(employee=row.plan.employee, subject_code=code)
        for row in rows
        for code in row.plan.subjects
    }
    EmployeeSubject.objects.bulk_create(subjects.values(), batch_size=1000)
    changes.extend(Change(SUBJECT, one.pk, ChangeKind.CREATED) for one in subjects.values())
    steps.tell(0.8, _("Education and courses"))
    _records(rows, changes)
    if fresh:
        publish(EmployeesTaken(employee_ids=tuple(str(one.pk) for one in fresh)), actor=actor)
    return changes


def _records(rows: Sequence[Row], changes: list[Change]) -> None:
    """Diplomas, categories and courses; a second row of the same person may say the same once more."""
    for kind, model in RECORDS.items():
        made: dict[tuple[Any, ...], Any] = {}
        for row in rows:
            for record in row.plan.records:
                if isinstance(record, model):
                    record.employee = row.plan.employee
                    said = tuple(
                        getattr(record, field.attname)
                        for field in model._meta.concrete_fields
                        if not field.primary_key
                    )
                    made.setdefault(said, record)
        model._default_manager.bulk_create(made.values(), batch_size=1000)
        changes.extend(Change(kind, one.pk, ChangeKind.CREATED) for one in made.values())


def _new(row: Row) -> Employee:
    values = {name: row.get(column) for column, name in FIELDS.items() if row.get(column) is not None}
    for name in DATES:
        if name in values:
            values[name] = date.fromisoformat(values[name])
    return Employee(**values)


def _update(rows: Sequence[Row], changes: list[Change]) -> None:
    changed: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        one, wanted = row.plan.employee, row.plan.changes
        if not wanted:
            continue
        before = {name: getattr(one, name) for name in wanted}
        for name, value in wanted.items():
            setattr(one, name, value)
        changed.setdefault(one.pk, {"changed_at": clock.now()}).update(wanted)
        changes.append(Change(EMPLOYEE, one.pk, ChangeKind.UPDATED, plain(before), plain(wanted)))
    update_fields(Employee, changed)


def tell_phones(changes: Sequence[Change], *, actor: Actor) -> None:
    """The numbers of these cards have changed: accounts follow."""
    if changes:
        ids = tuple(dict.fromkeys(str(one.object_id) for one in changes))
        publish(PhonesChanged(employee_ids=ids), actor=actor)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Fields fit for JSON."""
    encode = DjangoJSONEncoder().default
    return {
        name: value if isinstance(value, str | int | float | bool | None) else encode(value)
        for name, value in values.items()
    }


def _posts(rows: Sequence[Row], changes: list[Change]) -> None:
    """Posts begin on the day the file names, else with the school year for newcomers and today for those who work here.

    A new rate ends the old term.
    """
    today = clock.today()
    year = clock.school_year_of(today)
    start = reference.school_years()[year].start if year in reference.school_years() else today
    wanted = {
        (row.plan.employee.pk, code): (row, rate) for row in rows for code, rate in row.plan.posts.items()
    }
    held: dict[tuple[UUID, str], Position] = {
        (one.employee_id, one.post_code): one
        for one in Position.objects.filter(
            employee_id__in={key[0] for key in wanted}, until=None, form=Position.Form.MAIN
        )
    }
    fresh, ended = [], []
    for key, (row, rate) in wanted.items():
        before = held.get(key)
        since = today if row.verdict is Verdict.UPDATE else _first_day(row, min(start, today))
        if before is not None and before.since >= since:
            changes.append(
                Change(
                    POSITION,
                    before.pk,
                    ChangeKind.UPDATED,
                    {"rate": str(before.rate), "until": None},
                    {"rate": str(rate)},
                )
            )
            before.rate = rate
            ended.append(before)
            continue
        if before is not None:
            before.until = since - timedelta(days=1)
            ended.append(before)
            changes.append(
                Change(
                    POSITION,
                    before.pk,
                    ChangeKind.UPDATED,
                    {"rate": str(before.rate), "until": None},
                    {"until": before.until.isoformat()},
                )
            )
        fresh.append(Position(employee=row.plan.employee, post_code=key[1], rate=rate, since=since))
    if ended:
        Position.objects.bulk_update(ended, ["until", "rate"], batch_size=500)
    Position.objects.bulk_create(fresh, batch_size=1000)
    changes.extend(Change(POSITION, one.pk, ChangeKind.CREATED) for one in fresh)


def _first_day(row: Row, usual: date) -> date:
    """The day the file names for somebody new, when it has come."""
    named = row.get("here_since")
    return min(date.fromisoformat(named), clock.today()) if named else usual
