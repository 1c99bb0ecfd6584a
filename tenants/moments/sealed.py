"""A file closed for the reader of backups (decision 0025): its content in frames, and beside it a signed record.

The machine that writes such files needs the public half of the reader's keys only.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature

from tenants.backups import archive, keys
from tenants.backups.archive import BadArchive, Table


def close(folder: Path, name: str, parts: Iterable[bytes | memoryview], **facts: Any) -> dict[str, Any]:
    """Write the file; its record goes last, so one with a record is whole. Answers the record."""
    key, closed = archive.new_key()
    _count, size, digest = archive.store(folder, name, key, parts)
    record = {**facts, "name": name, "bytes": size, "sha256": digest, "key": closed}
    content = json.dumps(record, sort_keys=True).encode()
    line = json.dumps({"record": record, "signature": base64.b64encode(keys.sign(content)).decode()})
    draft = folder / f"{name}.tmp"
    draft.write_text(line)
    draft.rename(_beside(folder, name))
    return record


def record_of(folder: Path, name: str) -> dict[str, Any]:
    """Raises BadArchive when there is none, or another hand wrote it."""
    try:
        kept = json.loads(_beside(folder, name).read_text())
        content = json.dumps(kept["record"], sort_keys=True).encode()
        keys.check(content, base64.b64decode(kept["signature"]))
    except OSError as failure:
        raise BadArchive(folder=name, why=f"it is not whole ({failure.strerror})") from failure
    except InvalidSignature:
        raise BadArchive(folder=name, why="it is not signed by this installation") from None
    if kept["record"]["name"] != name:
        raise BadArchive(folder=name, why="it stands in the place of another")
    return dict(kept["record"])


def is_whole(folder: Path, name: str) -> bool:
    return _beside(folder, name).exists()


def opened(folder: Path, name: str) -> Iterator[bytes]:
    """The content in parts; wants the reader's private half. Raises BadArchive at the end at the latest."""
    record = record_of(folder, name)
    key = keys.unseal(base64.b64decode(record["key"]))
    return archive.load(folder, Table(name, [], 0, record["bytes"], record["sha256"]), key)


def remove(folder: Path, name: str) -> None:
    _beside(folder, name).unlink(missing_ok=True)
    (folder / name).unlink(missing_ok=True)


def _beside(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"
