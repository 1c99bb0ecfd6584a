"""An export put into an empty tenant: the same rows with the same ids, sealed with the tenant's own keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from kernel import files, tenancy
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.tenancy import TenantRef
from tenants import provisioning
from tenants.contents import filling, reading
from tenants.contents.reading import Row, Shape
from tenants.exports import package, verifying, writing
from tenants.exports.package import BadExport, Manifest

Report = Callable[[int, int, str], None]
FORMER_LOG = "tenants.former_log"
_ACCOUNTS, _FILES = "identity_user", "kernel_storedfile"
_IS_USED = """
SELECT EXISTS (SELECT FROM identity_user) OR EXISTS (SELECT FROM kernel_storedfile)
    OR EXISTS (SELECT FROM kernel_auditentry WHERE action NOT LIKE 'tenants.%' AND actor_name NOT LIKE '%.seeds')
"""


class NotEmpty(DomainError):
    message = "{code} is in use: an export goes into a tenant that was just created and has no account."
    code = "not_empty"


class OtherKind(DomainError):
    message = "The export is of a {theirs}, and {code} is a {ours}."
    code = "other_kind"


class OtherTables(DomainError):
    message = (
        "The export was made of tables at the position {theirs}, and {code} stands at {ours}: it goes into an installation "
        "of the version that made it, which is brought up to date after that."
    )
    code = "other_tables"


class Differs(DomainError):
    message = "What was put in is not what the export says: {tables}"
    code = "differs"


def load(
    folder: Path, ref: TenantRef, *, report: Report = lambda _done, _all, _what: None, dry_run: bool = False
) -> Manifest:
    """Put the export into the tenant; all of it, or nothing. The tenant's own security log stays: the former one comes along
    as a file. Nobody has a password after it.

    Raises BadExport, NotEmpty, OtherKind, OtherTables, Differs and filling.LooseEnds.
    """
    verdict = verifying.verify(folder)
    if verdict.faults:
        raise BadExport(why="; ".join(verdict.faults[:5]))
    manifest = verdict.manifest
    if manifest.tenant["kind"] != ref.kind.value:
        raise OtherKind(theirs=manifest.tenant["kind"], ours=ref.kind.value, code=ref.code)
    with tenancy.owner(ref):
        _refuse(ref, manifest)
        if dry_run:
            return manifest
        try:
            with transaction.atomic():
                _fill(folder, ref, manifest, report)
                _compare(ref, manifest)
        except BaseException:
            files.erase(ref.schema)  # it had none
            raise
        with transaction.atomic():
            provisioning.seed(ref)
    return manifest


def _refuse(ref: TenantRef, manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_IS_USED)
        if cursor.fetchone()[0]:
            raise NotEmpty(code=ref.code)
    place = writing.place_of(ref)
    # What a school made itself says no place: its columns and their types must do.
    is_of_another = manifest.ledger and (manifest.position, manifest.ledger) != place
    shapes = {shape.table: {one.name: one.type for one in shape.columns} for shape in writing.leaving(ref)[0]}
    if is_of_another or shapes != {table.name: table.columns for table in manifest.tables}:
        raise OtherTables(theirs=manifest.position, ours=place[0], code=ref.code)


def _fill(folder: Path, ref: TenantRef, manifest: Manifest, report: Report) -> None:
    shapes = reading.shapes(ref.schema)
    told = {table.name: table for table in manifest.tables if table.name != package.LOG}
    with filling.emptied(ref.schema, shapes):
        for number, table in enumerate(told.values(), 1):
            report(number, len(told), table.name)
            shape, rows = shapes[table.name], _rows(folder, table)
            if table.name == _ACCOUNTS:
                rows = ({**row, "password": "!"} for row in rows)
            elif table.name == _FILES:
                rows = _with_bytes(folder, manifest, rows)
            else:
                shape = Shape(shape.table, tuple(one for one in shape.columns if one.name in table.columns))
            filling.fill(ref.schema, shape, rows)
        filling.count_on(ref.schema, manifest.counters)


def _rows(folder: Path, table: package.Table) -> Iterator[Row]:
    with package.inside(folder, table.file).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _with_bytes(folder: Path, manifest: Manifest, rows: Iterator[Row]) -> Iterator[Row]:
    """Rows of files, whose bytes are put into the store under keys of their own; those that were lost stay so."""
    names = {one.id: one.file for one in manifest.files}
    for row in rows:
        key = ""
        if row["id"] in names:
            key = files.put_anew(row["path"], package.inside(folder, names[row["id"]]).read_bytes())
        yield {**row, "key": key}


def _compare(ref: TenantRef, manifest: Manifest) -> None:
    """Read everything again as an export would."""
    found = writing.digests(ref)
    wrong = [one.name for one in manifest.tables if one.name != package.LOG and found[one.name] != one.sha256]
    if wrong:
        raise Differs(tables=", ".join(wrong))


def keep_former_log(folder: Path, ref: TenantRef, manifest: Manifest, *, actor: Actor) -> None:
    """Keep the log of the place where the export was made among the school's files; `tenant verify` reckons it."""
    content = package.inside(folder, f"{package.TABLES}/{package.LOG}.jsonl").read_bytes()
    files.store(
        actor=actor,
        name=f"log-{manifest.tenant['code']}.jsonl",
        content=content,
        content_type="application/jsonl",
        purpose=FORMER_LOG,
    )


def against(folder: Path, manifest: Manifest, ref: TenantRef) -> list[str]:
    """The tables whose content in the tenant is another than in the export. Of the log, which grows with every act, it is
    asked whether it begins as the export's, or came along as a file."""
    with tenancy.owner(ref):
        theirs = {one.id for one in manifest.files} | set(manifest.lost)
        found = writing.digests(
            ref, but=lambda row: row.get("purpose") == FORMER_LOG and row["id"] not in theirs
        )
        wrong = [
            one.name
            for one in manifest.tables
            if one.name != package.LOG and found.get(one.name) != one.sha256
        ]
        log = next((one for one in manifest.tables if one.name == package.LOG), None)
        if log is not None and not _log_is_kept(ref, log):
            wrong.append(package.LOG)
    return wrong


def _log_is_kept(ref: TenantRef, log: package.Table) -> bool:
    shape = next(one for one in writing.leaving(ref)[0] if one.table == package.LOG)
    digest = hashlib.sha256()
    with transaction.atomic():
        lines: Any = reading.texts(ref.schema, shape)
        for number, line in enumerate(lines):
            if number == log.rows:
                break
            digest.update(line.encode() + b"\n")
        if digest.hexdigest() == log.sha256:
            return True
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM kernel_storedfile WHERE purpose = %s AND sha256 = %s)",
                [FORMER_LOG, log.sha256],
            )
            return bool(cursor.fetchone()[0])
