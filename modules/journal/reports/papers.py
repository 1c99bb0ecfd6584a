"""Reports on paper and in Excel: one shape for all, made of the same tables as the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from documents import excel
from modules.journal.reports.data import Report, Table, shown


@dataclass(frozen=True, slots=True)
class PaperTable:
    title: str
    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The body of the forms of reports."""

    heading: str
    scope: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[PaperTable, ...]
    texts: tuple[tuple[str, str], ...]
    post: str
    name: str


def paper(report: Report) -> Paper:
    return Paper(
        heading=report.title,
        scope=report.scope,
        facts=tuple((str(label), value) for label, value in report.facts),
        tables=tuple(
            PaperTable(
                title=str(one.title),
                heads=tuple(str(head.label) for head in one.heads),
                kinds=tuple(head.kind for head in one.heads),
                lines=tuple(_words(one, line.cells) for line in one.lines),
                note=one.note,
            )
            for one in report.tables
        ),
        texts=tuple((str(label), value) for label, value in report.texts if value),
        post=str(report.signs[0]),
        name=report.signs[1],
    )


def _words(table: Table, cells: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(shown(value, head.kind) for head, value in zip(table.heads, cells, strict=True))


def sheets(report: Report) -> Iterable[excel.Sheet]:
    """A sheet a table; the facts and what the author wrote on one more."""
    for table in report.tables:
        kinds = [head.kind for head in table.heads]
        columns = [excel.Column(head.label, head.kind) for head in table.heads]
        rows = [
            tuple(
                value / 100 if kind == "percent" and isinstance(value, int | float) else value
                for kind, value in zip(kinds, line.cells, strict=True)
            )
            for line in table.lines
        ]
        yield excel.Sheet(table.title, columns, rows)
    said = [*report.facts, *((label, text) for label, text in report.texts if text)]
    if said:
        columns = [excel.Column("", width=30), excel.Column(report.title, width=80)]
        yield excel.Sheet(report.title, columns, [(str(label), text) for label, text in said])
