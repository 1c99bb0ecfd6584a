"""Length of service: what it is counted from, for one employee or for all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from kernel import clock
from kernel.access import Actor
from modules.school import api as school
from modules.staff import terms
from modules.staff.models import Employee, Leave, Position, WorkPeriod
from modules.staff.queries.people import get_employee, on_day
from modules.staff.rules.service import Kind, Options, Service, Stretch, band, service, with_stated

CHILD_CARE_LEAVE = "child_care"


@dataclass(slots=True)
class Papers:
    """What an employee's service is counted from."""

    stretches: list[Stretch] = field(default_factory=list)
    leaves: list[Stretch] = field(default_factory=list)
    post: str = ""


def options() -> Options:
    """What this school has decided about what the law leaves open."""
    return Options(
        military=bool(school.setting("staff.military_is_pedagogical")),
        child_care=bool(school.setting("staff.child_care_is_pedagogical")),
    )


def papers(rows: Iterable[Employee], on: date) -> dict[UUID, Papers]:
    """Posts here, work before, leaves to care for a child, and the main post of the day; three queries for any number."""
    employees = list(rows)
    ids = [row.pk for row in employees]
    found: dict[UUID, Papers] = defaultdict(Papers)
    place = school.profile(on=on).short
    rates: dict[UUID, object] = {}
    for one in Position.objects.filter(employee_id__in=ids).order_by("since", "id"):
        held = found[one.employee_id]
        held.stretches.append(
            Stretch(
                one.since,
                one.until,
                Kind.PEDAGOGICAL if terms.is_pedagogical(one.post_code) else Kind.OTHER,
                one.post_code,
                terms.post_name(one.post_code),
                place,
                is_here=True,
            )
        )
        runs = one.since <= on and (one.until is None or one.until >= on)
        if runs and (one.form == Position.Form.MAIN, one.rate) > rates.get(one.employee_id, (False, 0)):  # type: ignore[operator]
            rates[one.employee_id] = (one.form == Position.Form.MAIN, one.rate)
            held.post = one.post_code
    for work in WorkPeriod.objects.filter(employee_id__in=ids).order_by("since", "id"):
        found[work.employee_id].stretches.append(
            Stretch(
                work.since,
                work.until,
                work.kind,
                work.post_code,
                work.post or (terms.post_name(work.post_code) if work.post_code else work.get_kind_display()),
                work.organisation,
            )
        )
    for leave in Leave.objects.filter(employee_id__in=ids, kind=CHILD_CARE_LEAVE).order_by("since", "id"):
        found[leave.employee_id].leaves.append(
            Stretch(
                leave.since, leave.until, Kind.CHILD_CARE, post_label=terms.name("leave_kinds", leave.kind)
            )
        )
    for row in employees:
        found[row.pk].stretches = [
            replace(one, post_label=_("as the card states, without papers")) if one.is_stated else one
            for one in with_stated(found[row.pk].stretches, row.teaching_since)
        ]
    return found


def services(rows: Sequence[Employee], on: date | None = None) -> dict[UUID, Service]:
    """The service of each employee on the day. Callers have checked the right to the list."""
    day = on or clock.today()
    told = options()
    return {
        key: service(held.stretches, day, post=held.post, leaves=held.leaves, options=told)
        for key, held in papers(rows, day).items()
    }


def service_of(*, actor: Actor, employee_id: UUID, on: date | None = None) -> Service:
    """One employee's service, with the right to the card."""
    row = get_employee(actor=actor, employee_id=employee_id)
    return services([row], on)[row.pk]


def pay_band(told: Service, *, is_pedagogue: bool) -> tuple[int, int | None]:
    """The band of pay: by pedagogical service for pedagogues, by all service for others."""
    return band((told.pedagogical if is_pedagogue else told.general).total)


def are_pedagogues(employee_ids: Iterable[UUID], on: date) -> set[UUID]:
    """Those of them who hold a post of pedagogues on the day."""
    rows = Position.objects.filter(on_day(on), employee_id__in=list(employee_ids))
    return {key for key, code in rows.values_list("employee_id", "post_code") if terms.is_pedagogical(code)}
