"""How a module says what it can load: columns, what a row does, and how it is taken back.

A module declares an `Importer` in its `importers.py`, imported at start:

    class Pupils(Importer):
        code, title, permission, columns = "pupils", _("Pupils"), permissions.IMPORT, (...)
        def check(self, rows, *, actor): ...
        def commit(self, rows, *, actor, steps): ...
        def undo(self, changes, *, actor): ...

    register(Pupils())
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from django.utils.module_loading import autodiscover_modules

from imports.findings import Finding, Read, Severity
from imports.normalise import class_in
from imports.reading.sheets import Table, read_tables
from imports.steps import Steps
from kernel.access import Actor, Permission
from kernel.errors import NotFound

# Rows of the second sheet are numbered from this on, those of the third from its double.
SHEET_STEP = 100_000


def where(number: int, sheet: str = "") -> str:
    """How a person finds the row in the file: its number, with the sheet when several are read."""
    line = str(number % SHEET_STEP)
    return f"{sheet} – {line}" if sheet else line


class Verdict(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    SKIP = "skip"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that the importer understands.

    `read` makes a cell plain. What it calls an error keeps the row out only when the column is `required` or
    `strict`; otherwise the cell is left out with a doubt.
    """

    code: str
    kk: str
    ru: str
    read: Callable[[Any], Read]
    names: tuple[str, ...] = ()
    required: bool = False
    strict: bool = False
    example_kk: str = ""
    example_ru: str = ""
    choices_kk: tuple[str, ...] = ()
    choices_ru: tuple[str, ...] = ()
    # Cells name things of the school: what a word means may be said once for all rows, and is remembered.
    matched: bool = False

    def label(self, language: str) -> str:
        return self.ru if language.startswith("ru") else self.kk

    @property
    def synonyms(self) -> tuple[str, ...]:
        return (self.kk, self.ru, *self.names)


@dataclass(slots=True)
class Row:
    """A row under check. `number` tells it from the others, `where` is how the person finds it in the file."""

    number: int
    values: dict[str, Any]
    shown: dict[str, str] = field(default_factory=dict)
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    verdict: Verdict = Verdict.CREATE
    plan: Any = None
    target: UUID | None = None
    sheet: str = ""
    brings: str = ""  # what loading the row does besides: a class to be opened

    @property
    def where(self) -> str:
        return where(self.number, self.sheet)

    def get(self, column: str) -> Any:
        return self.values.get(column)

    def error(self, column: str, code: str, suggestion: str = "", **values: str) -> None:
        self.findings.append((column, Finding(code, Severity.ERROR, suggestion, values)))

    def doubt(self, column: str, code: str, suggestion: str = "", **values: str) -> None:
        self.findings.append((column, Finding(code, Severity.DOUBT, suggestion, values)))

    @property
    def is_blocked(self) -> bool:
        return any(found.severity is Severity.ERROR for _column, found in self.findings)


class ChangeKind(StrEnum):
    CREATED = "created"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class Change:
    """What a row did to an object; `before` and `after` hold the fields that an update changed, fit for JSON."""

    object_type: str
    object_id: UUID
    kind: ChangeKind
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """A file as tables; `told` is what of it is no row of any: a reason's code and the words, with how often."""

    tables: list[Table]
    told: list[tuple[str, str, int]] = field(default_factory=list)


