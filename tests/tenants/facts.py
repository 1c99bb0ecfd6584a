"""Committed figures, for tests that look from another tenant than the one that wrote them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from kernel import clock, tenancy
from kernel.tenancy import TenantRef
from tenants import rollups
from tenants.models import RollupFact, RollupFreshness
from tenants.rollups import Figure

_TABLES = ("rollupfact", "rollupnode", "rollupdelta", "rollupfreshness")


def commit(school: TenantRef, figures: Iterable[Figure]) -> None:
    """Write the school's figures past its rolled-back connection, as the owner; the triggers work all the same."""
    with tenancy.owner():
        RollupFact.objects.bulk_create(
            RollupFact(
                school_id=school.id,
                metric=f.metric,
                version=f.version,
                year=f.year,
                period=f.period,
                dimension=f.dimension,
                value=f.value,
                numerator=f.numerator,
                denominator=f.denominator,
                people=f.people,
                is_open=f.is_open,
                as_of=clock.now(),
            )
            for f in rollups.closed_where_small(figures)
        )
        RollupFreshness.objects.update_or_create(school_id=school.id, defaults={"refreshed_at": clock.now()})
        rollups.fold()


def clear() -> None:
    with tenancy.owner(), connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DELETE FROM public.tenants_{table}")
