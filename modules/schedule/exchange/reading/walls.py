"""A wall sheet: classes by columns, days and lessons by rows; or of one class, with the days by columns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from imports.normalise import class_in, clean
from imports.normalise.words import key
from imports.reading import Table
from modules.schedule.exchange.reading import cells as cell_reading
from modules.schedule.exchange.reading.lines import Line, Reading, Vocabulary
from modules.schedule.exchange.reading.words import group_of, is_lesson, lesson, weekday

_SHIFT_HEAD = re.compile(r"^(?:смена|ауысым|shift)", re.IGNORECASE)
_LEAST_DAYS = 3
_TITLE_CELLS = 3


@dataclass
class _Head:
    """What the columns are: classes, or the days of one class."""

    row: int
    classes: dict[int, str] = field(default_factory=dict)
    days: dict[int, int] = field(default_factory=dict)
    title: str = ""
    shift_columns: frozenset[int] = frozenset()

    @property
    def first(self) -> int:
        return min(self.classes or self.days)


@dataclass
class _Slot:
    """What stands in a place of a class: the texts, and the first cell of them."""

    texts: list[str] = field(default_factory=list)
    where: str = ""


def is_wall(table: Table) -> bool:
    """Whether the sheet is laid out by classes and days rather than as a list."""
    rows = _filled(table)
    heads = [number for number, cells in rows if _head(number, cells, "")]
    if not heads:
        return False
    below = [cells for number, cells in rows if number > heads[0]]
    return any(is_lesson(cell) or weekday(cell) for cells in below for cell in cells[:4])


def read(table: Table, known: Vocabulary, into: Reading, *, several: bool) -> None:
    """Add the sheet's lessons; what is left over is told."""
    places: dict[tuple[str, int, str], _Slot] = defaultdict(_Slot)
    head: _Head | None = None
    day, number, title = 0, "", class_in(table.name)
    begun = False
    for row, cells in _filled(table):
        if found := _head(row, cells, title):
            head, number, begun = found, "", False
            day = 0 if found.classes else day
            continue
        texts = list(dict.fromkeys(filter(None, map(clean, cells))))
        if len(texts) <= _TITLE_CELLS and (said := class_in(" ".join(texts))):
            title = said
            if head and head.days:
                head.title, number, begun = said, "", False
            continue
        if head is None:
            _leave(into, "note", cells)
            continue
        lead = cells[: head.first]
        if head.classes and (named := next((d for cell in lead if (d := weekday(cell))), 0)):
            if named != day:
                number = ""
            day = named
        told = _number(lead, head)
        if told:
            number, begun = told, True
        body = [(column, cell) for column, cell in enumerate(cells) if column >= head.first and clean(cell)]
        if not body:
            continue
        everywhere = (
            1 < len(body) == len(head.classes or head.days) and len({clean(c) for _n, c in body}) == 1
        )
        if not begun or (head.classes and not day) or (everywhere and not told):
            _leave(into, "no_place", cells)
            continue
        _put(table, row, head, day, number, body, places, into)
    for (school_class, at, when), slot in places.items():
        _lessons(table.name if several else "", school_class, at, when, slot, known, into)


def _put(
    table: Table,
    row: int,
    head: _Head,
    day: int,
    number: str,
    body: Sequence[tuple[int, Any]],
    places: dict[tuple[str, int, str], _Slot],
    into: Reading,
) -> None:
    for column, cell in body:
        name, at = (
            (head.classes.get(column, ""), day) if head.classes else (head.title, head.days.get(column, 0))
        )
        if not name or not at:
            _leave(into, "no_place", [cell])
            continue
        if (row, column) in table.formulas:
            into.tell("formula", clean(cell))
            continue
        slot = places[name, at, number]
        text = str(cell) if isinstance(cell, str) else clean(cell)
        if text not in slot.texts:
            slot.texts.append(text)
        slot.where = slot.where or f"{_letters(column)}{row}"


def _lessons(
    sheet: str, school_class: str, day: int, number: str, slot: _Slot, known: Vocabulary, into: Reading
) -> None:
    text = "\n".join(slot.texts)
    found = cell_reading.lessons(text, known)
    if not found and clean(text).strip(" -–—_."):
        into.tell("no_subject", f"{slot.where}: {clean(text)}")
    for one in found:
        into.lines.append(
            Line(
                school_class,
                one.subject,
                one.teacher,
                one.group,
                day,
                number,
                one.room,
                weeks=one.weeks,
                where=f"{sheet} {slot.where}".strip(),
            )
        )


def _number(lead: Sequence[Any], head: _Head) -> str:
    """Which lesson the row is: number and time as they stand in the cells before the first class."""
    number, at = None, ""
    for column, cell in enumerate(lead):
        if column in head.shift_columns or weekday(cell) or not is_lesson(cell):
            continue
        said, time = lesson(cell)
        number = said if said is not None else number
        at = time or at
    return " ".join(filter(None, ("" if number is None else str(number), at)))


def _leave(into: Reading, reason: str, cells: Iterable[Any]) -> None:
    if text := " · ".join(dict.fromkeys(filter(None, map(clean, cells)))):
        into.tell(reason, text)


def _head(row: int, cells: Sequence[Any], title: str) -> _Head | None:
    classes: dict[int, str] = {}
    days: dict[int, int] = {}
    for column, cell in enumerate(cells):
        line = clean(cell)
        if not line or len(line) > 30:
            continue
        if (name := class_in(line)) and any(letter.isalpha() for letter in name) and not group_of(line)[0]:
            classes[column] = name
        elif day := weekday(line):
            days[column] = day
    filled = [cell for cell in cells if clean(cell)]
    alone = classes and not days and min(classes) > 0 and _has_lesson_word(cells)
    if alone or (len(set(classes.values())) >= 2 and not days):
        shifts = frozenset(n for n, cell in enumerate(cells) if _SHIFT_HEAD.match(clean(cell)))
        return _Head(row, classes=classes, shift_columns=shifts)
    if len(set(days.values())) >= _LEAST_DAYS and len(days) >= len(filled) - 2:
        return _Head(row, days=days, title=title or class_in(" ".join(map(clean, cells))))
    return None


def _has_lesson_word(cells: Iterable[Any]) -> bool:
    words = {word for cell in cells for word in key(clean(cell)).split()}
    return bool(words & {"урок", "сабак", "№", "день", "кун", "уроки", "время", "уакыт", "уакыты", "куни"})


def _filled(table: Table) -> list[tuple[int, list[Any]]]:
    """Rows with what stands in a merged cell put into all of it."""
    rows = {number: list(cells) for number, cells in table.rows}
    for top, left, bottom, right in table.merged:
        cells = rows.get(top + 1)
        value = cells[left] if cells and left < len(cells) else ""
        if value in ("", None) or (bottom - top) * (right - left + 1) > 2_000:
            continue
        for number in range(top + 1, bottom + 2):
            row = rows.get(number)
            if row is None:
                continue
            for column in range(left, min(right + 1, len(row))):
                row[column] = value
    return sorted(rows.items())


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
