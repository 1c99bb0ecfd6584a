"""Reads a workbook from standard input in a process with limits, and writes its tables as JSON."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile

import python_calamine as calamine

_CELL = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_ROWS = re.compile(rb'number-rows-repeated="(\d+)"')
_COLUMNS = re.compile(rb'number-columns-repeated="(\d+)"')
_NAME = re.compile(rb'table:name="([^"]*)"')


def main() -> None:
    content = sys.stdin.buffer.read()
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        formulas = _formulas(content)
        tables = []
        for place, meta in enumerate(book.sheets_metadata):
            if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(place)
            tables.append(
                {
                    "name": meta.name,
                    "visible": meta.visible is calamine.SheetVisibleEnum.Visible,
                    "rows": [
                        (number, [_plain(cell) for cell in row])
                        for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1)
                        if any(cell not in ("", None) for cell in row)
                    ],
                    "merged": [(a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or []],
                    "formulas": formulas.get(meta.name, []),
                }
            )
    except calamine.PasswordError:
        sys.exit(3)
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as failure:
        sys.exit(3 if "assword" in str(failure) else 4)
    sys.stdout.write(json.dumps(tables))


def _plain(cell: object) -> object:
    isoformat = getattr(cell, "isoformat", None)
    if isoformat is None:
        return cell if isinstance(cell, str | int | float | bool) or cell is None else str(cell)
    return {"date": isoformat()[:10]} if hasattr(cell, "year") else isoformat()


def _formulas(content: bytes) -> dict[str, list[tuple[int, int]]]:
    """Cells with formulas of an open document, as (row from 1, column from 0)."""
    if content[:2] != b"PK":
        return {}
    xml = zipfile.ZipFile(io.BytesIO(content)).read("content.xml")
    found: dict[str, list[tuple[int, int]]] = {}
    here: list[tuple[int, int]] = []
    row = column = 0
    step = 1
    for kind, inside in _CELL.findall(xml):
        if kind == b"table":
            name = _NAME.search(inside)
            here = found.setdefault((name[1] if name else b"").decode(), [])
            row, step = 1, 0
        elif kind == b"table-row":
            row += step
            repeated = _ROWS.search(inside)
            step, column = int(repeated[1]) if repeated else 1, 0
        else:
            if b"table:formula=" in inside:
                here.append((row, column))
            repeated = _COLUMNS.search(inside)
            column += int(repeated[1]) if repeated else 1
    return found
