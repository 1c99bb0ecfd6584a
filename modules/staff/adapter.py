"""Employees as other rooms ask for them through their ports; bound in the settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from kernel.access import Actor
from modules.staff import api


class Employees:
    """Serves contingent.ports.Employees."""

    def names(self, *, actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, str]:
        return {key: one.full_name for key, one in api.teachers(actor=actor, employee_ids=ids).items()}

    def choices(self, *, actor: Actor) -> list[tuple[UUID, str]]:
        return [(one.id, one.full_name) for one in api.employees(actor=actor)]
