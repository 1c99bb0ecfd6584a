"""The shapes of the papers of this module: plain values only, as documents.form wants them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A lesson, or a work written at it; `note` is the work with its maximum."""

    day: str
    note: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    pupil: str
    cells: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class SheetTopic:
    day: date
    topic: str
    homework: str


@dataclass(frozen=True, slots=True)
class SheetWords:
    """A pupil of whose progress is written in words; empty while nothing is."""

    pupil: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetPaper:
    """The body of the form journal.sheet."""

    school_class: str
    subject: str
    teacher: str
    year: str
    period: str
    start: date
    end: date
    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]
    topics: tuple[SheetTopic, ...]
    marks: tuple[tuple[str, int], ...]
    letters: str
    words: tuple[SheetWords, ...] = ()
    has_marks: bool = True  # False where progress is told in words alone: no column for the period's mark
