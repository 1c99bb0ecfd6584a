"""Figures pass between tenants only when committed, so these tests commit, and clear the figures afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from kernel import tenancy
from kernel.tenancy import TenantRef
from tests.tenants import facts


@pytest.fixture
def committed(
    _refs: dict[str, TenantRef], django_db_blocker: pytest.FixtureRequest
) -> Iterator[dict[str, TenantRef]]:
    """The tenants by code, with nothing rolled back: only figures may be written, and they are removed."""
    with django_db_blocker.unblock():
        try:
            yield _refs
        finally:
            facts.clear()
            tenancy.forget()


def mismatches() -> int:
    """How many sums differ from the facts below them."""
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute("SELECT public.tenants_rollup_mismatches()")
        return int(cursor.fetchone()[0])
