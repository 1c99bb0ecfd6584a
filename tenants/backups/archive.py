"""What a backup of one tenant is: a folder with a file a table, closed for whoever may restore, and a signed manifest.

Each file is the COPY text of a table, compressed (Zstandard) and closed in frames (AES-256-GCM; a frame knows its file, its
place and whether it is the last). The key is new for every backup and is sealed for the reader (HPKE), whose private half
the machine that takes backups does not have to hold. The tenant's own sealed columns stay sealed inside: without its
ring of keys a backup gives away no number, paper or note.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kernel.errors import DomainError
from tenants.backups import keys

FORMAT = 2
FRAME = 1 << 20
_LAST, _MORE = b"\x01", b"\x00"


class BadArchive(DomainError):
    message = "The backup {folder} cannot be trusted: {why}"
    code = "bad_archive"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was: its columns in their order, how many rows, and the hash of its COPY text."""

    name: str
    columns: list[str]
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in a backup."""

    tenant: str
    kind: str
    schema: str
    taken_at: datetime
    position: int
    ledger: str  # hash of the ledger up to the position: the tables are made by the same statements
    key: str  # the backup's own key, sealed for the reader
    tables: list[Table]
    sequences: dict[str, tuple[int, bool]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def size(self) -> int:
        return sum(table.bytes for table in self.tables)

    def as_bytes(self) -> bytes:
        values = asdict(self) | {"taken_at": self.taken_at.isoformat()}
        return json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1).encode()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The manifest goes last and under a name of its own first: a folder with one is a whole backup."""
    content = manifest.as_bytes()
    (folder / "manifest.sig").write_bytes(keys.sign(content))
    draft = folder / "manifest.tmp"
    draft.write_bytes(content)
    draft.rename(folder / "manifest.json")


def read_manifest(folder: Path) -> Manifest:
    """Raises BadArchive when it is not whole, not of this installation or was altered."""
    try:
        content = (folder / "manifest.json").read_bytes()
        keys.check(content, (folder / "manifest.sig").read_bytes())
    except OSError as failure:
        raise BadArchive(folder=folder.name, why=f"it is not whole ({failure.strerror})") from failure
    except InvalidSignature:
        raise BadArchive(folder=folder.name, why="the manifest is not signed by this installation") from None
    values: dict[str, Any] = json.loads(content)
    if values.pop("format") != FORMAT:
        raise BadArchive(folder=folder.name, why="it was made by another version")
    return Manifest(
        **values
        | {
            "taken_at": datetime.fromisoformat(values["taken_at"]),
            "tables": [Table(**one) for one in values["tables"]],
            "sequences": {name: (last, called) for name, (last, called) in values["sequences"].items()},
        }
    )


def new_key() -> tuple[bytes, str]:
    """A key for one backup, and the same sealed for the reader."""
    key = secrets.token_bytes(32)
    return key, base64.b64encode(keys.seal(key)).decode()


def key_of(manifest: Manifest) -> bytes:
    """Open the backup's key; wants the reader's private half."""
    return keys.unseal(base64.b64decode(manifest.key))


def store(folder: Path, name: str, key: bytes, rows: Iterable[bytes | memoryview]) -> tuple[int, int, str]:
    """Write a table's COPY text as it comes; answers how many rows and bytes, and their hash."""
    count = size = 0
    digest, press = hashlib.sha256(), zstandard.ZstdCompressor(level=1).compressobj()
    with (folder / name).open("wb") as file:
        frames = _Frames(file.write, name, key)
        waiting: list[bytes | memoryview] = []
        held = 0
        for row in rows:
            count += 1
            held += len(row)
            waiting.append(row)
            if held >= FRAME:
                text = b"".join(waiting)
                digest.update(text)
                frames.add(press.compress(text))
                size, held, waiting = size + held, 0, []
        text = b"".join(waiting)
        digest.update(text)
        frames.add(press.compress(text) + press.flush(), is_last=True)
        size += held
    return count, size, digest.hexdigest()


class _Frames:
    def __init__(self, write: Any, name: str, key: bytes) -> None:
        self.write, self.name, self.cipher, self.number = write, name, AESGCM(key), 0
        self.held = b""

    def add(self, part: bytes, *, is_last: bool = False) -> None:
        self.held += part
        while len(self.held) > FRAME:
            self._close(self.held[:FRAME], _MORE)
            self.held = self.held[FRAME:]
        if is_last:
            self._close(self.held, _LAST)

    def _close(self, part: bytes, place: bytes) -> None:
        nonce = secrets.token_bytes(12)
        closed = self.cipher.encrypt(nonce, part, _bound(self.name, self.number, place))
        self.write(place + len(closed).to_bytes(4) + nonce + closed)
        self.number += 1


def load(folder: Path, table: Table, key: bytes) -> Iterator[bytes]:
    """The COPY text of a table in parts. Raises BadArchive when it is not what the manifest says, at the end at the latest."""
    digest, size, cipher = hashlib.sha256(), 0, AESGCM(key)
    press = zstandard.ZstdDecompressor().decompressobj()
    number, is_last = 0, False
    try:
        with (folder / table.name).open("rb") as file:
            while not is_last:
                place = file.read(1)
                length = int.from_bytes(file.read(4))
                nonce, closed = file.read(12), file.read(length)
                is_last = place == _LAST
                part = press.decompress(cipher.decrypt(nonce, closed, _bound(table.name, number, place)))
                number += 1
                digest.update(part)
                size += len(part)
                yield part
    except (OSError, InvalidTag, ValueError, zstandard.ZstdError) as failure:
        raise BadArchive(folder=folder.name, why=f"{table.name} does not open") from failure
    if digest.hexdigest() != table.sha256 or size != table.bytes:
        raise BadArchive(folder=folder.name, why=f"{table.name} has other content than the manifest says")


def _bound(name: str, number: int, place: bytes) -> bytes:
    """A frame moved to another place, another file or another backup does not open."""
    return f"{name}|{number}|".encode() + place
