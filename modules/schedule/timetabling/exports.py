"""A variant as a workbook: a sheet of classes and one of teachers, days one below another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from documents.excel import Column, Sheet
from kernel.names import kazakh_order
from modules.schedule.timetabling.grid import Grid, Piece


def sheets(grid: Grid) -> list[Sheet]:
    pieces = [one for one in grid.pieces.values() if one.place]
    classes = list(dict.fromkeys(one.class_label for one in grid.pieces.values()))
    teachers = sorted({one.teacher for one in pieces if one.teacher}, key=kazakh_order)
    return [
        _sheet(_("Classes"), classes, pieces, lambda one: one.class_label, _lesson_of_class),
        _sheet(_("Teachers"), teachers, pieces, lambda one: one.teacher, _lesson_of_teacher),
    ]


def _lesson_of_class(one: Piece) -> str:
    return " · ".join(filter(None, (one.subject, one.teacher, one.room)))


def _lesson_of_teacher(one: Piece) -> str:
    return " · ".join(filter(None, (one.class_label, one.subject, one.room)))


def _sheet(
    title: str,
    heads: list[str],
    pieces: Iterable[Piece],
    whose: Callable[[Piece], str],
    told: Callable[[Piece], str],
) -> Sheet:
    """A column for each class or teacher, a row for each lesson of each day and shift."""
    cells: dict[tuple[int, int, int], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in pieces:
        if one.place:
            cells[one.place[0], one.shift, one.place[1]][whose(one)].append(told(one))
    columns = [Column(_("Day")), Column(_("Shift"), "number"), Column(_("Lesson"), "number")]
    columns += [Column(one, width=26) for one in heads]
    rows: list[list[Any]] = [
        [str(WEEKDAYS[day - 1]), shift, number, *("\n".join(found.get(one, ())) for one in heads)]
        for (day, shift, number), found in sorted(cells.items())
    ]
    return Sheet(title, columns, rows)
