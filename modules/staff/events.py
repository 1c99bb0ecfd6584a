"""What the staff room tells the others."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class EmployeeTaken(Event):
    """Somebody works here from that day on."""

    name = "staff.employee.taken.v1"
    employee_id: str
    since: str


@dataclass(frozen=True, kw_only=True)
class EmployeesTaken(Event):
    """Many employees came at once from a spreadsheet; the same fact as EmployeeTaken, told once."""

    name = "staff.employees.taken.v1"
    employee_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EmployeeLeft(Event):
    """Somebody works here no more; the last day was `on`."""

    name = "staff.employee.left.v1"
    employee_id: str
    on: str


@dataclass(frozen=True, kw_only=True)
class LeavesChanged(Event):
    """Leaves or other absences of these employees were given, corrected or taken back; the door `leaves` tells them."""

    name = "staff.leaves.changed.v1"
    employee_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PhonesChanged(Event):
    """Other numbers stand on these employees' cards; the cards say which."""

    name = "staff.phones.changed.v1"
    employee_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EmployeesWithdrawn(Event):
    """A load was taken back: these employees have never been here."""

    name = "staff.employees.withdrawn.v1"
    employee_ids: tuple[str, ...]
