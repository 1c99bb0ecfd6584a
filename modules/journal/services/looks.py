"""Telling the log of looks whose marks a page, a paper or a file shows."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from kernel import audit
from kernel.access import Actor
from modules.journal.queries import Grid


def saw(*, actor: Actor, pupils: Iterable[UUID], purpose: str) -> None:
    """The actor is shown what the journal keeps of these pupils; to leaf there and back is one look."""
    audit.viewed(actor=actor, subject="pupil", subject_ids=pupils, purpose=purpose, leafing=True)


def pupils_of(grids: Iterable[Grid]) -> list[UUID]:
    """Everybody who stands in these journals."""
    return [UUID(key) for key in dict.fromkeys(row.pupil_id for one in grids for row in one.rows)]
