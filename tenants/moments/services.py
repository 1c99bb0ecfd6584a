"""One tenant put back to a moment, and the proof that the whole cell can be: from the copy of the server and its WAL."""

from __future__ import annotations

import hashlib
import secrets
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from kernel import clock, ports, tenancy
from kernel.errors import DomainError
from kernel.tenancy import TenantRef
from tenants import api
from tenants.backups import restoring, taking
from tenants.backups.pace import in_background
from tenants.models import Backup, SchemaState
from tenants.moments import scratch
from tenants.moments.ports import Archive, Base, Report

PATIENCE = 60.0  # seconds: as long as a server may keep WAL to itself (KZ-61)
TRIES = 5


class NotYet(DomainError):
    message = "{at:%d.%m.%Y %H:%M:%S} is still to come."
    code = "not_yet"


class NotThere(DomainError):
    message = "{code} had no tables at that moment."
    code = "not_there"


class Elsewhere(DomainError):
    message = "{code} stands in another cell: put it back there, from the archive of that cell."
    code = "elsewhere"


class NotArchived(DomainError):
    message = "The server does not hand over its WAL: {why}. See `mektep cell configure`."
    code = "not_archived"


class NeverStill(DomainError):
    message = "The schools are at work: not one stood still while it was looked at. Drill at night."
    code = "never_still"


class OtherContent(DomainError):
    message = "What was recovered is not what stood there at that moment: {tables}"
    code = "other_content"


def archive() -> Archive:
    """The archive of this cell, as the settings bind it. Raises PortClosed when it has none."""
    found: Archive = ports.adapter("tenants.archive")
    return found


def configure() -> list[str]:
    """Tell the server to hand its WAL over; answers which settings wait for its restart."""
    wanted = {
        "wal_level": "replica",
        "archive_mode": "on",
        "archive_timeout": "60",
        "max_wal_senders": "4",
        **archive().prepare(),
    }
    with tenancy.owner(), connection.cursor() as cursor:
        for name, value in wanted.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            if cursor.fetchone()[0] in (value, "replica", "logical", "1min") and name != "archive_command":
                continue
            statement = sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            cursor.execute(statement.as_string())
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute(
            "SELECT count(*) FROM pg_settings WHERE name = 'archive_mode' AND setting = 'off'"
            " OR name = 'wal_level' AND setting = 'minimal' OR name = 'max_wal_senders' AND setting = '0'"
        )
        waits = bool(cursor.fetchone()[0])
    return ["wal_level", "archive_mode", "max_wal_senders"] if waits else []


def take(report: Report = lambda _: None) -> Base:
    """Copy the whole cell; noted in the register of backups, whatever becomes of it."""
    with taking.noted(tenancy.PUBLIC, Backup.Act.TAKEN, Path("cell")) as line:
        base = archive().take(report)
        line.folder, line.bytes = base.label[:40], base.bytes
    return base


def hand_over(store: Archive) -> None:
    """Bring all that is committed by now into the archive. Raises NotArchived."""
    with tenancy.owner(), connection.cursor() as cursor:
        # A commit after the moment is what tells the recovery that it has arrived.
        cursor.execute("SELECT txid_current()")
        cursor.execute("SELECT pg_walfile_name(pg_switch_wal())")
        segment = cursor.fetchone()[0]
        until = time.monotonic() + PATIENCE
        store.collect()
        while not store.covers(segment):
            if time.monotonic() > until:
                cursor.execute("SELECT coalesce(last_failed_wal, 'none failed') FROM pg_stat_archiver")
                raise NotArchived(why=f"{segment} has not come, {cursor.fetchone()[0]}")
            time.sleep(0.2)
            store.collect()


def restore(
    ref: TenantRef, at: datetime, report: Report = lambda _: None, *, gently: bool = False
) -> dict[str, Any]:
    """Put the tenant back to the moment, while the others work; what is never turned back stays (decision 0025).

    Raises NotYet, Elsewhere, NoBase, NotThere, NotArchived, and what restoring.restore does; then everything stands as it stood.
    """
    if at > clock.now():
        raise NotYet(at=at)
    if ref.server is not None:
        raise Elsewhere(code=ref.code)
    store = archive()
    hand_over(store)
    with in_background(gently), scratch.instance(store, at, report) as server:
        then = replace(ref, server=server)
        try:
            folder = taking.take(then, report, moment=at)
        except SchemaState.DoesNotExist:
            raise NotThere(code=ref.code) from None
    return restoring.restore(ref, folder, report, gently=gently) | {"backup": folder.name}


def drill(count: int = 3, report: Report = lambda _: None) -> dict[str, Any]:
    """Recover the whole cell aside to a moment just past, and compare schools by lot with what stood there, row by row.

    A school counts when it stood still around the moment. Raises NeverStill when none did, OtherContent when one differs.
    """
    store, begun = archive(), time.perf_counter()
    at, stood = _standing_still(count)
    hand_over(store)
    with scratch.instance(store, at, report) as server:
        recovered = time.perf_counter() - begun
        rows = [_compared(ref, server, wanted, at) for ref, wanted in stood]
    wrong = [f"{row['tenant']}: {', '.join(row['differ'])}" for row in rows if row["differ"]]
    with taking.noted(tenancy.PUBLIC, Backup.Act.DRILLED, Path(f"{at:%Y%m%dT%H%M%S}")):
        if wrong:
            raise OtherContent(tables="; ".join(wrong))
    return {"at": at, "recovered_s": round(recovered, 1), "schools": [row["tenant"] for row in rows]}


def _standing_still(count: int) -> tuple[datetime, list[tuple[TenantRef, dict[str, str]]]]:
    """Tenants by lot with what is in them, and a moment before and after which that was the same."""
    for _each in range(TRIES):
        every = [ref for ref in api.all_living() if ref.server is None]
        chosen = secrets.SystemRandom().sample(every, min(count, len(every)))
        before = [(ref, content(ref)) for ref in chosen]
        at = clock.now()
        time.sleep(0.05)  # the clocks of the machine and of the server are apart by less
        still = [(ref, found) for ref, found in before if content(ref) == found]
        if still:
            return at, still
    raise NeverStill


def _compared(ref: TenantRef, server: tenancy.Server, wanted: dict[str, str], at: datetime) -> dict[str, Any]:
    found = content(replace(ref, server=server))
    differ = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    with suppress(OtherContent), taking.noted(ref, Backup.Act.DRILLED, Path(f"{at:%Y%m%dT%H%M%S}")):
        if differ:
            raise OtherContent(tables=", ".join(differ))
    return {"tenant": ref.code, "tables": len(wanted), "differ": differ}


def content(ref: TenantRef) -> dict[str, str]:
    """The hash of every table's rows as they lie, in one snapshot."""
    found = {}
    with tenancy.owner(ref), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL synchronize_seqscans = off")
        for name, columns in taking.shape_of(ref.schema).tables.items():
            digest = hashlib.sha256()
            for row in taking.copied(ref.schema, name, columns):
                digest.update(row)
            found[name] = digest.hexdigest()
    return found
