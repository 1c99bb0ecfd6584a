"""Keep and take back a recording beside a cell, by the rules of a comment in words."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock, files, sounds, uploads
from kernel.access import Actor
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.ids import uuid7
from modules.journal.services import Operation, require_open
from modules.journal.settling import services as settling
from modules.journal.voices.models import Voice
from modules.journal.voices.queries import PURPOSE

LONGEST = 60  # seconds
# The recorder of a browser gives no name with an ending.
VOICE = uploads.Kind("voice", ("", ".webm", ".ogg", ".m4a", ".mp4"), sounds.LARGEST, sounds.recording)
_PUT = ["file_id", "seconds", "version", "set_by", "set_at", "set_session", "operation_id"]


class NotSoLong(DomainError):
    message = _("A recording has from 1 to {most} seconds.")
    code = "not_so_long"


@transaction.atomic
def keep(
    *, actor: Actor, course_id: UUID, lesson_id: UUID, pupil_id: UUID, kind: str, content: bytes, seconds: int
) -> Voice:
    """Put the recording beside the cell in place of the one before.

    Raises NotFound, NotAllowed, services.CellIsClosed, NotSoLong, and as sounds.recording and uploads.admit do.
    """
    if actor.user_id is None:
        raise NotAllowed  # a program has no voice
    place = _open(actor, course_id, lesson_id, pupil_id, kind)
    if not 1 <= seconds <= LONGEST:
        raise NotSoLong(most=LONGEST)
    recording = uploads.admit(VOICE, content, actor=actor)
    before = Voice.objects.select_for_update().filter(**place).first()
    kept = uploads.keep(actor=actor, name="voice", upload=recording, purpose=PURPOSE)
    row = before or Voice(**place, version=0)
    _put(actor, row, file_id=kept.pk, seconds=seconds)
    audit.record(
        actor=actor,
        action="journal.voice.kept",
        object_type="pupil",
        object_id=pupil_id,
        details={"seconds": seconds},
    )
    return row


@transaction.atomic
def take_back(*, actor: Actor, course_id: UUID, file_id: UUID) -> None:
    """Delete the recording. Raises NotFound, NotAllowed, services.CellIsClosed."""
    row = Voice.objects.select_for_update().filter(file_id=file_id, lesson__course_id=course_id).first()
    if row is None:
        raise NotFound
    _open(actor, course_id, row.lesson_id, row.pupil_id, row.kind)
    _put(actor, row, file_id=None, seconds=None)
    audit.record(actor=actor, action="journal.voice.taken_back", object_type="pupil", object_id=row.pupil_id)


def _open(actor: Actor, course_id: UUID, lesson_id: UUID, pupil_id: UUID, kind: str) -> dict[str, object]:
    """The place of the recording, where a comment in words would be taken too."""
    said = Operation(uuid7(), lesson_id, pupil_id, kind, "comment", None, "…")
    require_open(actor=actor, course_id=course_id, operation=said)
    return {"lesson_id": lesson_id, "pupil_id": pupil_id, "kind": kind}


def _put(actor: Actor, row: Voice, *, file_id: UUID | None, seconds: int | None) -> None:
    """What stands beside the cell from now on; families hear of it as of a comment in words."""
    before, now = row.file_id, clock.now()
    row.file_id, row.seconds, row.version = file_id, seconds, row.version + 1
    row.set_by, row.set_at, row.set_session = actor.user_id or 0, now, actor.session_id
    row.operation_id = uuid4()
    if row.version == 1:
        row.save(force_insert=True)
    else:
        row.save(update_fields=_PUT)
    if before is not None:
        files.delete(file_id=before)
    settling.note(pupil_ids=[row.pupil_id], at=now)
