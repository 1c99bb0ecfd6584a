"""What comes up: birthdays, jubilees, attestation, courses, the age of retirement. For those who see everybody's cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max

from kernel import clock
from kernel.access import Actor, require
from modules.school import api as school
from modules.staff import permissions, terms
from modules.staff.models import Attestation, Employee, Training
from modules.staff.queries.people import employees
from modules.staff.queries.records import attestation_years, due
from modules.staff.queries.service import are_pedagogues
from modules.staff.rules.ages import birthdays, is_round, later, retirement


@dataclass(frozen=True, slots=True)
class Coming:
    """A day that concerns an employee. `years` is the age on it, `note` says more, `is_late` that it has passed."""

    employee_id: UUID
    name: str
    day: date | None
    years: int | None = None
    note: str = ""
    is_late: bool = False


def everybody(*, actor: Actor) -> list[Employee]:
    """All who work here, for the lists below."""
    require(actor, permissions.OVERVIEW)
    return list(employees(actor=actor))


def birthdays_between(
    people: Iterable[Employee], *, start: date, end: date, only_round: bool = False
) -> list[Coming]:
    """Birthdays between the days, with the age; jubilees alone when asked."""
    born = [(row, row.birth_date) for row in people if row.birth_date]
    return [
        Coming(row.pk, row.person_name.full, day, age)  # type: ignore[attr-defined]
        for day, age, row in birthdays(born, start, end)
        if not only_round or is_round(age)
    ]


def retirement_of(row: Employee) -> date | None:
    """When the employee reaches the age of retirement."""
    if row.birth_date is None:
        return None
    return retirement(row.birth_date, terms.retirement_norms(row.sex, row.retirement_ground))


def retiring(people: Iterable[Employee], *, until: date) -> list[Coming]:
    """Who has reached the age of retirement and works on, or reaches it by the day; the earliest first."""
    today = clock.today()
    found = []
    for row in people:
        day = retirement_of(row)
        if day is not None and day <= until:
            note = terms.name("preferential", row.retirement_ground) if row.retirement_ground else ""
            found.append(Coming(row.pk, row.person_name.full, day, None, note, day <= today))
    return sorted(found, key=lambda one: one.day or today)


def attestation_due(people: Iterable[Employee], *, until: date) -> list[Coming]:
    """Whose attestation is due by the day, overdue ones first."""
    today = clock.today()
    found, years = [], attestation_years()
    for row, line in _last_attestations({row.pk: row for row in people}):
        day = due(line, years)
        if day is not None and day <= until:
            name = terms.category_name(line.category)
            found.append(Coming(row.pk, row.person_name.full, day, None, name, day < today))
    return sorted(found, key=lambda one: one.day or today)


def _last_attestations(rows: dict[UUID, Employee]) -> Iterator[tuple[Employee, Attestation]]:
    lines = Attestation.objects.filter(employee_id__in=rows).exclude(date=None).order_by("date", "id")
    last = {line.employee_id: line for line in lines}
    return ((rows[key], line) for key, line in last.items())


def without_courses(people: Iterable[Employee]) -> list[Coming]:
    """Pedagogues whose last course ended longer ago than the school asks, those without any first."""
    today = clock.today()
    years = int(school.setting("staff.course_years"))
    rows = {row.pk: row for row in people}
    ids = are_pedagogues(rows, today)
    last: dict[UUID, date] = dict(
        Training.objects.filter(employee_id__in=ids)
        .values_list("employee_id")
        .annotate(last=Max("until"))
        .order_by()
    )
    late = [key for key in ids if key not in last or last[key] <= later(today, years=-years)]
    found = [Coming(key, rows[key].person_name.full, last.get(key), is_late=True) for key in late]
    order = {key: place for place, key in enumerate(rows)}
    return sorted(found, key=lambda one: (one.day or date.min, order[one.employee_id]))
