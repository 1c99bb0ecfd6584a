"""The photo of a card: an image by its bytes, not by its name, drawn anew."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kernel import audit, files, uploads
from kernel.access import Actor, require
from modules.staff import permissions
from modules.staff.models import Employee
from modules.staff.services.cards import locked

PURPOSE = "staff.photo"


@transaction.atomic
def set_photo(*, actor: Actor, employee_id: UUID, content: bytes) -> Employee:
    """Put a picture on the card in place of the one before. Raises as images.photo and uploads.admit do."""
    require(actor, permissions.EDIT)
    picture = uploads.admit(uploads.PHOTO, content, actor=actor)
    row = locked(employee_id)
    before = row.photo_id
    row.photo_id = uploads.keep(actor=actor, name="photo", upload=picture, purpose=PURPOSE).pk
    row.save(update_fields=["photo_id", "changed_at"])
    if before is not None:
        files.delete(file_id=before)
    audit.record(actor=actor, action="staff.photo.set", object_type="employee", object_id=row.pk)
    return row


@transaction.atomic
def drop_photo(*, actor: Actor, employee_id: UUID) -> None:
    """Take the picture off the card; without one it is a no-op."""
    require(actor, permissions.EDIT)
    row = locked(employee_id)
    if row.photo_id is None:
        return
    before, row.photo_id = row.photo_id, None
    row.save(update_fields=["photo_id", "changed_at"])
    files.delete(file_id=before)
    audit.record(actor=actor, action="staff.photo.dropped", object_type="employee", object_id=row.pk)
