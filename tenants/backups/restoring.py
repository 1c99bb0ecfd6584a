"""One tenant as its backup has it, while the others work: built beside, compared, then put in place in one transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from kernel import files, tenancy
from kernel.errors import DomainError
from kernel.tenancy import TenantRef
from tenants import api, provisioning, roles, waves
from tenants.backups import archive, taking
from tenants.backups.archive import BadArchive, Manifest
from tenants.backups.pace import READ, WRITTEN, Pace, in_background
from tenants.models import Backup, LedgerEntry, SchemaState

log = structlog.get_logger(__name__)
Report = Callable[[str], None]
# What is never turned back: the logs, how far they have left the cell, and the letter box with its keys. They are
# taken from the schema that is replaced, when it can still be read.
KEPT = (
    "kernel_auditentry",
    "kernel_viewentry",
    "kernel_feedposition",
    "kernel_keypair",
    "kernel_takenletter",
)
# Ways in that may have been taken away since: everybody signs in anew.
EMPTIED = ("identity_session", "identity_apitoken")
_NUMBERS_GO_ON = """
SELECT setval(after::regclass, pg_sequence_last_value(before::regclass))
FROM (SELECT pg_get_serial_sequence(%(old)s, 'id') AS before, pg_get_serial_sequence(%(new)s, 'id') AS after) s
WHERE before IS NOT NULL AND after IS NOT NULL AND pg_sequence_last_value(before::regclass) IS NOT NULL
"""


class NotOfThisTenant(DomainError):
    message = "The backup {folder} is of the schema {schema}, and {code} has another."
    code = "not_of_this_tenant"


class OtherLedger(DomainError):
    message = (
        "The backup {folder} was taken of tables made by statements that this installation does not have."
    )
    code = "other_ledger"


class Differs(DomainError):
    message = "What was restored is not what the backup says: {tables}"
    code = "differs"


def restore(
    ref: TenantRef, folder: Path, report: Report = lambda _: None, *, gently: bool = False
) -> dict[str, Any]:
    """Put the tenant back to the backup. Its rows since then are gone but for KEPT; the other tenants go on, and with
    `gently`, which takes minutes longer, they hardly notice it.

    Raises BadArchive, NotOfThisTenant, OtherLedger, Differs, and AnotherRun; then everything stands as it stood.
    """
    with (
        in_background(gently),
        tenancy.at(ref.server),
        waves.alone(),
        taking.noted(ref, Backup.Act.RESTORED, folder) as line,
    ):
        manifest, beside = build(ref, folder, report, gently=gently)
        line.rows, line.bytes = manifest.rows, manifest.size
        try:
            kept = _swap(ref, beside, manifest)
        except BaseException:
            _give_up(beside)
            raise
        put_back = _files_back(ref)
        report(f"{ref.code}: in place; {put_back} files were put back")
    return {
        "tenant": ref.code,
        "taken_at": manifest.taken_at,
        "rows": manifest.rows,
        "tables": len(manifest.tables),
        "kept_tables": kept,
        "files_put_back": put_back,
    }


def drill(ref: TenantRef, folder: Path, report: Report = lambda _: None) -> dict[str, Any]:
    """Restore beside the living schema, compare every table with the manifest, and remove it: proof that a backup is one."""
    with tenancy.at(ref.server), taking.noted(ref, Backup.Act.DRILLED, folder) as line:
        manifest, beside = build(ref, folder, report)
        line.rows, line.bytes = manifest.rows, manifest.size
        drop(beside)
    return {"tenant": ref.code, "folder": folder.name, "rows": manifest.rows, "tables": len(manifest.tables)}


def build(ref: TenantRef, folder: Path, report: Report, *, gently: bool = False) -> tuple[Manifest, str]:
    """Make a schema of the backup's content under a name of its own, compared with the manifest; answer both."""
    manifest = archive.read_manifest(folder)
    if manifest.schema != ref.schema:
        raise NotOfThisTenant(folder=folder.name, schema=manifest.schema, code=ref.code)
    key = archive.key_of(manifest)
    beside = f"r_{secrets.token_hex(5)}"
    place = TenantRef(id=tenancy.PUBLIC.id, code=beside, schema=beside, kind=ref.kind)
    try:
        with tenancy.owner(place), transaction.atomic():
            if taking.ledger_hash(ref, manifest.position) != manifest.ledger:
                raise OtherLedger(folder=folder.name)
            _make_tables(ref, beside, manifest.position)
            _fill(beside, folder, manifest, key, report, Pace(WRITTEN if gently else None))
        with tenancy.owner(place), transaction.atomic():
            _compare(beside, manifest, Pace(READ if gently else None))
            report(f"{ref.code}: {len(manifest.tables)} tables are as the backup says")
            _bring_up_to_date(ref, beside, manifest.position)
    except BaseException:
        _give_up(beside)
        raise
    return manifest, beside


def _make_tables(ref: TenantRef, beside: str, position: int) -> None:
    entries = LedgerEntry.objects.filter(kind=ref.kind, position__lte=position).order_by("position")
    roles.send(
        [
            sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(beside)),
            sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(beside)),
            *(provisioning.as_sql(entry.sql) for entry in entries),
        ]
    )


