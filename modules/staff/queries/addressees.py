"""Employees as a notice about a breach reaches them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from kernel.concerned import Addressee
from modules.staff.models import Employee


def employee_addressees(ids: Collection[UUID]) -> dict[UUID, Addressee]:
    """Employees by id, those who left too. Callers check the right."""
    return {
        one.pk: Addressee(one.person_name.full, one.iin, (one.phone,) if one.phone else ())
        for one in Employee.objects.filter(pk__in=list(ids))
    }
