"""What a page asks of one field of a cell, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Operation:
    """One field of one cell: `old` is what the page showed, `new` what was typed; None is empty."""

    id: UUID
    lesson_id: UUID
    pupil_id: UUID
    kind: str
    field: str
    old: Any
    new: Any
    reason: str = ""


@dataclass(slots=True)
class Result:
    """What became of an operation; `value` and `version` are those of the field as it stands now."""

    id: UUID
    status: str
    value: Any = None
    version: int = 0
    by: str = ""
    at: datetime | None = None
    message: str = ""
    summary: dict[str, Any] = field(default_factory=dict)
