"""Whether an export is whole and untouched: by itself, without an installation. Its log is reckoned anew line by line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tenants.exports import package
from tenants.exports.package import Manifest

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; `faults` are in words, and none of them means that all is as it was signed."""

    manifest: Manifest
    signed_by: str
    log_lines: int
    faults: list[str] = field(default_factory=list)


def verify(folder: Path) -> Verdict:
    """Compare every file with the manifest and every line of the log with the one before it. Raises BadExport."""
    manifest, key = package.read(folder)
    faults = [*_strangers(folder, manifest)]
    for table in manifest.tables:
        faults += _compared(folder, table.file, table.sha256, table.bytes)
        faults += _rows(folder, table)
    for one in manifest.files:
        faults += _compared(folder, one.file, one.sha256, one.bytes)
    for name, digest in manifest.documents.items():
        faults += _compared(folder, name, digest, None)
    lines, broken = _log(folder, manifest)
    if broken:
        faults.append(f"the security log is broken at the lines {', '.join(map(str, broken[:10]))}")
    return Verdict(manifest, key, lines, faults)


def _strangers(folder: Path, manifest: Manifest) -> Iterator[str]:
    known = {package.MANIFEST, package.SIGNATURE, *manifest.documents}
    known |= {one.file for one in manifest.tables} | {one.file for one in manifest.files}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (name := path.relative_to(folder).as_posix()) not in known:
            yield f"{name} is not in the manifest"


def _compared(folder: Path, name: str, digest: str, size: int | None) -> Iterator[str]:
    path = package.inside(folder, name)
    if not path.is_file():
        yield f"{name} is missing"
        return
    found, length = package.sha256_of(path)
    if found != digest or size not in (None, length):
        yield f"{name} has other content"


def _rows(folder: Path, table: package.Table) -> Iterator[str]:
    """Each line of a table is a row with the columns that the manifest names."""
    path, count = package.inside(folder, table.file), 0
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as lines:
        try:
            for count, line in enumerate(lines, 1):
                if set(json.loads(line)) != set(table.columns):
                    yield f"{table.file}, line {count}: other columns than the manifest names"
                    return
        except ValueError:
            yield f"{table.file}, line {count}: not a row of JSON"
            return
    if count != table.rows:
        yield f"{table.file} has {count} rows, the manifest says {table.rows}"


def _log(folder: Path, manifest: Manifest) -> tuple[int, list[int]]:
    """How many lines the security log has, and the numbers of those that do not follow from the line before."""
    path = package.inside(folder, f"{package.TABLES}/{package.LOG}.jsonl")
    broken: list[int] = []
    before, count = "", 0
    if not path.is_file() or all(one.name != package.LOG for one in manifest.tables):
        return 0, broken
    with path.open(encoding="utf-8") as lines:
        for count, line in enumerate(lines, 1):
            try:
                row = json.loads(line, parse_float=Decimal)
                if row["previous_hash"] != before or row["hash"] != digest_of(row):
                    broken.append(int(row["id"]))
                before = row["hash"]
            except (ValueError, KeyError, TypeError):
                broken.append(count)
    return count, broken


def digest_of(row: dict[str, Any]) -> str:
    """The hash of a line of the security log, as the database reckons it (kernel_audit_digest)."""
    since = datetime.fromisoformat(row["at"]) - _BEGINNING
    seconds = Decimal(f"{since.days * 86400 + since.seconds}.{since.microseconds:06d}")
    said = [
        row["previous_hash"], row["id"], seconds, row["actor_id"], row["actor_name"], row["action"], row["outcome"],
        row["object_type"], row["object_id"], row["address"], row["session_id"], row["request_id"], row["details"],
    ]  # fmt: skip
    return hashlib.sha256(_as_jsonb(said).encode()).hexdigest()


def _as_jsonb(value: Any) -> str:
    """As PostgreSQL writes jsonb."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_as_jsonb(key)}: {_as_jsonb(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_as_jsonb, value)) + "]"
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
