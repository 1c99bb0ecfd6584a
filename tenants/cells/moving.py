"""A tenant taken to another cell while it is in use: made there, copied under a lock on writing, and the register turned over.

    prepare  schema, role and tables there, by the ledger              nobody notices
    freeze   SHARE on all its tables here: reading goes on, writers wait
    copy     table by table in one snapshot, read again there and compared
    turn     its role may neither write here nor sign in, and the register names the new cell: one transaction, when the
             tenant leaves the installation's own server. Who waited is told to try again, and finds it there
    clear    what stood here goes

Until the turn everything stands here: whatever ends the move, the lock ends with its connection, and the next move begins
anew. After it everything stands there, and the next move only clears. From a cell the turn is two transactions: ended
between them, the tenant only waits for the next move, which lets it in again first.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from kernel import clock, tenancy
from kernel.errors import DomainError
from kernel.tenancy import Server, TenantRef
from tenants import api, provisioning, roles, waves
from tenants.backups import taking
from tenants.cells import flows, services
from tenants.models import Cell, LedgerEntry, RollupFact, RollupFreshness, SchemaState, Tenant
from tenants.moments.ports import Report

HOME = "home"  # how the installation's own server is named
PATIENCE_MS = 10_000  # for the lock: whoever writes longer than this keeps the school where it is


class NoRoom(DomainError):
    message = "The cell {code} takes no more tenants."
    code = "no_room"


class Behind(DomainError):
    message = "{code} or the cell is behind the ledger: run mektep migrate first."
    code = "behind"


class InUse(DomainError):
    message = "Somebody writes in {code} for longer than {seconds} seconds; nothing was changed, try again."
    code = "in_use"


class CopyDiffers(DomainError):
    message = "What was copied is not what stands here: {tables}. Nothing was changed."
    code = "copy_differs"


@dataclass(slots=True)
class Moved:
    """What a move did, and how long each part took."""

    tenant: str
    cell: str
    rows: int = 0
    tables: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def work(self) -> float:
        """Making the tables and copying the rows: what a freeze is measured by."""
        return self.seconds.get("prepare", 0.0) + self.seconds.get("copy", 0.0)

    @property
    def freeze(self) -> float:
        return self.seconds.get("freeze", 0.0)


def move(ref: TenantRef, to: str, report: Report = lambda _: None) -> Moved:
    """Take the tenant to the cell. Raises UnknownCell, NoRoom, Behind, InUse, CopyDiffers; then it stands where it stood."""
    target = None if to == HOME else _open(to, ref)
    told = Moved(ref.code, to)
    if ref.server == (target.server if target else None):
        _clear(ref, report)  # a move that was ended after its turn
        return told
    there = replace(ref, server=target.server if target else None)
    with waves.alone():
        if target:
            flows.down(target.server)
        _let_in(ref)
        begun = time.perf_counter()
        _prepare(ref, there)
        told.seconds["prepare"] = time.perf_counter() - begun
        report(f"{ref.code}: the tables are made")
        _copy_and_turn(ref, there, target, told, report)
        if ref.server is not None:
            flows.up(ref.server)
        _clear(there, report)
        for cell in services.every():
            flows.down(cell.server)
            flows.letters(cell.server)
    return told


def _open(code: str, ref: TenantRef) -> Cell:
    cell = services.get(code)
    takes = cell.state == Cell.State.OPEN and services.filled()[code] < cell.capacity
    if ref.server != cell.server and not takes:
        raise NoRoom(code=code)
    return cell


def _prepare(ref: TenantRef, there: TenantRef) -> None:
    """The schema as the ledger makes it, empty, with its role; what an ended move left is made anew."""
    with tenancy.owner(ref):
        position = SchemaState.objects.values_list("position", flat=True).get(schema=ref.schema)
        made_by = taking.ledger_hash(ref, position)
        top = LedgerEntry.objects.filter(kind=ref.kind).count()
    _drop(there.schema, there.server)
    with tenancy.at(there.server), tenancy.owner(there, building=True), transaction.atomic():
        entries = list(LedgerEntry.objects.filter(kind=ref.kind).order_by("position"))
        if position != top or len(entries) != top or taking.ledger_hash(ref, position) != made_by:
            raise Behind(code=ref.code)
        roles.send(
            [
                sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(ref.schema)),
                sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(ref.schema)),
                *roles.new(ref.schema),
                *(provisioning.as_sql(entry.sql) for entry in entries),
                *roles.rights(ref.schema),
                *([] if ref.writes else roles.closed(ref.schema)),
            ]
        )


def _copy_and_turn(
    ref: TenantRef, there: TenantRef, target: Cell | None, told: Moved, report: Report
) -> None:
    with ExitStack() as stack:
        source = stack.enter_context(_connection(ref.server))
        begun = time.perf_counter()
        tables, sequences = _freeze(source, ref)
        told.seconds["lock"] = time.perf_counter() - begun
        frozen = time.perf_counter()
        goal = stack.enter_context(_connection(there.server))
        _copy(source, goal, ref.schema, tables, sequences, told)
        told.seconds["copy"] = time.perf_counter() - frozen
        _say_where(ref, there, goal)
        goal.commit()
        _turn(source, ref, target)
        told.seconds["freeze"] = time.perf_counter() - frozen
    api.forget_host()
    tenancy.forget(ref.schema)
    report(f"{ref.code}: {told.rows} rows stand in {told.cell}; writing waited {told.freeze:.2f} s")


def _connection(server: Server | None) -> psycopg.Connection[Any]:
    """The owner's, in a transaction of its own on either side."""
    here = settings.DATABASES["default"]
    return psycopg.connect(
        host=server.host if server else str(here["HOST"]),
        port=server.port if server else int(str(here["PORT"])),
        dbname=server.database if server else str(here["NAME"]),
        user=settings.DB_OWNER_USER,
        password=tenancy.owner_password(server),
    )