def _fill(beside: str, folder: Path, manifest: Manifest, key: bytes, report: Report, pace: Pace) -> None:
    made = taking.shape_of(beside).tables
    wanted = {table.name: table.columns for table in manifest.tables}
    if made != wanted:
        odd = sorted(name for name in made.keys() | wanted.keys() if made.get(name) != wanted.get(name))
        raise BadArchive(folder=folder.name, why=f"other tables: {', '.join(odd)}")
    with connection.cursor() as cursor:
        # The snapshot was of one moment: what points to what is whole, and triggers have done their work there.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            sql.SQL("TRUNCATE {}")
            .format(sql.SQL(", ").join(sql.Identifier(beside, name) for name in made))
            .as_string()
        )
    for number, table in enumerate(manifest.tables, 1):
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(beside, table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
        )
        with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for part in archive.load(folder, table, key):
                for piece in pace.pieces(part):
                    copy.write(piece)
        if number % 20 == 0:
            report(f"{manifest.tenant}: {number} of {len(manifest.tables)} tables")
    with connection.cursor() as cursor:
        for name, (last, called) in manifest.sequences.items():
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'{beside}."{name}"', last, called])


def _compare(beside: str, manifest: Manifest, pace: Pace) -> None:
    """Read every table again: the same text has the same hash, or nothing is put in place."""
    wrong = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronize_seqscans = off")
    for table in manifest.tables:
        digest = hashlib.sha256()
        for row in taking.copied(beside, table.name, table.columns):
            digest.update(row)
            pace.passed(len(row))
        if digest.hexdigest() != table.sha256:
            wrong.append(table.name)
    if wrong:
        raise Differs(tables=", ".join(wrong))


def _bring_up_to_date(ref: TenantRef, beside: str, position: int) -> None:
    """Apply what was migrated since the backup was taken."""
    entries = list(LedgerEntry.objects.filter(kind=ref.kind, position__gt=position).order_by("position"))
    if entries:
        roles.send(
            [
                sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(beside)),
                *(provisioning.as_sql(entry.sql) for entry in entries),
            ]
        )


def _swap(ref: TenantRef, beside: str, manifest: Manifest) -> list[str]:
    """Put the new schema under the old one's name; nobody of the tenant is connected meanwhile. Answers what was kept."""
    old = f"o_{beside[2:]}"
    with tenancy.at(None):  # the state stands in the installation's own register
        writes = api.refreshed(ref).writes
    with _nobody_in(ref.schema), tenancy.owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '20s'")
        standing = taking.shape_of(ref.schema).tables
        kept = _keep(ref.schema, beside, standing)
        made = taking.shape_of(beside).tables
        emptied = [sql.Identifier(beside, name) for name in EMPTIED if name in made]
        if emptied:
            cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(emptied)).as_string())
        roles.send(
            [
                *(
                    [
                        sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(
                            sql.Identifier(ref.schema), sql.Identifier(old)
                        )
                    ]
                    if standing
                    else []
                ),
                sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(
                    sql.Identifier(beside), sql.Identifier(ref.schema)
                ),
                *roles.rights(ref.schema),
                *([] if writes else roles.closed(ref.schema)),
                *([sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(old))] if standing else []),
            ]
        )
        SchemaState.objects.filter(schema=ref.schema).update(
            position=LedgerEntry.objects.filter(kind=ref.kind).count(), seeds=provisioning.mark_of(ref.kind)
        )
    with tenancy.owner(ref), transaction.atomic():
        provisioning.seed(ref)
    return kept


@contextmanager
def _nobody_in(schema: str) -> Iterator[None]:
    """Keep the schema's role out while the block lasts: what it wrote in the old tables now would be lost."""
    role = sql.Identifier(tenancy.role_name(schema))
    tenancy.forget(schema)
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(role).as_string())
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
            [tenancy.role_name(schema)],
        )
    try:
        yield
    finally:
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER ROLE {} LOGIN").format(role).as_string())


def _keep(schema: str, beside: str, standing: dict[str, list[str]]) -> list[str]:
    """Take KEPT from the schema that is replaced. What is locked there can be written by nobody until the end."""
    kept = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in KEPT:
            if name not in standing:
                continue
            columns = sql.SQL(", ").join(map(sql.Identifier, standing[name]))
            source, target = sql.Identifier(schema, name), sql.Identifier(beside, name)
            cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(source).as_string())
            cursor.execute(sql.SQL("DELETE FROM {}").format(target).as_string())
            cursor.execute(
                sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}")
                .format(target, columns, columns, source)
                .as_string()
            )
            if "id" in standing[name]:
                # No row of the log gets a number that was given before.
                cursor.execute(_NUMBERS_GO_ON, {"old": f"{schema}.{name}", "new": f"{beside}.{name}"})
            kept.append(name)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return kept


def _files_back(ref: TenantRef) -> int:
    """Bytes that the restored rows name and the store has no more."""
    pool = taking.folder_of(ref) / taking.POOL
    with tenancy.owner(ref), connection.cursor() as cursor:
        cursor.execute("SELECT path FROM kernel_storedfile")
        paths = [row[0] for row in cursor.fetchall()]
    count = 0
    for path in paths:
        if (pool / path).exists() and files.closed_bytes(ref.schema, path) is None:
            files.put_closed(ref.schema, path, (pool / path).read_bytes())
            count += 1
    return count


def _give_up(schema: str) -> None:
    """Remove what was built after a failure, which is to be told whatever becomes of this; the doctor sees what is left."""
    try:
        drop(schema)
    except DatabaseError:
        log.exception("restore.left_over", schema=schema)


def drop(schema: str) -> None:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)).as_string())
