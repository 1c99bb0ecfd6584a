from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Note:
    """A notification as its reader sees it, in the language now active."""

    id: UUID
    title: str
    body: str
    icon: str
    url: str
    at: datetime
    is_new: bool
    count: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic and whether the person is told of it in the product."""

    topic: str
    label: str
    hint: str
    is_on: bool
