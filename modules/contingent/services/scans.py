"""Papers and pictures of a card: judged by their bytes, kept among the school's files, read only through the card."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, contents, files, images, uploads
from kernel.access import Actor, require
from kernel.errors import DomainError
from modules.contingent import permissions
from modules.contingent.models import Pupil
from modules.contingent.queries import PHOTO, SCAN
from modules.contingent.services.cards import locked

LARGEST_SCAN = 5 * 1024 * 1024


class NoScan(DomainError):
    message = _("This is not a scan. Choose a PDF, JPEG or PNG file.")
    code = "no_scan"


class ScanTooLarge(DomainError):
    message = _("The file is larger than 5 MB.")
    code = "scan_too_large"


def _look(content: bytes) -> uploads.Seen:
    if len(content) > LARGEST_SCAN:
        raise ScanTooLarge
    if content.startswith(b"%PDF-"):
        contents.refuse_lively_pdf(content)
        return uploads.AsItCame(content, "application/pdf")
    try:
        return images.picture(content, largest=LARGEST_SCAN)
    except images.NoPicture as failure:
        raise NoScan from failure


SCANNED = uploads.Kind("scan", (".pdf", *uploads.PICTURE_ENDINGS), LARGEST_SCAN, _look)


def keep_scan(*, actor: Actor, content: bytes) -> UUID:
    """Keep a scan of a paper and answer its id.

    Raises NoScan, ScanTooLarge, images.TooManyPixels, and as uploads.admit does.
    """
    return uploads.keep(
        actor=actor, name="scan", upload=uploads.admit(SCANNED, content, actor=actor), purpose=SCAN
    ).pk


@transaction.atomic
def set_photo(*, actor: Actor, pupil_id: UUID, content: bytes) -> Pupil:
    """Put a picture on the card in place of the one before. Raises as images.photo and uploads.admit do."""
    require(actor, permissions.EDIT)
    audit.sign(actor)
    picture = uploads.admit(uploads.PHOTO, content, actor=actor)
    row = locked(Pupil, pupil_id, removed_at=None)
    before = row.photo_id
    row.photo_id = uploads.keep(actor=actor, name="photo", upload=picture, purpose=PHOTO).pk
    row.save(update_fields=["photo_id", "changed_at"])
    if before is not None:
        files.delete(file_id=before)
    audit.record(actor=actor, action="contingent.photo.set", object_type="pupil", object_id=row.pk)
    return row


@transaction.atomic
def drop_photo(*, actor: Actor, pupil_id: UUID) -> None:
    """Take the picture off the card; without one it is a no-op."""
    require(actor, permissions.EDIT)
    audit.sign(actor)
    row = locked(Pupil, pupil_id, removed_at=None)
    if row.photo_id is None:
        return
    before, row.photo_id = row.photo_id, None
    row.save(update_fields=["photo_id", "changed_at"])
    files.delete(file_id=before)
    audit.record(actor=actor, action="contingent.photo.dropped", object_type="pupil", object_id=row.pk)
