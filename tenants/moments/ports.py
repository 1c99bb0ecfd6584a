"""What the archive of a cell is asked: a copy of the whole server, and all that was committed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Base:
    """A copy of the whole server: any moment after its end can be reached from it."""

    label: str
    begun_at: datetime
    ended_at: datetime
    bytes: int


class Archive(Protocol):
    """Where a cell's copies and its WAL lie, closed."""

    def prepare(self) -> dict[str, str]:
        """Make ready what it needs; answers the settings that the server wants for it."""
        ...

    def take(self, report: Report) -> Base:
        """Copy the whole server, and remove what need not be kept."""
        ...

    def held(self) -> list[Base]:
        """Its copies, newest first."""
        ...

    def collect(self) -> int:
        """Put away, closed, the WAL that the server has handed over; answers how many files."""
        ...

    def covers(self, segment: str) -> bool:
        """Whether the file of WAL is in it."""
        ...

    def lay_out(self, data: Path, at: datetime) -> dict[str, str]:
        """Make a data directory that recovers to the moment when a server is started on it, with these settings.

        Raises NoBase when the moment is before every copy.
        """
        ...
