"""What the contingent needs of the world: names of employees, to say who leads a class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol
from uuid import UUID

from kernel import ports
from kernel.access import Actor


class Employees(Protocol):
    """Bound as "contingent.employees"."""

    def names(self, *, actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, str]:
        """Full names of employees, those who left too."""

    def choices(self, *, actor: Actor) -> list[tuple[UUID, str]]:
        """Employees who work here, in Kazakh order."""


def employees() -> Employees:
    """The bound adapter; raises PortClosed when there is none."""
    found: Employees = ports.adapter("contingent.employees")
    return found
