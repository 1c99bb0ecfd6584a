"""What an export is: a folder of plain files and a signed manifest. Reading it needs no installation and no database."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kernel.errors import DomainError

FORMAT = 1
MANIFEST, SIGNATURE, README = "manifest.json", "signature.json", "README.md"
TABLES, FILES = "tables", "files"
LOG = "kernel_auditentry"
_PIECE = 1 << 20


class BadExport(DomainError):
    message = "The export cannot be trusted: {why}"
    code = "bad_export"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its file, how many rows, the hash of the file, and its columns by name and type."""

    name: str
    file: str
    rows: int
    bytes: int
    sha256: str
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class File:
    """A file of the school, under the id that rows name it by."""

    id: str
    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in an export. `lost` are ids of files that the school's store had no more."""

    tenant: dict[str, str]
    made_at: str
    letter: str
    position: int
    ledger: str
    tables: list[Table]
    files: list[File]
    lost: list[str]
    left_out: dict[str, str]
    counters: dict[str, int]
    documents: dict[str, str]
    format: int = field(default=FORMAT)

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables)

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def read(folder: Path) -> tuple[Manifest, str]:
    """The manifest, when its signature is right, and the public key of whoever signed it. Raises BadExport."""
    try:
        content = (folder / MANIFEST).read_bytes()
        seal = json.loads((folder / SIGNATURE).read_text(encoding="utf-8"))
        key = str(seal["public_key"])
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(seal["signature"]), content
        )
        told: dict[str, Any] = json.loads(content)
        if told["format"] != FORMAT:
            raise BadExport(why=f"it has the format {told['format']}, this program reads {FORMAT}")
        manifest = Manifest(
            **told
            | {
                "tables": [Table(**one) for one in told["tables"]],
                "files": [File(**one) for one in told["files"]],
            }
        )
    except OSError as failure:
        raise BadExport(why=f"it is not whole ({failure.strerror}: {failure.filename})") from failure
    except InvalidSignature:
        raise BadExport(why="the manifest is not what was signed") from None
    except (ValueError, KeyError, TypeError) as failure:
        raise BadExport(why=f"the manifest is not one ({failure})") from failure
    return manifest, key


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The folder of an export, out of its zip for as long as the block lasts. Raises BadExport."""
    if path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="mektep-export-") as name:
        try:
            with zipfile.ZipFile(path) as archive:
                archive.extractall(name)  # names that lead out of the folder are cut by the library
        except (OSError, zipfile.BadZipFile) as failure:
            raise BadExport(why=f"{path.name} is neither a folder nor a zip of one") from failure
        yield Path(name)


def packed(folder: Path) -> Path:
    """Put the folder into a zip of its name, and remove it."""
    draft = Path(shutil.make_archive(str(folder), "zip", folder))
    shutil.rmtree(folder)
    return draft


def inside(folder: Path, name: str) -> Path:
    """A file of the export by the name in its manifest. Raises BadExport for one that leads out of the folder."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise BadExport(why=f"the name {name} leads out of the folder")
    return folder.joinpath(*parts)


def sha256_of(path: Path) -> tuple[str, int]:
    """The hash of a file and how many bytes it has."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size
