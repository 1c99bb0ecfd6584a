"""Lists as workbooks. What people typed is written as text, so no formula in it ever runs."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

from kernel import clock

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# For every workbook of ours: what looks like a formula, a number or an address is the text that somebody typed.
PLAIN = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
Kind = Literal["text", "number", "percent", "date", "moment"]
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@", "text_wrap": True},
    "number": {"num_format": "#,##0.##"},
    "percent": {"num_format": "0.0%"},
    "date": {"num_format": "dd.mm.yyyy", "align": "left"},
    "moment": {"num_format": "dd.mm.yyyy hh:mm", "align": "left"},
}
_NARROWEST, _WIDEST = 7, 48
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head in the reader's language. A percentage is given as a share, 0.785."""

    title: Any
    kind: Kind = "text"
    width: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list. `rows` may be any iterable: it is written as it comes and never held whole."""

    title: Any
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The lists as one .xlsx: heads stay in sight, columns can be filtered, widths follow the text."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {**PLAIN, "constant_memory": True}) as book:
        book.set_properties({"created": datetime(2020, 1, 1), "title": ""})  # noqa: DTZ001 - the file tells no time
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#DCE6EE", "bottom": 1}
        )
        cells = {kind: book.add_format({"valign": "top", **look}) for kind, look in _FORMATS.items()}
        taken: set[str] = set()
        for sheet in sheets:
            _write(book.add_worksheet(_title(str(sheet.title), taken)), sheet, head, cells)
    return target.getvalue()


def response(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """The workbook as a download; `name` without the ending, in the reader's language."""
    answer = HttpResponse(workbook(sheets), content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = attachment(f"{name}.xlsx")
    return answer


def attachment(name: str, *, inline: bool = False) -> str:
    """A Content-Disposition that keeps Kazakh letters in the file's name."""
    return f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"


def _write(page: Any, sheet: Sheet, head: Any, cells: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    page.hide_gridlines(2)
    page.set_paper(9)
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    widths = [
        max(_NARROWEST, *(len(word) + 4 for word in str(c.title).split() or [""])) for c in sheet.columns
    ]
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, str(column.title), head)
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            shown = _cell(page, last, place, column.kind, value, cells)
            widths[place] = max(widths[place], shown + 2)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width or min(widths[place], _WIDEST))
    if sheet.columns:
        page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _cell(page: Any, row: int, place: int, kind: Kind, value: Any, cells: dict[str, Any]) -> int:
    """Write one value and answer how wide it looks. What does not fit its column's kind is written as text."""
    if value is None or value == "":
        page.write_blank(row, place, None, cells[kind])
        return 0
    if isinstance(value, bool):
        value = "+" if value else "–"
    if kind in ("number", "percent") and isinstance(value, int | float | Decimal):
        page.write_number(row, place, float(value), cells[kind])
        return len(f"{value}")
    if isinstance(value, datetime):
        page.write_datetime(row, place, value.astimezone(clock.ALMATY).replace(tzinfo=None), cells["moment"])
        return 16
    if isinstance(value, date):
        page.write_datetime(row, place, datetime(value.year, value.month, value.day), cells["date"])  # noqa: DTZ001
        return 10
    text = str(value)[:32_000]
    page.write_string(row, place, text, cells["text"])
    return max(len(line) for line in text.splitlines() or [""])


def _title(text: str, taken: set[str]) -> str:
    """A sheet's name as Excel allows it: 31 letters, none of its own signs, no two alike."""
    clean = " ".join(text.translate(_NOT_IN_TITLES).split())[:31] or "1"
    name, number = clean, 2
    while name.lower() in taken:
        ending = f" {number}"
        name, number = clean[: 31 - len(ending)] + ending, number + 1
    taken.add(name.lower())
    return name
