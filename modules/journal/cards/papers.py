"""The shapes of report cards, on the screen and on paper: plain values in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CardLine:
    """A subject's marks: of four quarters or of two half-years, of the year, of the exam, and the final one."""

    subject: str
    marks: tuple[str, ...]
    annual: str
    exam: str
    final: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Whole days and lessons that a pupil missed; `ill` are the lessons missed by illness."""

    days: int = 0
    lessons: int = 0
    ill: int = 0


@dataclass(frozen=True, slots=True)
class ReportCard:
    """A pupil's year. `missed` is of the four quarters and of the year; `notes` explain what stands beside marks."""

    pupil_id: UUID
    pupil: str
    file_number: str
    class_label: str
    class_teacher: str
    is_graded: bool
    has_exams: bool
    lines: tuple[CardLine, ...]
    missed: tuple[Missed, ...]
    decision: str
    order: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportCards:
    """The body of the form journal.report_cards: each card begins a sheet."""

    year: str
    cards: tuple[ReportCard, ...]


@dataclass(frozen=True, slots=True)
class BookRow:
    pupil: str
    file_number: str
    marks: tuple[str, ...]
    decision: str


@dataclass(frozen=True, slots=True)
class CardBook:
    """The body of the form journal.card_book: a class's year in one table."""

    school_class: str
    year: str
    class_teacher: str
    subjects: tuple[str, ...]
    rows: tuple[BookRow, ...]
