"""From cells to checked rows: the same path for the screen, the command and the load itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from imports.declaration import Column, Importer, Row, Verdict
from imports.findings import NOTHING, Finding, Read, Severity, say_both
from imports.normalise import clean, clip
from imports.reading.sheets import plain
from imports.steps import Progress, Steps
from kernel.access import Actor

FORMULA = "formula"
READING = 0.8  # of a check; the rest is comparing
_EXCEL_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"}


@dataclass(frozen=True, slots=True)
class Source:
    """A row as it comes: cells by column code and what a person has decided about them."""

    number: int
    cells: Mapping[str, Any]
    settled: frozenset[str] = frozenset()
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found."""

    rows: list[Row]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(row.verdict.value for row in self.rows)
        return {verdict.value: found.get(verdict.value, 0) for verdict in Verdict} | {
            "doubt": sum(1 for row in self.rows if row.findings and not row.is_blocked)
        }


def check(
    importer: Importer, sources: Sequence[Source], *, actor: Actor, progress: Progress | None = None
) -> Checked:
    """Normalise every cell, compare the rows with each other and with the school. Writes nothing."""
    steps = Steps(progress, len(sources))
    memo: Memo = {}
    rows = [
        read_row(importer, source, memo) for source in steps.each(sources, _("Reading the rows"), end=READING)
    ]
    steps.tell(READING, _("Comparing with the school"))
    importer.check(rows, actor=actor)
    for row, source in zip(rows, sources, strict=True):
        if source.settled:
            row.findings = [
                (column, found)
                for column, found in row.findings
                if found.severity is Severity.ERROR or f"{column}:{found.code}" not in source.settled
            ]
        if row.is_blocked:
            row.verdict = Verdict.ERROR
    return Checked(rows)


def bound_to(numbers: Iterable[int], ties: Mapping[int, Iterable[str]]) -> set[int]:
    """The rows and all that are bound to them, directly or through others."""
    by_tie: dict[str, list[int]] = defaultdict(list)
    for number, names in ties.items():
        for name in names:
            by_tie[name].append(number)
    found: set[int] = set()
    waiting = list(numbers)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            for name in ties[number]:
                waiting += by_tie.pop(name, ())
    return found


# What was read already of the same cell in the same column: names, classes and nationalities come again and again.
Memo = dict[tuple[str, type, Any], tuple[str, Read]]


def read_row(importer: Importer, source: Source, memo: Memo) -> Row:
    """The row's cells as they are understood, each by itself and then with each other."""
    row = Row(source.number, {}, sheet=source.sheet)
    for column in importer.columns:
        cell = source.cells.get(column.code)
        if cell is None or cell == "":
            if column.required:
                row.error(column.code, "required")
            continue
        if isinstance(cell, dict):
            seen, read = _read_cell(column, cell)
        else:
            key = (column.code, type(cell), cell)
            known = memo.get(key)
            if known is None:
                known = memo[key] = _read_cell(column, cell)
            seen, read = known
        row.shown[column.code] = seen
        if read.value is not None:
            row.values[column.code] = read.value
        if read.findings:
            row.findings.extend((column.code, found) for found in read.findings)
    importer.complete(row)
    return row


def _read_cell(column: Column, cell: Any) -> tuple[str, Read]:
    """The cell as a person sees it, and as the column understands it."""
    seen = clip(shown(cell), 120)
    must_be_right = column.required or column.strict
    severity = Severity.ERROR if must_be_right else Severity.DOUBT
    if isinstance(cell, dict) and cell.get(FORMULA):
        return seen, Read(None, (Finding(FORMULA, severity),))
    if seen in _EXCEL_ERRORS:
        return seen, Read(None, (Finding("cell_error", severity, "", {"value": seen}),))
    read = column.read(revive(cell)) if seen else NOTHING
    if read.is_error and not must_be_right:
        return seen, Read(None, tuple(replace(found, severity=Severity.DOUBT) for found in read.findings))
    if read.value is None and column.required and not read.is_error:
        return seen, Read(None, (*read.findings, Finding("required", Severity.ERROR)))
    return seen, read


def revive(cell: Any) -> Any:
    """A stored cell as the reading gave it."""
    if isinstance(cell, dict) and "date" in cell:
        return date.fromisoformat(cell["date"])
    return cell


def shown(cell: Any) -> str:
    """A stored cell as a person sees it; of a formula what it left."""
    if isinstance(cell, dict) and cell.get(FORMULA):
        return str(cell.get("text", ""))
    return clean(revive(cell))


def stored(cell: Any, *, is_formula: bool = False) -> Any:
    """A cell as the row keeps it. What a formula left is kept to be shown, never to be taken."""
    if is_formula:
        return {FORMULA: True, "text": clip(clean(cell), 120)}
    cell = plain(cell)
    return "" if cell is None else cell[:2000] if isinstance(cell, str) else cell


def problems_of(importer: Importer, row: Row) -> list[dict[str, Any]]:
    """What is wrong with the row, fit for JSON; sentences are made when they are shown."""
    return [
        {
            "column": column,
            "code": found.code,
            "severity": found.severity.value,
            "value": row.shown.get(column, ""),
            "suggestion": found.suggestion,
            "values": dict(found.values) | ({"suggestion": found.suggestion} if found.suggestion else {}),
        }
        for column, found in row.findings
    ]


def report_lines(importer: Importer, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Every trouble of the rows as the command prints it, in both languages."""
    lines = []
    spoken: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[str, str]] = {}
    for row in rows:
        for problem in problems_of(importer, row):
            key = (problem["code"], tuple(sorted(problem["values"].items())))
            if key not in spoken:
                spoken[key] = say_both(problem["code"], problem["values"], importer.messages)
            kk, ru = spoken[key]
            lines.append(
                {
                    "row": row.number,
                    "column": problem["column"],
                    "code": problem["code"],
                    "value": problem["value"],
                    "message_kk": kk,
                    "message_ru": ru,
                }
            )
    return lines
