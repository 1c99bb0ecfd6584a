"""Small data that components take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Tab:
    label: Any
    url: str
    active: bool = False
    count: int | None = None