def _freeze(
    source: psycopg.Connection[Any], ref: TenantRef
) -> tuple[dict[str, list[str]], dict[str, tuple[int, bool]]]:
    """Let nobody write from now to the end of the transaction; answers the tables and where the numbers stand."""
    with tenancy.owner(ref):
        tables = taking.shape_of(ref.schema).tables
    source.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(PATIENCE_MS)))
    source.execute("SET LOCAL synchronize_seqscans = off")
    names = sql.SQL(", ").join(sql.Identifier(ref.schema, name) for name in tables)
    try:
        source.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(names))
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as failure:
        raise InUse(code=ref.code, seconds=PATIENCE_MS // 1000) from failure
    with tenancy.owner(ref):
        # Numbers are given outside of transactions: read when nobody takes one any more.
        return tables, taking.shape_of(ref.schema).sequences


def _copy(
    source: psycopg.Connection[Any],
    goal: psycopg.Connection[Any],
    schema: str,
    tables: dict[str, list[str]],
    sequences: dict[str, tuple[int, bool]],
    told: Moved,
) -> None:
    goal.execute("SET LOCAL session_replication_role = replica")
    goal.execute("SET LOCAL synchronize_seqscans = off")
    goal.execute(
        sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(sql.Identifier(schema, name) for name in tables))
    )
    hashes = {}
    for name, columns in tables.items():
        digest = hashlib.sha256()
        place = sql.SQL("{} ({})").format(
            sql.Identifier(schema, name), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with (
            source.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(place)) as out,
            goal.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(place)) as into,
        ):
            for row in out:
                digest.update(row)
                into.write(row)
                told.rows += 1
        hashes[name] = digest.hexdigest()
    for name, (last, called) in sequences.items():
        goal.execute("SELECT setval(%s::regclass, %s, %s)", [f'{schema}."{name}"', last, called])
    wrong = [name for name, columns in tables.items() if _hash(goal, schema, name, columns) != hashes[name]]
    if wrong:
        raise CopyDiffers(tables=", ".join(wrong))
    told.tables = len(tables)


def _hash(goal: psycopg.Connection[Any], schema: str, name: str, columns: list[str]) -> str:
    digest = hashlib.sha256()
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(schema, name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with goal.cursor().copy(statement) as out:
        for row in out:
            digest.update(row)
    return digest.hexdigest()


def _say_where(ref: TenantRef, there: TenantRef, goal: psycopg.Connection[Any]) -> None:
    """Its place in the ledger, for the waves there; and the figures it has, so that its own page shows them at once."""
    with tenancy.owner(ref):
        state = SchemaState.objects.get(schema=ref.schema)
        facts = list(RollupFact.objects.filter(school_id=ref.id))
        fresh = list(RollupFreshness.objects.filter(school_id=ref.id))
    goal.execute("DELETE FROM public.tenants_schemastate WHERE schema = %s", [ref.schema])
    goal.execute(
        "INSERT INTO public.tenants_schemastate (schema, kind, position, seeds, is_spare, changed_at)"
        " VALUES (%s, %s, %s, %s, false, %s)",
        [ref.schema, ref.kind.value, state.position, state.seeds, clock.now()],
    )
    if there.server is None:
        return  # the register has had them all the time
    with tenancy.at(there.server), tenancy.owner(), transaction.atomic():
        RollupFact.objects.filter(school_id=ref.id).delete()
        for fact in facts:
            fact.pk = None
        RollupFact.objects.bulk_create(facts)
        RollupFreshness.objects.bulk_create(fresh, ignore_conflicts=True)


def _turn(source: psycopg.Connection[Any], ref: TenantRef, target: Cell | None) -> None:
    """Whoever waits for the lock finds no right to write when it is gone, and signs in where the register says."""
    role = tenancy.role_name(ref.schema)
    source.execute(
        roles.on_all("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}", roles.TABLES, ref.schema, role)
    )
    source.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(role)))
    if ref.server is None:
        cell = target.code if target else None
        source.execute("UPDATE public.tenants_tenant SET cell_id = %s WHERE id = %s", [cell, ref.id])
    source.commit()
    if ref.server is not None:
        with tenancy.owner():
            Tenant.objects.filter(pk=ref.id).update(cell=target)
    _end_sessions(ref)


def _let_in(ref: TenantRef) -> None:
    """Give back what an ended turn took."""
    with tenancy.at(ref.server), tenancy.owner():
        roles.send(
            [
                sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(tenancy.role_name(ref.schema))),
                *roles.rights(ref.schema),
                *([] if ref.writes else roles.closed(ref.schema)),
            ]
        )


def _end_sessions(ref: TenantRef) -> None:
    with tenancy.at(ref.server), tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
            [tenancy.role_name(ref.schema)],
        )


def _clear(ref: TenantRef, report: Report) -> None:
    """Remove what is left of the tenant in every cell but its own."""
    places: list[Server | None] = [None, *(cell.server for cell in services.every())]
    for place in places:
        if place == ref.server:
            continue
        if _drop(ref.schema, place):
            report(f"{ref.code}: what stood {'at home' if place is None else f'in {place.cell}'} is gone")


def _drop(schema: str, server: Server | None) -> bool:
    with tenancy.at(server), tenancy.owner(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [schema])
        stood = bool(cursor.fetchone()[0])
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)).as_string())
        cursor.execute("DELETE FROM public.tenants_schemastate WHERE schema = %s", [schema])
    with tenancy.at(server):
        roles.drop(tenancy.role_name(schema))
    return stood
