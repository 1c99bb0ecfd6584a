"""The staffing table against the posts that are held, and what leavers leave behind."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from kernel import clock
from kernel.access import Actor, require
from kernel.ports import PortClosed
from modules.staff import permissions, ports, terms
from modules.staff.data import Duty, HandOver, Vacancy
from modules.staff.models import Employee, Position, Staffing
from modules.staff.rules.vacancies import Rates, balance


def vacancies(*, actor: Actor, on: date | None = None) -> list[Vacancy]:
    """Every post that is approved or held on the day, in the order of posts; `vacant` says what is free."""
    require(actor, permissions.OVERVIEW)
    return _balances(list(Staffing.objects.all()), on or clock.today())


def vacant(*, actor: Actor) -> list[Vacancy]:
    """Posts that have free rates today; none as long as the staffing table is not filled in."""
    require(actor, permissions.OVERVIEW)
    approved = list(Staffing.objects.all())
    return [one for one in _balances(approved, clock.today()) if one.vacant] if approved else []


def _balances(lines: list[Staffing], day: date) -> list[Vacancy]:
    approved: dict[str, list[Rates]] = defaultdict(list)
    held: dict[str, list[Rates]] = defaultdict(list)
    for line in lines:
        approved[line.post_code].append(Rates(line.rates, line.since, line.until))
    for one in Position.objects.all():
        held[one.post_code].append(Rates(one.rate, one.since, one.until))
    found = []
    for code, __ in terms.posts():
        if code not in approved and code not in held:
            continue
        told = balance(approved[code], held[code], day)
        if told.approved or told.held:
            found.append(Vacancy(code, told.approved, told.held, told.since))
    return found


def staffing_lines(*, actor: Actor, post_code: str) -> list[Staffing]:
    """How the post was approved over time, the newest line first."""
    require(actor, permissions.OVERVIEW)
    return list(Staffing.objects.filter(post_code=post_code).order_by("-since"))


def duties_of(*, actor: Actor, employee_id: UUID) -> list[Duty]:
    """What is in one employee's hands today."""
    try:
        return ports.duties().held(actor=actor, employee_ids=[employee_id], on=clock.today())
    except PortClosed:
        return []


def hand_overs(*, actor: Actor, within: int = 31) -> list[HandOver]:
    """Who has left, or leaves within so many days, with classes and lessons still in their hands; by the last day."""
    require(actor, permissions.OVERVIEW)
    today = clock.today()
    rows = {
        row.pk: row
        for row in Employee.objects.filter(
            Q(left_date__lte=today + timedelta(days=within)), left_date__isnull=False
        )
    }
    try:
        duties = ports.duties().held(actor=actor, employee_ids=list(rows), on=today) if rows else []
    except PortClosed:
        return []
    by_person = defaultdict(list)
    for one in duties:
        by_person[one.employee_id].append(one)
    found = [
        HandOver(
            employee_id=key,
            name=rows[key].person_name.full,
            last_day=rows[key].left_date or today,
            duties=tuple(lines),
        )
        for key, lines in by_person.items()
    ]
    return sorted(found, key=lambda one: (one.last_day, one.name))
