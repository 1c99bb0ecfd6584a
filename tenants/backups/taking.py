"""A backup of one tenant: every table by COPY in one snapshot, at a cost that does not grow with the number of schools."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from identity import policy
from kernel import clock, files, tenancy
from kernel.tenancy import TenantRef
from tenants.backups import archive
from tenants.backups.archive import Manifest, Table
from tenants.models import Backup, LedgerEntry, SchemaState

Report = Callable[[str], None]
POOL = "files"  # bytes of files never change under a name: all backups of a tenant share them

_RELATIONS = """
SELECT c.relname, c.relkind,
       array(SELECT a.attname FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum),
       CASE WHEN c.relkind = 'S' THEN pg_sequence_last_value(c.oid) END
FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_namespace'::regclass
  AND d.refobjid = to_regnamespace(%s) AND c.relkind IN ('r', 'S') ORDER BY c.relname
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """The tables of a schema with their columns, and its sequences with their last values."""

    tables: dict[str, list[str]]
    sequences: dict[str, tuple[int, bool]]


def folder_of(ref: TenantRef) -> Path:
    return Path(settings.BACKUP_FOLDER) / ref.schema


def take(ref: TenantRef, report: Report = lambda _: None, *, moment: datetime | None = None) -> Path:
    """Take a backup; answer its folder. It is noted in the register of backups, whatever becomes of it.

    `moment` is said when the tenant is read from a server that was recovered to one (tenants.moments).
    """
    at, begun = clock.now(), perf_counter()
    target = folder_of(ref) / f"{at:%Y%m%dT%H%M%S%f}"
    target.mkdir(parents=True, mode=0o700)
    with noted(ref, Backup.Act.TAKEN, target) as line:
        manifest = _write(ref, target, report, moment)
        line.rows, line.bytes = manifest.rows, manifest.size
    report(f"{ref.code}: {manifest.rows} rows in {perf_counter() - begun:.1f} s")
    return target


def _write(ref: TenantRef, target: Path, report: Report, moment: datetime | None) -> Manifest:
    key, sealed = archive.new_key()
    tables = []
    with tenancy.owner(ref), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # A scan begins at the beginning: a table filled from the file gives the same text again.
            cursor.execute("SET LOCAL synchronize_seqscans = off")
        at = moment or clock.now()
        position = SchemaState.objects.values_list("position", flat=True).get(schema=ref.schema)
        ledger = ledger_hash(ref, position)
        shape = shape_of(ref.schema)
        for number, (name, columns) in enumerate(shape.tables.items(), 1):
            count, size, digest = archive.store(target, name, key, copied(ref.schema, name, columns))
            tables.append(Table(name, columns, count, size, digest))
            if number % 20 == 0:
                report(f"{ref.code}: {number} of {len(shape.tables)} tables")
        _pool(ref)
    manifest = Manifest(
        tenant=ref.code,
        kind=ref.kind.value,
        schema=ref.schema,
        taken_at=at,
        position=position,
        ledger=ledger,
        key=sealed,
        tables=tables,
        sequences=shape.sequences,
    )
    archive.write_manifest(target, manifest)
    return manifest


def shape_of(schema: str) -> Shape:
    with connection.cursor() as cursor:
        cursor.execute(_RELATIONS, [schema])
        rows = cursor.fetchall()
    return Shape(
        {name: list(columns) for name, kind, columns, __ in rows if kind == "r"},
        {name: (last or 1, last is not None) for name, kind, __, last in rows if kind == "S"},
    )


def copied(schema: str, table: str, columns: list[str]) -> Iterator[bytes | memoryview]:
    """The COPY text of a table, row by row, in the order in which the rows lie."""
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
        sql.Identifier(schema, table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield from copy


def ledger_hash(ref: TenantRef, position: int) -> str:
    """Of the statements that made the tables: equal hashes, equal tables."""
    digest = hashlib.sha256()
    for text in (
        LedgerEntry.objects.filter(kind=ref.kind, position__lte=position)
        .order_by("position")
        .values_list("sql", flat=True)
    ):
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def _pool(ref: TenantRef) -> None:
    """Bring bytes that no backup has yet into the tenant's pool; they are closed with keys that stand in sealed rows."""
    pool = folder_of(ref) / POOL
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('kernel_storedfile')")
        if cursor.fetchone()[0] is None:
            return
        cursor.execute("SELECT path FROM kernel_storedfile")
        paths = [row[0] for row in cursor.fetchall()]
    for path in paths:
        place = pool / path
        if place.exists():
            continue
        content = files.closed_bytes(ref.schema, path)
        if content is not None:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = place.with_suffix(".tmp")
            draft.write_bytes(content)
            draft.rename(place)


def whole(ref: TenantRef) -> list[Path]:
    """The tenant's backups that were finished, newest first."""
    found = folder_of(ref).glob("*/manifest.json")
    return sorted((path.parent for path in found), reverse=True)


def forget(ref: TenantRef) -> int:
    """Remove every backup of a tenant that is destroyed; answers how many there were. Twice is as once."""
    count = len(whole(ref))
    shutil.rmtree(folder_of(ref), ignore_errors=not folder_of(ref).exists())
    return count


def thin_out(ref: TenantRef) -> list[str]:
    """Remove what need not be kept: answers which. The newest always stays, and what was never finished goes after a day."""
    kept = set(_to_keep([path.name for path in whole(ref)]))
    gone = []
    for path in folder_of(ref).glob("*"):
        is_young = path.name[:8] >= f"{clock.now() - timedelta(days=1):%Y%m%d}"
        if path.name == POOL or path.name in kept or (is_young and not (path / "manifest.json").exists()):
            continue
        shutil.rmtree(path)
        gone.append(path.name)
    return sorted(gone)


def _to_keep(names: list[str]) -> Iterator[str]:
    """Of names that begin with their day, newest first: as the policy's terms say, all, the last of a month, of a year."""
    terms = policy.terms()
    oldest = f"{clock.now() - timedelta(days=terms.backup_days):%Y%m%d}"
    months: dict[str, str] = {}
    years: dict[str, str] = {}
    for name in names:
        if name[:8] >= oldest or name == names[0]:
            yield name
        months.setdefault(name[:6], name)
        years.setdefault(name[:4], name)
    yield from list(months.values())[: terms.backup_months]
    yield from list(years.values())[: terms.backup_years]


@contextmanager
def noted(ref: TenantRef, act: Any, folder: Path) -> Iterator[Backup]:
    """Note in the register of backups what is done in the block, and how it ended. Counts only."""
    begun = perf_counter()
    line = Backup(tenant_id=ref.id, act=act, folder=folder.name, at=clock.now())
    try:
        yield line
        line.outcome = "ok"
    except BaseException as failure:
        line.outcome, line.fault = "failed", type(failure).__name__
        raise
    finally:
        line.seconds = perf_counter() - begun
        with tenancy.at(None), tenancy.owner():
            line.save(force_insert=True)
