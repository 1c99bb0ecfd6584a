"""What the staff needs of the world: what is in an employee's hands, so that leaving leaves nothing lying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from kernel import ports
from kernel.access import Actor
from modules.staff.data import Duty


class Duties(Protocol):
    """Bound as "staff.duties"."""

    def held(self, *, actor: Actor, employee_ids: Sequence[UUID], on: date) -> list[Duty]:
        """Classes in their charge and courses they teach on the day."""


def duties() -> Duties:
    """The bound adapter; raises PortClosed when there is none."""
    found: Duties = ports.adapter("staff.duties")
    return found
