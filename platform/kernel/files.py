"""Files of a tenant, under its own prefix and closed with its own keys: nothing else opens a path for uploads."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from datetime import datetime
from typing import cast
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from kernel import clock
from kernel.access import Actor
from kernel.crypto import Unreadable
from kernel.errors import NotFound, Quarantined
from kernel.file_store import FileStore
from kernel.ids import uuid7
from kernel.models import StoredFile
from kernel.ports import adapter
from kernel.tenancy import current

_NONCE = 12
_SAFE = re.compile(r"[^\w.\- ]+")


def _store() -> FileStore:
    return cast("FileStore", adapter("kernel.file_store"))


def _name(path: str) -> str:
    """The one place where a name in the store is made: always in the current tenant's prefix. Raises NotFound."""
    if ".." in path.split("/") or path.startswith("/"):
        raise NotFound
    return f"{current().schema}/{path}"


def store(
    *,
    actor: Actor,
    name: str,
    content: bytes,
    content_type: str,
    purpose: str,
    verdict: str = StoredFile.Verdict.OURS,
) -> StoredFile:
    """Keep the bytes, closed, under a random name in the tenant's prefix.

    For what the product has made itself: what people send comes in through `kernel.uploads.keep`.
    """
    path = f"{purpose}/{uuid7()}"
    key = AESGCM.generate_key(256)
    _store().put(_name(path), _closed(key, path, content))
    return StoredFile.objects.create(
        path=path,
        name=_SAFE.sub("_", name)[-200:] or "file",
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        purpose=purpose,
        verdict=verdict,
        key=base64.b64encode(key).decode(),
        user_id=actor.user_id,
        created_at=clock.now(),
    )


def read(*, file_id: UUID, purpose: str) -> tuple[StoredFile, bytes]:
    """The file of the current tenant, or NotFound. The caller has checked the right to it.

    Raises Quarantined until the antivirus has found it clean, and crypto.Unreadable.
    """
    row = kept(file_id=file_id, purpose=purpose)
    refuse_unjudged(row)
    return row, content_of(row)


def kept(*, file_id: UUID, purpose: str) -> StoredFile:
    """What is known of the file, without its bytes. Raises NotFound."""
    row = StoredFile.objects.filter(pk=file_id, purpose=purpose).first()
    if row is None:
        raise NotFound
    return row


def refuse_unjudged(row: StoredFile) -> None:
    """Raise Quarantined while the antivirus has not looked at the file, and NotFound for one that it condemned."""
    if row.verdict == StoredFile.Verdict.INFECTED:
        raise NotFound
    if row.verdict == StoredFile.Verdict.WAITING:
        raise Quarantined


def content_of(row: StoredFile) -> bytes:
    """The bytes behind the row, for whoever may judge them: quarantine does not hold this. Raises NotFound, Unreadable."""
    closed = _store().get(_name(row.path))
    if closed is None:
        raise NotFound
    return _opened(base64.b64decode(row.key), row.path, closed)


def _closed(key: bytes, path: str, content: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, _bound(path))


def _opened(key: bytes, path: str, closed: bytes, schema: str = "") -> bytes:
    try:
        return AESGCM(key).decrypt(closed[:_NONCE], closed[_NONCE:], _bound(path, schema))
    except (InvalidTag, ValueError):
        raise Unreadable from None


def _bound(path: str, schema: str = "") -> bytes:
    """A file put in the place of another, or in another tenant's prefix, does not open."""
    return f"{schema or current().schema}|{path}".encode()


def delete(*, file_id: UUID) -> None:
    """Delete the file; its bytes go when the transaction is committed, so that a rollback loses nothing."""
    row = StoredFile.objects.filter(pk=file_id).first()
    if row is not None:
        name = _name(row.path)
        row.delete()
        transaction.on_commit(lambda: _store().delete(name))


def drop_bytes(row: StoredFile) -> None:
    """Destroy the bytes when the transaction is committed; the row stays and tells that they were."""
    name = _name(row.path)
    transaction.on_commit(lambda: _store().delete(name))


def delete_older(*, purpose: str, before: datetime) -> int:
    """Delete files of the purpose that were kept before the moment; answers how many."""
    old = list(StoredFile.objects.filter(purpose=purpose, created_at__lt=before).values_list("pk", flat=True))
    for file_id in old:
        delete(file_id=file_id)
    return len(old)


def closed_bytes(schema: str, path: str) -> bytes | None:
    """A file's bytes as they lie, for backups: nobody reads them without the key in its sealed row."""
    return _store().get(f"{schema}/{path}")


def put_closed(schema: str, path: str, content: bytes) -> None:
    """Put a file's closed bytes back where `closed_bytes` found them."""
    _store().put(f"{schema}/{path}", content)


def opened(*, schema: str, path: str, key: str) -> bytes | None:
    """The bytes of a file of the tenant, whatever its purpose: for a copy of the whole tenant. None when the store has
    them no more. Raises crypto.Unreadable."""
    closed = closed_bytes(schema, path)
    return None if closed is None else _opened(base64.b64decode(key), path, closed, schema)


def put_anew(path: str, content: bytes) -> str:
    """Keep bytes that came with the rows of a whole tenant under their path; answers the new key, for the file's row."""
    key = AESGCM.generate_key(256)
    _store().put(_name(path), _closed(key, path, content))
    return base64.b64encode(key).decode()


def size_of(schema: str) -> int:
    """How many bytes of files a tenant has."""
    return _store().size_of(schema)


def erase(schema: str) -> int:
    """Remove every file of a tenant that is destroyed; answers how many."""
    return _store().erase(schema)
