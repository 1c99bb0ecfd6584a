"""Let a file in, or say why not."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.conf import settings

from kernel import audit, files
from kernel.access import Actor
from kernel.events import publish
from kernel.models import StoredFile
from kernel.uploads import antivirus
from kernel.uploads.kinds import Kind
from kernel.uploads.quarantine import FileHeld
from kernel.uploads.refusals import AntivirusAway, Infected

log = structlog.get_logger("uploads")
Verdict = StoredFile.Verdict


@dataclass(frozen=True, slots=True)
class Admitted:
    """What may be kept, and how far the antivirus is with it."""

    content: bytes
    media_type: str
    verdict: str


def admit(kind: Kind, content: bytes, *, actor: Actor) -> Admitted:
    """Judge the bytes and have them looked at by the antivirus; the log is told of a virus.

    Raises what the kind's `look` raises, Infected, and AntivirusAway where the file would be read at once.
    """
    seen = kind.look(content)
    return Admitted(seen.content, seen.media_type, _verdict(kind, content, actor))


def _verdict(kind: Kind, content: bytes, actor: Actor) -> str:
    if settings.ANTIVIRUS == "off":
        return Verdict.UNSCANNED
    try:
        virus = antivirus.scan(content)
    except AntivirusAway:
        if kind.read_at_once:
            raise
        return Verdict.WAITING
    if virus:
        log.warning("upload.infected", kind=kind.code, virus=virus, size=len(content))
        audit.record_refusal(
            actor=actor,
            action="kernel.file.infected",
            object_type="file",
            details={"virus": virus[:100], "kind": kind.code, "size": len(content)},
        )
        raise Infected(virus=virus)
    return Verdict.CLEAN


def keep(*, actor: Actor, name: str, upload: Admitted, purpose: str) -> StoredFile:
    """Keep what was let in. In quarantine nobody opens it, and who sent it is told. Only inside a transaction."""
    row = files.store(
        actor=actor,
        name=name,
        content=upload.content,
        content_type=upload.media_type,
        purpose=purpose,
        verdict=upload.verdict,
    )
    if upload.verdict == Verdict.WAITING:
        publish(FileHeld(file_id=str(row.pk), user_id=actor.user_id, purpose=purpose), actor=actor)
    return row
