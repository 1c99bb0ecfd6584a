"""Small data that components take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Action:
    """Something to do with the whole page. On a wide screen a small one is its icon alone."""

    label: Any
    href: str
    icon: str
    is_small: bool = False


@dataclass(frozen=True)
class Tab:
    label: Any
    url: str
    active: bool = False
    count: int | None = None
