"""A school takes its own data along: the export made as a job of the school itself, and kept for a day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock, files, jobs
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from kernel.jobs import JobContext
from kernel.models import Job, StoredFile
from kernel.tenancy import current
from tenants import permissions
from tenants.exports import package, writing

MAKE = PURPOSE = "tenants.export"
KEPT = timedelta(days=1)
LARGEST = 1 << 30
"""Bytes of files: more than that the vendor hands over on a disk."""


class TooLarge(DomainError):
    message = _("The school has more files than one archive takes. Ask the vendor for the export on a disk.")
    code = "too_large"


@transaction.atomic
def ask(*, actor: Actor) -> Job:
    """Have the export made; whoever asked is told when it is ready."""
    require(actor, permissions.SEE_CONTRACT)
    row = jobs.start(MAKE, actor=actor)
    audit.record(actor=actor, action="tenants.export.asked", object_type="export", object_id=row.pk)
    return row


def make(ctx: JobContext) -> StoredFile:
    """Write the tenant that is served out into a zip among its files, in the place of an earlier one. Raises TooLarge."""
    ref = current()
    if files.size_of(ref.schema) > LARGEST:
        raise TooLarge
    files.delete_older(purpose=PURPOSE, before=clock.now())

    def told(done: int, of: int, what: str) -> None:
        if done % 10 == 0 or done == of:
            ctx.progress(done, of)

    with TemporaryDirectory(prefix="mektep-export-") as name:
        folder = Path(name) / ref.code
        writing.write(ref, folder, letter="", report=told)
        archive = package.packed(folder)
        return files.store(
            actor=ctx.actor,
            name=archive.name,
            content=archive.read_bytes(),
            content_type="application/zip",
            purpose=PURPOSE,
        )


def is_kept(row: Job) -> bool:
    """Whether the export of a job is there to be taken."""
    return bool(
        row.result.get("file")
        and row.finished_at
        and row.finished_at + KEPT > clock.now()
        and StoredFile.objects.filter(pk=row.result["file"], purpose=PURPOSE).exists()
    )


def take(*, actor: Actor, row: Job) -> tuple[StoredFile, bytes]:
    """The archive that the actor's job made; raises NotFound when it is gone."""
    require(actor, permissions.SEE_CONTRACT)
    if not is_kept(row):
        raise NotFound
    found = files.read(file_id=UUID(row.result["file"]), purpose=PURPOSE)
    audit.record(actor=actor, action="tenants.export.taken", object_type="export", object_id=row.pk)
    return found


def clear() -> int:
    """Delete exports that have stood for their time; answers how many."""
    return files.delete_older(purpose=PURPOSE, before=clock.now() - KEPT)
