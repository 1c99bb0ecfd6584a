"""The shape of the printed page of remarks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RemarkLine:
    day: date
    text: str
    by: str
    answer: str
    done: str


@dataclass(frozen=True, slots=True)
class RemarksPaper:
    """The body of the form journal.remarks."""

    school_class: str
    subject: str
    teacher: str
    year: str
    lines: tuple[RemarkLine, ...]
