"""Files that came while the antivirus was away: looked at again until it answers."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from kernel import audit, files
from kernel.access import Actor
from kernel.events import Event, publish
from kernel.models import StoredFile
from kernel.uploads import antivirus
from kernel.uploads.refusals import AntivirusAway

log = structlog.get_logger("uploads")
AT_ONCE = 20
Verdict = StoredFile.Verdict


@dataclass(frozen=True, kw_only=True)
class FileHeld(Event):
    """A file is kept and opens to nobody until the antivirus has looked at it."""

    name = "uploads.file.held.v1"
    file_id: str
    user_id: int | None
    purpose: str


@dataclass(frozen=True, kw_only=True)
class FileJudged(Event):
    """The antivirus has looked at a file that waited; with a virus its bytes are gone."""

    name = "uploads.file.judged.v1"
    file_id: str
    user_id: int | None
    purpose: str
    virus: str


def look_again(*, actor: Actor) -> int:
    """Have the files that have waited longest looked at; answers how many were. Only inside a transaction."""
    waiting = StoredFile.objects.select_for_update(skip_locked=True).filter(verdict=Verdict.WAITING)
    judged = 0
    for row in waiting.order_by("created_at", "pk")[:AT_ONCE]:
        try:
            virus = antivirus.scan(files.content_of(row))
        except AntivirusAway:
            break
        _judge(row, virus, actor=actor)
        judged += 1
    return judged


def _judge(row: StoredFile, virus: str, *, actor: Actor) -> None:
    if virus:
        log.warning("upload.infected", purpose=row.purpose, virus=virus, size=row.size)
        files.drop_bytes(row)
    row.verdict = Verdict.INFECTED if virus else Verdict.CLEAN
    row.save(update_fields=["verdict"])
    audit.record(
        actor=actor,
        action="kernel.file.judged",
        object_type="file",
        object_id=row.pk,
        outcome="refused" if virus else "ok",
        details={"virus": virus[:100], "purpose": row.purpose},
    )
    publish(
        FileJudged(file_id=str(row.pk), user_id=row.user_id, purpose=row.purpose, virus=virus[:100]),
        actor=actor,
    )
