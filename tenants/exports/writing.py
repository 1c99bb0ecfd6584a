"""One tenant written out in open formats, in one snapshot: tables as lines of JSON, files as files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction

from kernel import clock, files
from kernel.errors import DomainError
from kernel.models import StoredFile
from kernel.tenancy import TenantRef
from tenants.backups import taking
from tenants.contents import reading, register
from tenants.contents.reading import Row, Shape
from tenants.exports import package, readme, signing
from tenants.exports.package import File, Manifest, Table
from tenants.models import SchemaState

Report = Callable[[int, int, str], None]
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


class FolderTaken(DomainError):
    message = "{folder} is there already: name a folder that is not."
    code = "folder_taken"


class Unregistered(DomainError):
    message = "The register of contents does not know the tables {tables}."
    code = "unregistered"


def leaving(ref: TenantRef) -> tuple[list[Shape], dict[str, str]]:
    """The tables that leave with the tenant, without their hidden columns; and why each of the others stays."""
    known, shapes = register.tables(), reading.shapes(ref.schema)
    if strangers := sorted(shapes.keys() - known.keys()):
        raise Unregistered(tables=", ".join(strangers))
    going = [shape.without(known[name].hidden) for name, shape in shapes.items() if not known[name].stays]
    return going, {name: known[name].stays for name in shapes if known[name].stays}


def place_of(ref: TenantRef) -> tuple[int, str]:
    """Where the schema stands in the ledger, and the hash of all statements up to there. As the owner."""
    position = SchemaState.objects.values_list("position", flat=True).get(schema=ref.schema)
    return position, taking.ledger_hash(ref, position)


def write(
    ref: TenantRef,
    folder: Path,
    *,
    letter: str,
    report: Report = lambda _done, _all, _what: None,
    place: tuple[int, str] = (0, ""),
) -> Manifest:
    """Write the tenant out into a new folder; the manifest goes last: a folder with one is whole.

    Where the caller stands (as the tenant itself, or as the owner of its tables) it reads. `place` is that of the
    schema in the ledger, which the owner knows (`place_of`). Raises FolderTaken.
    """
    if folder.exists():
        raise FolderTaken(folder=folder)
    for name in (package.TABLES, package.FILES):
        (folder / name).mkdir(parents=True, mode=0o700)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        at = clock.now()
        shapes, left_out = leaving(ref)
        tables = []
        for number, shape in enumerate(shapes, 1):
            report(number, len(shapes), shape.table)
            tables.append(_table(ref, folder, shape))
        found, lost = _files(ref, folder, report)
        counters = {
            name: last for name, (last, is_used) in taking.shape_of(ref.schema).sequences.items() if is_used
        }
    text = readme.text(ref, at, shapes, left_out)
    (folder / package.README).write_text(text, encoding="utf-8")
    manifest = Manifest(
        tenant={"code": ref.code, "kind": ref.kind.value, "name_kk": ref.name_kk, "name_ru": ref.name_ru},
        made_at=at.isoformat(),
        letter=letter,
        position=place[0],
        ledger=place[1],
        tables=tables,
        files=found,
        lost=lost,
        left_out=left_out,
        counters=counters,
        documents={package.README: hashlib.sha256(text.encode()).hexdigest()},
    )
    content = manifest.as_bytes()
    (folder / package.SIGNATURE).write_text(signing.signature(content), encoding="utf-8")
    draft = folder / "manifest.tmp"
    draft.write_bytes(content)
    draft.rename(folder / package.MANIFEST)
    return manifest


def _table(ref: TenantRef, folder: Path, shape: Shape) -> Table:
    name = f"{package.TABLES}/{shape.table}.jsonl"
    count = size = 0
    digest = hashlib.sha256()
    with (folder / name).open("wb") as file:
        for line in reading.texts(ref.schema, shape):
            text = line.encode() + b"\n"
            file.write(text)
            digest.update(text)
            count, size = count + 1, size + len(text)
    return Table(
        shape.table, name, count, size, digest.hexdigest(), {one.name: one.type for one in shape.columns}
    )


def _files(ref: TenantRef, folder: Path, report: Report) -> tuple[list[File], list[str]]:
    """Write the files out, opened; answer them, and the ids of those that the store has no more."""
    found, lost = [], []
    rows = list(StoredFile.objects.order_by("pk"))
    for number, row in enumerate(rows, 1):
        report(number, len(rows), package.FILES)
        content = files.opened(schema=ref.schema, path=row.path, key=row.key)
        if content is None:
            lost.append(str(row.pk))
            continue
        ending = _ENDING.search(row.name)
        name = f"{package.FILES}/{row.purpose}/{row.pk}{ending[0] if ending else ''}"
        place = package.inside(folder, name)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.write_bytes(content)
        found.append(File(str(row.pk), name, len(content), hashlib.sha256(content).hexdigest()))
    return found, lost


def digests(ref: TenantRef, but: Callable[[Row], bool] | None = None) -> dict[str, str]:
    """The hash of each table that leaves, as it stands now: what an export made at this moment would say.

    `but` are rows of files that are left out of it.
    """
    found = {}
    with transaction.atomic():
        for shape in leaving(ref)[0]:
            digest = hashlib.sha256()
            for line in reading.texts(ref.schema, shape):
                if but is None or shape.table != "kernel_storedfile" or not but(json.loads(line)):
                    digest.update(line.encode() + b"\n")
            found[shape.table] = digest.hexdigest()
    return found
