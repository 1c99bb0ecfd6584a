"""New schools: how long the operator waits, and how far the making of a spare schema is from its bare DDL."""

from __future__ import annotations

import statistics
import time
from typing import Any

import psycopg
from django.db import connection, transaction

from kernel import tenancy
from kernel.tenancy import Kind
from tenants import provisioning
from tenants.models import LedgerEntry
from tests.benchmarks.measure import against, alone

ROUNDS = 11


def run() -> list[dict[str, Any]]:
    made: list[str] = []
    bare: list[float] = []
    ours: list[float] = []
    for n in range(ROUNDS):
        bare.append(_timed(lambda n=n: _bare_ddl(f"s_bare{n:06d}")))
        _drop(f"s_bare{n:06d}")
        ours.append(_timed(lambda: made.append(provisioning.prepare_schema(Kind.SCHOOL))))
    visible = [
        _timed(
            lambda n=n: provisioning.create_tenant(
                code=f"new-{n}", kind=Kind.SCHOOL, name_kk="Мектеп", name_ru="Школа", mode="test"
            )
        )
        for n in range(ROUNDS)
    ]
    _clean(made)
    return [
        alone("New school: what the operator waits for", value=statistics.median(visible), goal=50),
        against(
            "A spare schema, seeded, with its role / its DDL alone",
            value=statistics.median(ours),
            floor=statistics.median(bare),
            goal=1.2,
        ),
    ]


def _timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _bare_ddl(schema: str) -> None:
    """The same tables, sent as one message in one transaction: nobody is faster."""
    with tenancy.owner():
        ddl = "\n".join(
            LedgerEntry.objects.filter(kind=Kind.SCHOOL).order_by("position").values_list("sql", flat=True)
        )
        with transaction.atomic(), psycopg.ClientCursor(connection.connection) as cursor:
            cursor.execute(f"CREATE SCHEMA {schema}; SET LOCAL search_path = {schema};\n{ddl}")


def _drop(schema: str) -> None:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")


def _clean(schemas: list[str]) -> None:
    tenancy.forget()
    for schema in schemas:
        role = tenancy.role_name(schema)
        _drop(schema)
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute(f'DROP OWNED BY "{role}"')
            cursor.execute(f'DROP ROLE "{role}"')
