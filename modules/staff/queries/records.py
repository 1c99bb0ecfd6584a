"""Lines of a card, section by section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Model

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.school import api as school
from modules.staff import permissions, terms
from modules.staff.data import LeaveInfo
from modules.staff.models import (
    Acting,
    Attestation,
    Award,
    Education,
    Employee,
    Leave,
    Training,
    WorkPeriod,
)
from modules.staff.queries.people import get_employee
from modules.staff.rules.ages import later

NEWEST: dict[str, tuple[type[Model], tuple[Any, ...]]] = {
    "education": (Education, (F("year").desc(nulls_last=True), "-id")),
    "categories": (Attestation, (F("date").desc(nulls_last=True), "-id")),
    "courses": (Training, ("-until", "-id")),
    "awards": (Award, (F("date").desc(nulls_last=True), "-id")),
    "work": (WorkPeriod, ("-since", "-id")),
    "leaves": (Leave, ("-since", "-id")),
}


def records_of(*, actor: Actor, employee_id: UUID) -> dict[str, list[Any]]:
    """Every section of the card, the newest line first."""
    get_employee(actor=actor, employee_id=employee_id)
    return {
        section: list(model._default_manager.filter(employee_id=employee_id).order_by(*order))
        for section, (model, order) in NEWEST.items()
    }


def educations(rows: Iterable[Employee]) -> dict[UUID, list[str]]:
    """Diplomas of each employee in one line each, the newest first, for lists."""
    found: dict[UUID, list[str]] = defaultdict(list)
    lines = Education.objects.filter(employee_id__in=[row.pk for row in rows])
    for one in lines.order_by(F("year").desc(nulls_last=True), "-id"):
        parts = (terms.education_name(one.level), one.institution, one.speciality, str(one.year or ""))
        found[one.employee_id].append(", ".join(part for part in parts if part))
    return dict(found)


def get_record(*, actor: Actor, employee_id: UUID, section: str, record_id: UUID) -> Any:
    get_employee(actor=actor, employee_id=employee_id)
    model, __ = NEWEST[section]
    row = model._default_manager.filter(pk=record_id, employee_id=employee_id).first()
    if row is None:
        raise NotFound
    return row


def leaves_of(*, actor: Actor, employee_ids: Iterable[UUID]) -> list[LeaveInfo]:
    """Leaves of several employees with what they rest on, in order; asks for the right to all cards."""
    if Scope.SCHOOL not in require(actor, permissions.CARD):
        raise NotFound
    rows = Leave.objects.filter(employee_id__in=list(employee_ids)).select_related("order")
    return [
        LeaveInfo(
            id=row.pk,
            employee_id=row.employee_id,
            kind=row.kind,
            since=row.since,
            until=row.until,
            ground=str(row.order.number or "") if row.order else row.paper,
        )
        for row in rows.order_by("since", "pk")
    ]


def actings_of(*, actor: Actor, employee_id: UUID) -> list[Acting]:
    """Terms as acting director, the newest first."""
    get_employee(actor=actor, employee_id=employee_id)
    return list(Acting.objects.filter(employee_id=employee_id).select_related("order").order_by("-since"))


def attestation_years() -> tuple[int, int]:
    """After how many years the next attestation is due: of everybody, and of first heads."""
    return int(school.setting("staff.attestation_years")), int(
        school.setting("staff.attestation_years_of_heads")
    )


def due(row: Attestation, years: tuple[int, int] | None = None) -> date | None:
    """When the next attestation is due: as it was moved, else so many years after the category was given."""
    if row.due_date is not None:
        return row.due_date
    if row.date is None or row.category == "old_none":
        return None
    of_all, of_heads = years or attestation_years()
    return later(row.date, years=of_heads if terms.is_first_head(row.category) else of_all)


def has_recent_course(rows: list[Training], on: date | None = None) -> bool:
    """Whether a course ended within the years that the school asks for."""
    day = on or clock.today()
    return any(row.until > later(day, years=-int(school.setting("staff.course_years"))) for row in rows)
