"""Papers and pictures of a card: judged by their bytes, kept among the school's files, read only through the card."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, files, images
from kernel.access import Actor, require
from kernel.errors import DomainError
from modules.contingent import permissions
from modules.contingent.models import Pupil
from modules.contingent.queries import PHOTO, SCAN
from modules.contingent.services.cards import locked

LARGEST_SCAN = 5 * 1024 * 1024
# A paper that would do something when it is opened is no scan.
_LIVELY = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia")


class NoScan(DomainError):
    message = _("This is not a scan. Choose a PDF, JPEG or PNG file.")
    code = "no_scan"


class ScanTooLarge(DomainError):
    message = _("The file is larger than 5 MB.")
    code = "scan_too_large"


def keep_scan(*, actor: Actor, content: bytes) -> UUID:
    """Keep a scan of a paper and answer its id. Raises NoScan, ScanTooLarge."""
    if len(content) > LARGEST_SCAN:
        raise ScanTooLarge
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-1024:] or any(word in content for word in _LIVELY):
            raise NoScan
        kept, media_type = content, "application/pdf"
    else:
        picture = images.clean(content)
        if picture is None:
            raise NoScan
        kept, media_type = picture.content, picture.media_type
    return files.store(actor=actor, name="scan", content=kept, content_type=media_type, purpose=SCAN).pk


@transaction.atomic
def set_photo(*, actor: Actor, pupil_id: UUID, content: bytes) -> Pupil:
    """Put a picture on the card in place of the one before. Raises as images.photo does."""
    require(actor, permissions.EDIT)
    audit.sign(actor)
    picture = images.photo(content)
    row = locked(Pupil, pupil_id, removed_at=None)
    before = row.photo_id
    row.photo_id = files.store(
        actor=actor, name="photo", content=picture.content, content_type=picture.media_type, purpose=PHOTO
    ).pk
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