class Importer(ABC):
    """What a module can load. One object for the process; it keeps no state."""

    code: ClassVar[str]
    title: ClassVar[Any]
    permission: ClassVar[Permission]
    columns: ClassVar[tuple[Column, ...]]
    messages: ClassVar[Mapping[str, Any]] = {}
    needs: ClassVar[tuple[tuple[str, ...], ...]] = ()
    icon: ClassVar[str] = "file-import"
    list_url_name: ClassVar[str] = ""  # where what was loaded is seen
    # The column that a title, a line between the rows or the name of the sheet may fill in for all rows below it.
    from_title: ClassVar[str] = ""
    # Columns that say whose row it is: the first group of which something is filled in.
    named_by: ClassVar[tuple[tuple[str, ...], ...]] = (("surname", "name", "patronymic"), ("full_name",))
    # What the rows' `brings` are.
    brings_title: ClassVar[Any] = ""
    # Endings of files that are taken besides spreadsheets, and what the page says of them.
    accepts: ClassVar[tuple[str, ...]] = ()
    accepts_words: ClassVar[Any] = ""
    # Troubles of `matched` columns that end when the word is said to mean something else.
    word_troubles: ClassVar[frozenset[str]] = frozenset({"unknown_word"})
    # Why something of a file is not taken, by the codes of `File.told`.
    told_words: ClassVar[Mapping[str, Any]] = {}
    # Whether `ties` reads the row's plan besides its values: then a row is checked by itself before it is asked.
    ties_of_plan: ClassVar[bool] = False

    def read(self, content: bytes, *, actor: Actor) -> File:
        """The file's tables. Raises BadFile. An importer may read files of other programs into tables of its own."""
        return File(read_tables(content))

    def options(self, column: str, *, actor: Actor) -> list[str]:
        """What a word in a `matched` column may mean: the names that the school has there."""
        return []

    def complete(self, row: Row) -> None:  # noqa: B027 - most cells say all
        """Take from the row's own cells what others of them left out, and compare them with each other."""

    def ties(self, row: Row) -> Iterable[str]:
        """What binds the completed row to others of the file, told by its values.

        Of rows that share no tie, directly or through others, none changes what `check` says of the rest: when a cell
        is put right, only the bound ones are checked anew. Without a word of the importer all are bound to all.
        """
        return ("",)

    @abstractmethod
    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        """Look at the completed rows together and against what the school has; set verdict and target, add findings.

        Rows that are blocked already come too: others may be compared with them. Writes nothing, and costs the same
        number of queries however many rows there are.
        """

    @abstractmethod
    def commit(self, rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
        """Carry out the checked rows (create and update only) in the caller's transaction, telling `steps` how far."""

    def commit_file(self, rows: Sequence[Row], *, actor: Actor, steps: Steps, file_name: str) -> list[Change]:
        """The same, for importers to which the file's name says something."""
        return self.commit(rows, actor=actor, steps=steps)

    @abstractmethod
    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        """Take the changes back in the caller's transaction, as far as nobody has changed or used the objects since.

        Answer the names of the objects that stay.
        """

    def what_stays(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        """The names that `undo` would answer now, without doing anything."""
        return []

    def read_title(self, value: Any) -> str:
        """What a title says of the rows below it, as a cell of the column `from_title`; nothing when it is none."""
        return class_in(value)

    def lacks(self, mapping: Mapping[str, int]) -> list[Column]:
        """Columns without which nothing can be loaded; of each group in `needs` one is enough."""
        groups = self.needs or tuple((column.code,) for column in self.columns if column.required)
        return [
            column
            for group in groups
            if not any(code in mapping for code in group) and (column := self.column(group[0])) is not None
        ]

    def column(self, code: str) -> Column | None:
        return next((column for column in self.columns if column.code == code), None)

    def synonyms(self) -> dict[str, tuple[str, ...]]:
        return {column.code: column.synonyms for column in self.columns}


_REGISTER: dict[str, Importer] = {}
_USAGE: dict[str, list[Callable[[Iterable[UUID]], set[UUID]]]] = {}


def register(importer: Importer) -> Importer:
    if importer.code in _REGISTER:
        raise ValueError(f"importer {importer.code} is declared twice")
    codes = [column.code for column in importer.columns]
    if len(codes) != len(set(codes)):
        raise ValueError(f"importer {importer.code} has a column twice")
    _REGISTER[importer.code] = importer
    return importer


def importer(code: str) -> Importer:
    """The importer with the code; raises NotFound."""
    if code not in _REGISTER:
        raise NotFound
    return _REGISTER[code]


def importers() -> list[Importer]:
    return list(_REGISTER.values())


def uses(object_type: str) -> Callable[[Callable[[Iterable[UUID]], set[UUID]]], Any]:
    """Register a function that answers which of the objects somebody has used: marks of a pupil, lessons of a teacher.

    An upper module tells so without the lower one knowing of it; what is used is not taken back.
    """

    def decorate(find: Callable[[Iterable[UUID]], set[UUID]]) -> Callable[[Iterable[UUID]], set[UUID]]:
        _USAGE.setdefault(object_type, []).append(find)
        return find

    return decorate


def used(object_type: str, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the objects that somebody uses."""
    wanted = list(ids)
    return {one for find in _USAGE.get(object_type, []) for one in find(wanted)}


def discover() -> None:
    """Import every installed app's importers.py."""
    autodiscover_modules("importers")
