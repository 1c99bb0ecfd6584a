"""Where key rings are kept: outside the database, so that no backup of it contains them.

One small file a schema, on a machine of its own kind of backup. In a cell with an HSM or a key service another
KeyStore stands here (`PORTS["kernel.key_store"]`).
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_SCHEMA = re.compile(r"[a-z][a-z0-9_]{1,62}")
_FORMAT = b"\x01"


@dataclass(frozen=True, slots=True)
class Keyring:
    """A tenant's keys: the root, from which keys for a purpose are derived, and the data keys by generation."""

    root: bytes
    data: Mapping[int, bytes]
    turned_at: datetime  # when the newest generation was made

    def __repr__(self) -> str:
        return f"Keyring(generations={sorted(self.data)})"

    @property
    def newest(self) -> int:
        return max(self.data)


class KeyUnavailable(RuntimeError):
    """The tenant's keys are not to be had. What they close stays closed; nothing makes new ones in their place."""


class KeyChanged(RuntimeError):
    """Somebody else changed the ring meanwhile."""


class KeyStore(Protocol):
    """Keeps rings by schema. Whatever it is, a ring that was destroyed cannot be had back from it."""

    def load(self, schema: str) -> Keyring | None: ...

    def keep(self, schema: str, ring: Keyring, *, instead_of: Keyring | None) -> None:
        """Keep the ring for good before answering. Raises KeyChanged when another stands there than was expected."""

    def destroy(self, schema: str) -> None:
        """Twice is as once."""

    def schemas(self) -> list[str]: ...


class Folder:
    """KeyStore as a folder: a file a schema, readable by its owner only, locked with the cell's key."""

    def load(self, schema: str) -> Keyring | None:
        try:
            content = self._path(schema).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as failure:
            raise KeyUnavailable(
                f"The key file of {schema} cannot be read ({failure.strerror}): check the owner and the mount of {_root()}."
            ) from failure
        return _opened(schema, content)

    def keep(self, schema: str, ring: Keyring, *, instead_of: Keyring | None) -> None:
        with self._alone():
            if self.load(schema) != instead_of:
                raise KeyChanged(schema)
            target = self._path(schema)
            made = target.with_name(f".{schema}.{secrets.token_hex(4)}")
            place = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(place, "wb") as file:
                    file.write(_locked(schema, ring))
                    file.flush()
                    os.fsync(file.fileno())
                made.replace(target)
            except BaseException:
                made.unlink(missing_ok=True)
                raise
            _sync(target.parent)

    def destroy(self, schema: str) -> None:
        with self._alone():
            target = self._path(schema)
            with suppress(FileNotFoundError):
                with target.open("r+b") as file:
                    size = target.stat().st_size
                    file.write(secrets.token_bytes(size))
                    file.flush()
                    os.fsync(file.fileno())
                target.unlink()
                _sync(target.parent)

    def schemas(self) -> list[str]:
        return sorted(path.stem for path in _root().glob("*.key"))

    def _path(self, schema: str) -> Path:
        if not _SCHEMA.fullmatch(schema):
            raise KeyUnavailable(f"{schema!r} is no schema's name.")
        return _root() / f"{schema}.key"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time, among all processes of the machine."""
        _root().mkdir(parents=True, exist_ok=True, mode=0o700)
        with (_root() / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _root() -> Path:
    return Path(settings.KEYS_ROOT)


def _sync(folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _lock() -> AESGCM:
    return AESGCM(hmac.digest(settings.CELL_KEY.encode(), b"kernel.keys", hashlib.sha256))


def _locked(schema: str, ring: Keyring) -> bytes:
    said = {
        "root": base64.b64encode(ring.root).decode(),
        "data": {number: base64.b64encode(key).decode() for number, key in ring.data.items()},
        "turned_at": ring.turned_at.isoformat(),
    }
    nonce = secrets.token_bytes(12)
    return _FORMAT + nonce + _lock().encrypt(nonce, json.dumps(said).encode(), schema.encode())


def _opened(schema: str, content: bytes) -> Keyring:
    try:
        if content[:1] != _FORMAT:
            raise InvalidTag
        said = json.loads(_lock().decrypt(content[1:13], content[13:], schema.encode()))
    except (InvalidTag, ValueError):
        raise KeyUnavailable(
            f"The key file of {schema} does not open: it belongs to another cell's key or another schema, or is damaged. "
            "Check MEKTEP_CELL_KEY, or put the file back from the key store's own backup."
        ) from None
    return Keyring(
        root=base64.b64decode(said["root"]),
        data={int(number): base64.b64decode(key) for number, key in said["data"].items()},
        turned_at=datetime.fromisoformat(said["turned_at"]),
    )
