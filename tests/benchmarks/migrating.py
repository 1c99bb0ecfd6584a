"""Migrations of many schemas: a column and an index against the raw SQL loop, how it grows, and nothing to do."""

from __future__ import annotations

import statistics
import time
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from kernel import clock, tenancy
from kernel.tenancy import Kind
from tenants import provisioning, roles, waves
from tenants.models import LedgerEntry
from tests.benchmarks.measure import against, alone

KIND = Kind.FAMILY  # small schemas: the figure is of the way, not of the tables
SIZES = (20, 100, 200)
ROUNDS = 3


def run() -> list[dict[str, Any]]:
    schemas: list[str] = []
    ours: dict[int, float] = {}
    idle: dict[int, float] = {}
    ratios: list[float] = []
    bare: list[float] = []
    took: list[float] = []
    waves.migrate()
    step = 0
    for size in SIZES:
        schemas += [provisioning.prepare_schema(KIND) for _each in range(size - len(schemas))]
        times = []
        for _each in range(ROUNDS):
            step += 1
            floor = raw_loop(schemas, f"bare_{step}")
            record(f"ours_{step}")
            begun = time.perf_counter()
            ran = waves.migrate()
            whole = time.perf_counter() - begun
            alone_ = sum(wave.seconds for wave in ran.waves)
            assert sum(wave.done for wave in ran.waves) >= size
            times.append(alone_ / size)
            if size == SIZES[-1]:
                ratios.append(whole / floor)
                bare.append(floor)
                took.append(whole)
        ours[size] = statistics.median(times)
        begun = time.perf_counter()
        waves.migrate()
        idle[size] = time.perf_counter() - begun
    most, least = SIZES[-1], SIZES[0]
    return [
        against(
            f"{most} schemas get a column and an index, all steps / raw psycopg loop",
            value=statistics.median(took),
            floor=statistics.median(bare),
            goal=1.5,
        ),
        against(
            f"Migration, one schema among {most} / among {least}",
            value=ours[most],
            floor=ours[least],
            goal=1.3,
        ),
        alone(f"Migration, nothing to do at {most} schemas", value=idle[most], goal=2, unit="s"),
        against(
            f"Migration, nothing to do at {most} schemas / at {least}",
            value=idle[most],
            floor=idle[least],
            goal=1.3,
        ),
    ]


def change(name: str) -> str:
    return f"ALTER TABLE identity_role ADD COLUMN {name} text; CREATE INDEX ON identity_role ({name})"


def record(name: str) -> None:
    """The migration as the template would have recorded it."""
    with tenancy.owner():
        template = f"template_{KIND}"
        roles.send([sql.SQL(f"SET search_path = {template}; {change(name)}; SET search_path = public")])  # type: ignore[arg-type]
        LedgerEntry.objects.create(
            kind=KIND,
            position=LedgerEntry.objects.filter(kind=KIND).count() + 1,
            app="*",
            name=name,
            sql=change(name),
            at=clock.now(),
        )


def raw_loop(schemas: list[str], name: str) -> float:
    """The same change sent to each schema by one connection, a transaction each: what a careful person would write."""
    database = settings.DATABASES["default"]
    with psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        dbname=database["NAME"],
        user=settings.DB_OWNER_USER,
        password=settings.DB_OWNER_PASSWORD,
        autocommit=True,
        cursor_factory=psycopg.ClientCursor,
    ) as server:
        begun = time.perf_counter()
        for schema in schemas:
            server.execute(
                f"BEGIN; SET LOCAL search_path = {schema}; SET LOCAL lock_timeout = '2s'; {change(name)};"
                f" INSERT INTO django_migrations (app, name, applied) VALUES ('identity', '{name}', now()); COMMIT"
            )
        return time.perf_counter() - begun
