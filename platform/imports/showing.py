"""What the pages show of a batch: sentences, groups of troubles, people of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from imports import checking, queries
from imports.declaration import Column, Importer
from imports.findings import LEFT_OUT, say
from imports.models import ImportBatch, ImportRow
from imports.queries import Word


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble of a row, ready to be shown."""

    number: int
    where: str
    who: str
    column: str
    label: str
    code: str
    is_error: bool
    value: str
    suggestion: str
    message: str
    choices: tuple[str, ...]
    anchor: str

    @property
    def may_settle(self) -> bool:
        return not self.is_error


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of trouble and how many rows have it."""

    code: str
    column: str
    label: str
    message: str
    count: int
    is_error: bool
    has_suggestion: bool


def troubles(
    importer: Importer,
    batch: ImportBatch,
    rows: Iterable[ImportRow],
    *,
    language: str,
    code: str = "",
    severity: str = "",
) -> list[Trouble]:
    """The troubles of the rows in the order of the file; narrowed to a kind if one is asked for."""
    found = []
    columns = {column.code: column for column in importer.columns}
    for row in rows:
        who = owner_of(importer, batch, row)
        for problem in row.problems:
            if (code and problem["code"] != code) or (severity and problem["severity"] != severity):
                continue
            column = columns.get(problem["column"])
            found.append(
                Trouble(
                    number=row.number,
                    where=batch.where(row.number),
                    who=who,
                    column=problem["column"],
                    label=_label(batch, column, language),
                    code=problem["code"],
                    is_error=problem["severity"] == "error",
                    value=str(row.decisions.get(problem["column"], problem["value"])),
                    suggestion=problem["suggestion"],
                    message=say(problem["code"], problem["values"], importer.messages),
                    choices=(column.choices_ru if language == "ru" else column.choices_kk) if column else (),
                    anchor=f"r{row.number}-{problem['column']}-{problem['code']}",
                )
            )
    return found


def _label(batch: ImportBatch, column: Column | None, language: str) -> str:
    """The column as the file calls it, or as we do when the file has it not."""
    if column is None:
        return ""
    place = batch.mapping.get(column.code)
    if place is not None and place < len(batch.labels) and batch.labels[place]:
        return str(batch.labels[place])
    return column.label(language)


def owner_of(importer: Importer, batch: ImportBatch, row: ImportRow) -> str:
    """Whose row it is, as far as it can be read."""
    for group in importer.named_by:
        parts = (row.parsed.get(code) or _raw(batch, row, code) for code in group)
        said = " ".join(
            part if isinstance(part, str) else _raw(batch, row, code)
            for code, part in zip(group, parts, strict=True)
        )
        if said.strip():
            return " ".join(said.split())
    return ""


def _raw(batch: ImportBatch, row: ImportRow, code: str) -> str:
    place = batch.mapping.get(code)
    if place is None or place >= len(row.raw):
        return ""
    return checking.shown(row.raw[place])


@dataclass(frozen=True, slots=True)
class Done:
    """The last correction, which can be undone."""

    label: str
    count: int
    steps: int


def last_done(importer: Importer, batch: ImportBatch, *, language: str) -> Done | None:
    last = queries.last_repair(batch)
    if last is None:
        return None
    label = _label(batch, importer.column(last.column), language)
    return Done(label, len(last.before), batch.repairs.count())


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of the file that is no row of the list."""

    where: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What of the file is no row of it, and how often."""

    reason: str
    items: list[tuple[str, int]]


def told(importer: Importer, batch: ImportBatch) -> list[Told]:
    """What is not taken from the file, each reason with what it names."""
    found: dict[str, list[tuple[str, int]]] = {}
    for reason, text, count in batch.told:
        found.setdefault(reason, []).append((text, count))
    return [
        Told(str(importer.told_words.get(reason, LEFT_OUT.get(reason, reason))), items)
        for reason, items in found.items()
    ]


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word of the file and what it means here, as the form shows it."""

    word: Word
    label: str
    value: str
    is_guess: bool


_MOST_WORDS = 200


def words(importer: Importer, batch: ImportBatch, *, language: str) -> list[WordLine]:
    """Words to be explained, each with a guess where there is one."""
    return [
        WordLine(
            one,
            _label(batch, importer.column(one.column), language),
            one.means or one.suggestion,
            bool(one.suggestion) and not one.means,
        )
        for one in queries.words(batch, importer)[:_MOST_WORDS]
    ]


def left_out(batch: ImportBatch) -> list[LeftOut]:
    return [
        LeftOut(batch.where(number), str(LEFT_OUT[reason]), text) for number, reason, text in batch.left_out
    ]


def groups(importer: Importer, batch: ImportBatch, *, language: str) -> list[Group]:
    """Kinds of trouble, errors first, the commonest first."""
    return [
        Group(
            code=one["code"],
            column=one["column"],
            label=_label(batch, importer.column(one["column"]), language),
            message=general(one["code"], importer),
            count=one["count"],
            is_error=one["severity"] == "error",
            has_suggestion=one["suggestions"] > 1,
        )
        for one in queries.problem_groups(batch)
    ]


# Short names of kinds of trouble, where the sentence speaks of one cell.
_BLANKS = {"value": "…", "suggestion": "…", "row": "…", "name": "…", "count": "…", "date": "…"}


def general(code: str, importer: Importer) -> str:
    """The sentence without the cell's own words."""
    values = _BLANKS | {"class": "…", "now": "…", "before": "…", "after": "…", "limit": "…"}
    return say(code, values, importer.messages).replace("….", "…")


def samples(batch: ImportBatch, rows: list[ImportRow], place: int, limit: int = 3) -> list[str]:
    """The first cells of a column of the file."""
    cells = [checking.shown(row.raw[place]) for row in rows if place < len(row.raw)]
    return [cell for cell in cells if cell][:limit]


def plain_counts(counts: dict[str, Any]) -> dict[str, int]:
    return {key: int(counts.get(key, 0)) for key in ("rows", "create", "update", "skip", "error", "doubt")}
