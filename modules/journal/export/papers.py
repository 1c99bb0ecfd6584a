"""The shape of a class journal on paper: plain values in the language of the paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from modules.journal.cards.papers import CardBook, Missed
from modules.journal.papers import SheetPaper
from modules.journal.remarks.papers import RemarkLine


@dataclass(frozen=True, slots=True)
class Summative:
    """The page of СОР and СОЧ of a period: points by work, shares of the percentage, its sum, the mark."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SubjectPages:
    """A subject's journal of the year: its periods in order, `summaries` beside them (None without СОР and СОЧ)."""

    subject: str
    teacher: str
    sheets: tuple[SheetPaper, ...]
    summaries: tuple[Summative | None, ...]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A pupil's marks of one period over all subjects."""

    period: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PupilPages:
    """A pupil in the lists of the journal: data, marks by period, what was missed by quarter and in the year."""

    pupil: str
    file_number: str
    birth_date: date
    rows: tuple[SummaryRow, ...]
    missed: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class HealthRow:
    """A pupil of the health list: groups and advice, never an illness."""

    pupil: str
    group: str
    physical_education: str
    advice: str


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A remark on one of the class's journals."""

    subject: str
    line: RemarkLine


@dataclass(frozen=True, slots=True)
class LastPages:
    """The last pages of a class's journal. None where the page is not open to whoever saves the journal."""

    health: tuple[HealthRow, ...] | None
    remarks: tuple[RemarkRow, ...] | None


@dataclass(frozen=True, slots=True)
class ClassJournal:
    """The body of the form journal.class_journal."""

    school_class: str
    year: str
    class_teacher: str
    subjects: tuple[SubjectPages, ...]
    book: CardBook
    pupils: tuple[PupilPages, ...]
    last: LastPages


@dataclass(frozen=True, slots=True)
class CourseJournal:
    """The body of the form journal.course_journal: one subject's journal of the year."""

    school_class: str
    year: str
    pages: SubjectPages
