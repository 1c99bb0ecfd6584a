"""What the papers of this module hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Board:
    """A table for the wall: a head and rows of cells, each of one or more lines."""

    title: str
    term: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
