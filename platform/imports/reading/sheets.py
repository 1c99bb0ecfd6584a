"""Tables out of files. Formulas are never carried out: what they left in the cell is marked and not taken."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

import python_calamine as calamine

from imports.reading import text
from imports.reading.files import Kind, bad, kind_of

MAX_ROWS = 10_000
MAX_COLUMNS = 200
_SPARE_ROWS = 200  # preamble, blank rows and notes below do not count as data
_REF = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3})(\d{1,9})"')
_FORMULA = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:<(?:\w+:)?f[\s>/])')
_ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?r="(\d{1,9})"')
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ISOLATED_SECONDS = 30
_ISOLATED_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: rows with their numbers as the person sees them, from 1; blank rows are left out."""

    name: str
    rows: list[tuple[int, list[Any]]]
    formulas: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    visible: bool = True


def read_tables(content: bytes) -> list[Table]:
    """All sheets of the file that hold anything. Raises BadFile."""
    kind = kind_of(content)
    if kind is Kind.CSV:
        tables = [Table("", text.rows(content))]
    elif kind is Kind.XLSX:
        tables = _read_xlsx(content)
    else:
        tables = _read_apart(content)
    tables = [table for table in tables if table.rows]
    if not tables:
        raise bad("no_rows")
    if any(len(table.rows) > MAX_ROWS + _SPARE_ROWS for table in tables):
        raise bad("too_long", limit=MAX_ROWS)
    if any(len(cells) > MAX_COLUMNS for table in tables for _n, cells in table.rows[:50]):
        raise bad("too_wide")
    return tables


def _read_xlsx(content: bytes) -> list[Table]:
    """Look through the raw sheets first: a cell far away would make a table of gigabytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            paths = _sheet_paths(archive)
            formulas = {name: _look_through(archive.read(path)) for name, path in paths.items()}
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError, EOFError) as failure:
        raise bad("broken") from failure
    return list(_tables(content, formulas))


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Path in the archive by name of sheet."""
    book = _xml(archive.read("xl/workbook.xml"))
    links = _xml(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    names = set(archive.namelist())
    paths = {}
    for sheet in book.iter():
        if sheet.tag.rsplit("}", 1)[-1] != "sheet":
            continue
        target = targets.get(sheet.get(f"{_OFFICE}id"), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in names and "worksheets/" in path:
            paths[sheet.get("name", "")] = path
    return paths


def _xml(content: bytes) -> ElementTree.Element:
    """Parse a small part of the file; entities of its own are refused."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise bad("broken")
    return ElementTree.fromstring(content)  # noqa: S314 - without a DTD nothing can be expanded


def _look_through(xml: bytes) -> frozenset[tuple[int, int]]:
    """Cells with formulas, as (row, column) from 1 and 0; refuses cells that lie too far away."""
    if b"<!DOCTYPE" in xml[:2000]:
        raise bad("broken")
    places = _REF.findall(xml)
    columns = {letters for letters, _digits in places}
    rows = {digits for _letters, digits in places} | set(_ROW.findall(xml))
    farthest = max(map(_column, columns), default=0)
    deepest = max(map(int, rows), default=0)
    if farthest >= MAX_COLUMNS:
        raise bad("too_wide")
    if deepest > 4 * MAX_ROWS:
        raise bad("too_long", limit=MAX_ROWS)
    if not _ANY_FORMULA.search(xml):
        return frozenset()
    return frozenset((int(digits), _column(letters)) for letters, digits in _FORMULA.findall(xml))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _tables(content: bytes, formulas: dict[str, frozenset[tuple[int, int]]]) -> Iterable[Table]:
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except calamine.PasswordError as failure:
        raise bad("password") from failure
    except (calamine.CalamineError, OSError, ValueError) as failure:
        raise bad("password" if "assword" in str(failure) else "broken") from failure
    with book:
        for place, meta in enumerate(book.sheets_metadata):
            if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
                continue
            try:
                sheet = book.get_sheet_by_index(place)
                cells = sheet.to_python(skip_empty_area=False)
                merged = tuple((a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or [])
            except (calamine.CalamineError, OSError, ValueError) as failure:
                raise bad("broken") from failure
            rows = [(n, row) for n, row in enumerate(cells, 1) if any(c not in ("", None) for c in row)]
            yield Table(
                meta.name,
                rows,
                formulas.get(meta.name, frozenset()),
                merged,
                meta.visible is calamine.SheetVisibleEnum.Visible,
            )


# --- the old and the open formats: their far cells cannot be seen beforehand, so they are read in a process of
# --- their own with a limit of memory and time.


def _read_apart(content: bytes) -> list[Table]:
    try:
        done = subprocess.run(  # noqa: S603 - our own module, the file goes through its standard input
            [sys.executable, "-I", "-c", _CHILD, str(_ISOLATED_BYTES), *sys.path],
            input=content,
            capture_output=True,
            timeout=_ISOLATED_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as failure:
        raise bad("bomb") from failure
    if done.returncode == 3:
        raise bad("password")
    if done.returncode != 0:
        raise bad("broken" if done.returncode == 4 else "bomb")
    return [
        Table(
            one["name"],
            [(n, [_revive(c) for c in cells]) for n, cells in one["rows"]],
            frozenset((n, c) for n, c in one["formulas"]),
            tuple(tuple(m) for m in one["merged"]),
            one["visible"],
        )
        for one in json.loads(done.stdout)
    ]


_CHILD = """
import resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
resource.setrlimit(resource.RLIMIT_CPU, (25, 25))
sys.path[:0] = sys.argv[2:]
from imports.reading.apart import main
main()
"""


def _revive(cell: Any) -> Any:
    if isinstance(cell, dict):
        return date.fromisoformat(cell["date"])
    return cell


def plain(cell: Any) -> Any:
    """A cell that fits JSON."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell
