"""Waves of migrations: a schema is old or new and never between, whatever holds it, fails it or kills the run."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker
from typer.testing import CliRunner

from kernel import clock, tenancy
from kernel.tenancy import Kind, TenantRef
from tenants import cli, provisioning, roles, waves
from tenants.models import LedgerEntry, SchemaState

pytestmark = pytest.mark.requirement("TEN-05")
ROOT = Path(__file__).resolve().parents[2]
KIND = Kind.FAMILY  # the kind with the fewest tables
SLOW = "; SELECT pg_sleep(0.04)"
KILLS = int(os.environ.get("MEKTEP_KILLS", "3"))  # fifty once, by hand


def run(statement: str, *values: object) -> list[tuple[Any, ...]]:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def shape(schema: str) -> list[tuple[Any, ...]]:
    """Every column, index and right of the tenant's role in the schema, without the schema's own name."""
    role = tenancy.role_name(schema)
    rows = run(
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, c.relacl::text"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'i') ORDER BY 1, a.attnum",
        schema,
    )
    return [(*row[:4], (row[4] or "").replace(role, "ROLE")) for row in rows]


@pytest.fixture
def fleet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[int], list[str]]]:
    """Prepared schemas of the smallest kind, whose ledger a test may lengthen; all as before afterwards."""
    made: list[str] = []

    def make(count: int) -> list[str]:
        made.extend(provisioning.prepare_schema(KIND) for _each in range(count))
        return sorted(made)

    with django_db_blocker.unblock():
        top = newest()
        others = [
            row[0] for row in run("SELECT schema FROM public.tenants_schemastate WHERE kind = %s", KIND.value)
        ]
        yield make
        tenancy.forget()
        for schema in made:
            run(f'DROP SCHEMA "{schema}" CASCADE')
            roles.drop(tenancy.role_name(schema))
            run("DELETE FROM public.tenants_schemastate WHERE schema = %s", schema)
        for schema in [*others, f"template_{KIND}"]:
            run(
                f"ALTER TABLE {schema}.identity_role DROP COLUMN IF EXISTS colour, DROP COLUMN IF EXISTS size"
            )
            run(f"DROP TABLE IF EXISTS {schema}.identity_colour")
            run("UPDATE public.tenants_schemastate SET position = %s WHERE schema = %s", top, schema)
        run("DELETE FROM public.tenants_ledgerentry WHERE kind = %s AND position > %s", KIND.value, top)


def newest() -> int:
    with tenancy.owner():
        return LedgerEntry.objects.filter(kind=KIND).count()


def record(statement: str) -> None:
    """A new migration: run on the template, recorded for the others."""
    template = f"template_{KIND}"
    with tenancy.owner():
        roles.send([sql.SQL(f"SET search_path = {template}; {statement}; SET search_path = public")])  # type: ignore[arg-type]
        LedgerEntry.objects.create(
            kind=KIND,
            position=LedgerEntry.objects.filter(kind=KIND).count() + 1,
            app="*",
            name="test",
            sql=statement,
            at=clock.now(),
        )


COLUMN = "ALTER TABLE identity_role ADD COLUMN colour text NOT NULL DEFAULT ''; CREATE INDEX ON identity_role (colour)"


def positions(schemas: list[str]) -> set[int]:
    with tenancy.owner():
        return set(SchemaState.objects.filter(schema__in=schemas).values_list("position", flat=True))


def test_goes_through_the_waves_in_their_order(fleet: Callable[[int], list[str]]) -> None:
    schemas = fleet(6)
    record(COLUMN)
    told = waves.preview().told()
    assert [wave["name"] for wave in told["waves"]] == ["canary", "5 %", "all"]
    assert sum(wave["behind"] for wave in told["waves"]) == 7  # six and the family's own
    assert positions(schemas) == {newest() - 1}
    ran = waves.migrate()
    assert [(wave.name, wave.failed) for wave in ran.waves] == [("canary", {}), ("5 %", {}), ("all", {})]
    assert sum(wave.done for wave in ran.waves) == 7
    assert {str(shape(one)) for one in schemas} == {str(shape(schemas[0]))}
    assert ("identity_role", "colour", "text", True) in [line[:4] for line in shape(schemas[0])]
    assert sum(len(wave.behind) for wave in waves.migrate().waves) == 0


def test_a_new_table_comes_with_its_rights(fleet: Callable[[int], list[str]]) -> None:
    [schema] = fleet(1)
    record("CREATE TABLE identity_colour (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text)")
    waves.migrate()
    fresh = provisioning.prepare_schema(KIND)
    assert shape(schema) == shape(fresh)
    run(f'DROP SCHEMA "{fresh}" CASCADE')
    roles.drop(tenancy.role_name(fresh))
    run("DELETE FROM public.tenants_schemastate WHERE schema = %s", fresh)


def test_one_that_fails_is_named_and_holds_the_next_wave_back(fleet: Callable[[int], list[str]]) -> None:
    schemas = fleet(6)
    record(COLUMN)
    # The first canary has the column already: somebody tried by hand.
    canary = next(
        one.schema for one in dict(waves._waves(waves._places()))["canary"] if one.schema in schemas
    )
    run(f"ALTER TABLE {canary}.identity_role ADD COLUMN colour text")
    before = shape(canary)
    with pytest.raises(waves.SchemasBehind) as behind:
        waves.migrate()
    assert behind.value.run.failed == [canary]
    assert shape(canary) == before
    held = set(behind.value.run.held_back)
    assert held
    assert positions(sorted(held)) == {newest() - 1}
    done = CliRunner().invoke(cli.app, ["migrate", "--json", "--go-on"])
    assert done.exit_code == 1
    assert canary in done.stderr
    assert positions([one for one in schemas if one != canary]) == {newest()}
    assert sum(len(wave["failed"]) for wave in json.loads(done.stdout)["waves"]) == 1
    run(f"ALTER TABLE {canary}.identity_role DROP COLUMN colour")
    assert waves.migrate().failed == []


def aside() -> psycopg.Connection:
    database = settings.DATABASES["default"]
    return psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        dbname=database["NAME"],
        user=settings.DB_OWNER_USER,
        password=settings.DB_OWNER_PASSWORD,
    )


def test_a_table_in_use_is_tried_again_and_its_readers_go_on(fleet: Callable[[int], list[str]]) -> None:
    schemas = fleet(3)
    record(COLUMN)
    said: list[str] = []
    with aside() as reader:
        reader.execute(f"SELECT count(*) FROM {schemas[0]}.identity_role")

        def report(line: str) -> None:
            said.append(line)
            if "tried again" in line:
                assert reader.execute(f"SELECT count(*) FROM {schemas[0]}.identity_role").fetchone()
                reader.rollback()

        ran = waves.migrate(report, lock_ms=150, pause=0.05)
    assert any("tried again" in line for line in said)
    assert ran.failed == []
    assert positions(schemas) == {newest()}


def test_two_runs_never_meet(fleet: Callable[[int], list[str]]) -> None:
    with aside() as other:
        other.execute("SELECT pg_advisory_lock(7004, 1)")
        with pytest.raises(waves.AnotherRun):
            waves.migrate()
        other.execute(
            "SELECT pg_advisory_unlock(7004, 1)"
        )  # the server takes its time with a connection that is closed
    waves.migrate()


def test_a_school_that_only_reads_keeps_its_wall_through_a_migration(
    committed_school: Callable[..., TenantRef],
) -> None:
    from tenants.lifecycle import services

    school = committed_school()
    services.suspend(code=school.code, to="read_only", letter="№ 1")
    before = shape(school.schema)
    run("UPDATE public.tenants_schemastate SET seeds = 'old' WHERE schema = %s", school.schema)
    waves.migrate()
    assert shape(school.schema) == before


CHILD = """
import django
django.setup()
from django.conf import settings
from tenants import waves
waves.migrate(lambda line: print(line, flush=True))
"""


def child() -> subprocess.Popen[str]:
    """The run in a process of its own, on this worker's database."""
    database = settings.DATABASES["default"]
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "MEKTEP_MODE": "test",
        "MEKTEP_SECRET_KEY": settings.SECRET_KEY,
        "MEKTEP_CELL_KEY": settings.CELL_KEY,
        "MEKTEP_DB_HOST": str(database["HOST"]),
        "MEKTEP_DB_PORT": str(database["PORT"]),
        "MEKTEP_DB_NAME": str(database["NAME"]),
        "MEKTEP_DB_ROLE_PREFIX": settings.DB_ROLE_PREFIX,
        "MEKTEP_DB_OWNER_USER": settings.DB_OWNER_USER,
        "MEKTEP_DB_OWNER_PASSWORD": settings.DB_OWNER_PASSWORD,
        "MEKTEP_LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen(
        [sys.executable, "-c", CHILD],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


@pytest.mark.requirement("SUP-08")
def test_killed_at_random_every_schema_is_whole_and_the_next_run_ends_it(
    fleet: Callable[[int], list[str]],
) -> None:
    schemas = fleet(4 * KILLS)
    old = shape(schemas[0])
    record(COLUMN + SLOW)
    dice = random.Random()
    seen: set[int] = set()
    for _each in range(KILLS):
        working = child()
        assert working.stdout is not None
        for line in working.stdout:
            if re.match(r"(canary|5 %|all): \d+ of", line):
                break
        time.sleep(dice.uniform(0.0, 0.35))
        working.kill()
        working.communicate()
        # The server ends what it was told last; what that was, is whole.
        while run(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND usename = current_user AND state <> 'idle' AND query LIKE '%%pg_sleep%%'"
        ):
            time.sleep(0.02)
        new = None
        count = 0
        for schema in schemas:
            now = shape(schema)
            if now != old:
                new = new or now
                assert now == new
                count += 1
                assert positions([schema]) == {newest()}
            else:
                assert positions([schema]) == {newest() - 1}
        seen.add(count)
    assert seen != {0}, "killed too early each time: nothing was tried"
    done = child()
    __, trouble = done.communicate(timeout=120)
    assert done.returncode == 0, trouble
    assert {str(shape(one)) for one in schemas} == {str(shape(schemas[0]))}
    assert shape(schemas[0]) != old
