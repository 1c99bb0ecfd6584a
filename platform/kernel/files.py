"""Files of a tenant, under its own prefix: nothing else in the product opens a path for uploads."""

from __future__ import annotations

import hashlib
import re
import shutil
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from kernel import clock
from kernel.access import Actor
from kernel.errors import NotFound
from kernel.ids import uuid7
from kernel.models import StoredFile
from kernel.tenancy import current

_SAFE = re.compile(r"[^\w.\- ]+")


def _root() -> Path:
    return Path(settings.FILES_ROOT) / current().schema


def store(*, actor: Actor, name: str, content: bytes, content_type: str, purpose: str) -> StoredFile:
    """Keep the bytes under a random key in the tenant's prefix. The caller has checked what they are."""
    key = uuid7()
    path = f"{purpose}/{key}"
    target = _root() / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.write_bytes(content)
    return StoredFile.objects.create(
        path=path,
        name=_SAFE.sub("_", name)[-200:] or "file",
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        purpose=purpose,
        user_id=actor.user_id,
        created_at=clock.now(),
    )


def read(*, file_id: UUID, purpose: str) -> tuple[StoredFile, bytes]:
    """The file of the current tenant, or NotFound. The caller has checked the right to it."""
    row = StoredFile.objects.filter(pk=file_id, purpose=purpose).first()
    if row is None:
        raise NotFound
    target = (_root() / row.path).resolve()
    if not target.is_relative_to(_root().resolve()):
        raise NotFound
    return row, target.read_bytes()


def delete(*, file_id: UUID) -> None:
    """Delete the file; its bytes go when the transaction is committed, so that a rollback loses nothing."""
    row = StoredFile.objects.filter(pk=file_id).first()
    if row is not None:
        target = _root() / row.path
        row.delete()
        transaction.on_commit(lambda: target.unlink(missing_ok=True))


def delete_older(*, purpose: str, before: datetime) -> int:
    """Delete files of the purpose that were kept before the moment; answers how many."""
    old = list(StoredFile.objects.filter(purpose=purpose, created_at__lt=before).values_list("pk", flat=True))
    for file_id in old:
        delete(file_id=file_id)
    return len(old)


def size_of(schema: str) -> int:
    """How many bytes of files a tenant has."""
    return sum(one.stat().st_size for one in (Path(settings.FILES_ROOT) / schema).rglob("*") if one.is_file())


def erase(schema: str) -> int:
    """Remove every file of a tenant that is destroyed; answers how many."""
    root = Path(settings.FILES_ROOT) / schema
    if not root.is_dir():
        return 0
    count = sum(1 for one in root.rglob("*") if one.is_file())
    shutil.rmtree(root)
    return count
