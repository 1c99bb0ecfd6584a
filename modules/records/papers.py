"""The shapes of the papers of this module: plain values only, as documents.form wants them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from modules.records.data import BookLine, MoveLine


@dataclass(frozen=True, slots=True)
class Study:
    """One certificate of study."""

    number: str
    full_name: str
    birth_date: date
    school_class: str
    grade: int
    year: str
    teaching: str
    destination: str
    issued_on_kk: str
    issued_on_ru: str
    valid_until: str
    qr: str
    address: str


@dataclass(frozen=True, slots=True)
class Studies:
    """The body of the forms records.certificate and records.certificates: one a page."""

    papers: tuple[Study, ...]


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The body of the form records.alphabet: the lines of each letter."""

    scope: str
    letters: tuple[tuple[str, tuple[BookLine, ...]], ...]
    entries: int


@dataclass(frozen=True, slots=True)
class BalanceLine:
    label: str
    start: int
    arrived: int
    departed: int
    leave: int
    end: int
    adds_up: bool


@dataclass(frozen=True, slots=True)
class ClassLine:
    label: str
    is_grade: bool
    start: int
    arrived: int
    moved_in: int
    departed: int
    moved_out: int
    end: int


@dataclass(frozen=True, slots=True)
class MovementBook:
    """The body of the form records.movement: both lists of a term, and the balances."""

    term: str
    opening: str
    closing: str
    arrived: tuple[MoveLine, ...]
    departed: tuple[MoveLine, ...]
    balances: tuple[BalanceLine, ...]
    classes: tuple[ClassLine, ...]
    has_leaves: bool


@dataclass(frozen=True, slots=True)
class FileTable:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PersonalFile:
    """The body of the form records.personal_file: facts, then tables in the order of the file."""

    number: str
    full_name: str
    school_class: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[FileTable, ...]
    contents: tuple[str, ...]
