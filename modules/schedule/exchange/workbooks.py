"""A week as a workbook: a sheet of classes, one of teachers and one of rooms, days one below another.

The sheet of classes can be read in again (exchange.reading.walls).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from documents.excel import Column, Sheet
from kernel.names import kazakh_order
from modules.schedule.exchange.comparing import Difference
from modules.schedule.exchange.papers import Lesson, times
from modules.schedule.exchange.queries import Week
from modules.schedule.load.data import with_part
from modules.schedule.timetabling.grid import Bells, Piece


def sheets(week: Week) -> list[Sheet]:
    lessons, bells = week.lessons, week.grid.bells
    classes = list(dict.fromkeys(one.class_label for one in week.grid.pieces.values()))
    teachers = sorted({one.teacher for one, _weeks in lessons if one.teacher}, key=kazakh_order)
    rooms = sorted({one.room for one, _weeks in lessons if one.room}, key=lambda room: (len(room), room))
    return [
        _sheet(_("Classes"), classes, lessons, bells, lambda one: one.class_label, _of_class),
        _sheet(_("Teachers"), teachers, lessons, bells, lambda one: one.teacher, _of_teacher),
        _sheet(_("Rooms"), rooms, lessons, bells, lambda one: one.room, _of_room),
    ]


def _of_class(one: Piece) -> str:
    return _joined(with_part(one.subject, one.group), one.teacher, one.room)


def _of_teacher(one: Piece) -> str:
    return _joined(with_part(one.class_label, one.group), one.subject, one.room)


def _of_room(one: Piece) -> str:
    return _joined(with_part(one.class_label, one.group), one.subject, one.teacher)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _sheet(
    title: str,
    heads: list[str],
    lessons: Iterable[Lesson],
    bells: Bells,
    whose: Callable[[Piece], str],
    told: Callable[[Piece], str],
) -> Sheet:
    """A column for each class, teacher or room, a row for each lesson of each day and shift."""
    cells: dict[tuple[int, int, int], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one, weeks in lessons:
        if one.place:
            text = f"{told(one)} ({weeks})" if weeks else told(one)
            cells[one.place[0], one.shift, one.place[1]][whose(one)].append(text)
    columns = [
        Column(_("Day"), width=13),
        Column(_("Shift"), "number"),
        Column(_("Lesson"), "number"),
        Column(_("Time"), width=13),
        *(Column(one, width=26) for one in heads),
    ]
    rows: list[list[Any]] = [
        [
            str(WEEKDAYS[day - 1]),
            shift,
            number,
            times(bells, shift, number),
            *("\n".join(found.get(one, ())) for one in heads),
        ]
        for (day, shift, number), found in sorted(cells.items())
    ]
    return Sheet(title, columns, rows)


def of_differences(found: Iterable[Difference], *, one: str, other: str) -> Sheet:
    """What differs between two weeks, as the page lists it."""
    columns = [
        Column(_("Class"), width=10),
        Column(_("Subject"), width=30),
        Column(_("Teacher"), width=24),
        Column(_("What differs"), width=20),
        Column(one, width=24),
        Column(other, width=24),
    ]
    rows = [
        (
            each.piece.class_label,
            each.subject,
            ", ".join(each.teachers),
            each.label,
            each.one_text,
            each.other_text,
        )
        for each in found
    ]
    return Sheet(_("Differences"), columns, rows)
