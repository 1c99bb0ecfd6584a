"""A week made ready for paper: a page for each class, teacher or room, and sheets for the wall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeVar
from uuid import UUID

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from kernel.names import kazakh_order
from modules.contingent import api as contingent
from modules.schedule.exchange.queries import Week
from modules.schedule.load.data import OWN_CIRCLE
from modules.schedule.timetabling.grid import Bells, Piece

CLASSES_ON_A_SHEET = 8
Key = TypeVar("Key")
Lesson = tuple[Piece, str]  # with the weeks in which it is held, nothing for every week


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson within a cell: what it is, the same shortened, of which part of the class, and who and where."""

    name: str
    short: str
    part: str
    below: str


@dataclass(frozen=True, slots=True)
class Line:
    """A lesson of the day over the days of the week."""

    number: str
    time: str
    cells: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one shift; its title stands only where there are several."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    below: str
    days: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Weeks:
    """The body of the form schedule.weeks."""

    term: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet for the wall: some classes of one shift."""

    title: str
    classes: tuple[str, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """The body of the form schedule.wall."""

    term: str
    sheets: tuple[Sheet, ...]


def of_classes(
    week: Week,
    classes: Mapping[UUID, contingent.ClassInfo],
    teachers: Mapping[UUID, str],
    *,
    term: str,
) -> Weeks:
    """A page for each class, in their order, with its class teacher and home room."""
    lessons = _grouped(week.lessons, lambda one: one.class_id)

    def below(info: contingent.ClassInfo) -> str:
        name = teachers.get(info.class_teacher_id, "") if info.class_teacher_id else ""
        known = [
            _("class teacher: {name}").format(name=name) if name else "",
            _("room {room}").format(room=info.room) if info.room else "",
        ]
        return ", ".join(filter(None, known))

    pages = [
        _page(week, info.label, below(info), lessons[key], _of_class)
        for key, info in classes.items()
        if key in lessons
    ]
    return Weeks(term, tuple(pages))


def of_teachers(week: Week, names: Mapping[UUID, str], *, term: str) -> Weeks:
    """A page for each teacher who has lessons, by name."""
    lessons = _grouped(week.lessons, lambda one: one.teacher_id)
    keys = sorted(
        (key for key in lessons if key is not None), key=lambda key: kazakh_order(names.get(key, ""))
    )
    pages = [_page(week, names.get(key, ""), "", lessons[key], _of_teacher) for key in keys]
    return Weeks(term, tuple(pages))


def of_rooms(week: Week, *, term: str) -> Weeks:
    """A page for each room that a lesson names, in the order of numbers."""
    lessons = _grouped(week.lessons, lambda one: one.room)
    rooms = sorted((room for room in lessons if room), key=lambda room: (len(room), room))
    pages = [_page(week, _("Room {room}").format(room=room), "", lessons[room], _of_room) for room in rooms]
    return Weeks(term, tuple(pages))


def _grouped(lessons: Iterable[Lesson], whose: Callable[[Piece], Key]) -> dict[Key, list[Lesson]]:
    found: dict[Key, list[Lesson]] = defaultdict(list)
    for piece, weeks in lessons:
        found[whose(piece)].append((piece, weeks))
    return found


def _page(
    week: Week, title: str, below: str, lessons: Sequence[Lesson], told: Callable[[Piece], str]
) -> Page:
    shifts = sorted({piece.shift for piece, _weeks in lessons})
    days = range(1, week.grid.days + 1)
    parts = []
    for shift in shifts:
        mine = [(piece, weeks) for piece, weeks in lessons if piece.shift == shift]
        last = max((piece.place[1] for piece, _weeks in mine if piece.place), default=0)
        first = min((piece.place[1] for piece, _weeks in mine if piece.place), default=1)
        lines = tuple(
            Line(
                str(number),
                times(week.grid.bells, shift, number),
                tuple(_cell(mine, (day, number), told) for day in days),
            )
            for number in range(min(1, first), last + 1)
        )
        parts.append(Part(shift_words(shift) if len(shifts) > 1 else "", lines))
    if len(shifts) == 1 and shifts[0] > 1:
        below = ", ".join(filter(None, (shift_words(shifts[0]), below)))
    return Page(title, below, tuple(str(WEEKDAYS[day - 1]) for day in days), tuple(parts))


def _cell(
    lessons: Iterable[Lesson], place: tuple[int, int], told: Callable[[Piece], str]
) -> tuple[Entry, ...]:
    found = [(piece, weeks) for piece, weeks in lessons if piece.place == place]
    found.sort(key=lambda one: (one[0].group, one[0].subject, one[0].class_label))
    return tuple(_entry(piece, weeks, told) for piece, weeks in found)


def _entry(piece: Piece, weeks: str, told: Callable[[Piece], str]) -> Entry:
    tail = f", {weeks}" if weeks else ""
    part = str(piece.group) if 0 < piece.group < OWN_CIRCLE else ""
    return Entry(f"{piece.subject}{tail}", f"{piece.short}{tail}", part, told(piece))


def _of_class(one: Piece) -> str:
    return _unbroken(one.teacher, one.room)


def _of_teacher(one: Piece) -> str:
    return _unbroken(one.class_label, one.room)


def _of_room(one: Piece) -> str:
    return _unbroken(one.class_label, one.teacher)


def _unbroken(*parts: str) -> str:
    """Initials stay with their surname, and what is left goes to the next line whole."""
    return " ·\u00a0".join(part.replace(" ", "\u00a0") for part in parts if part)


def shift_words(shift: int) -> str:
    return _("shift {n}").format(n=shift)


def times(bells: Bells, shift: int, number: int) -> str:
    bell = bells.get((shift, number))
    return f"{bell[0]:%H:%M}–{bell[1]:%H:%M}" if bell else ""


# --- for the wall


def wall(week: Week, classes: Iterable[contingent.ClassInfo], *, term: str) -> Wall:
    """Every class a column; the classes of a shift are shared out evenly over as few sheets as hold them."""
    lessons = _grouped(week.lessons, lambda one: (one.shift, one.class_id))
    shifts = sorted({shift for shift, _class in lessons})
    known = list(classes)
    sheets = []
    for shift in shifts:
        here = [one for one in known if (shift, one.id) in lessons]
        count = ceil(len(here) / CLASSES_ON_A_SHEET)
        for n in range(count):
            some = here[len(here) * n // count : len(here) * (n + 1) // count]
            labels = some[0].label if len(some) == 1 else f"{some[0].label} – {some[-1].label}"
            title = f"{shift_words(shift)}, {labels}" if len(shifts) > 1 else labels
            of_shift = [lesson for one in here for lesson in lessons[shift, one.id]]
            sheets.append(_sheet(week, title, shift, some, of_shift))
    return Wall(term, tuple(sheets))


def _sheet(
    week: Week,
    title: str,
    shift: int,
    classes: Sequence[contingent.ClassInfo],
    of_shift: Sequence[Lesson],
) -> Sheet:
    """Sheets of a shift have the same lines, so that they may hang side by side."""
    mine = _grouped(of_shift, lambda one: one.class_id)
    days = []
    for day in range(1, week.grid.days + 1):
        used = {piece.place[1] for piece, _weeks in of_shift if piece.place and piece.place[0] == day}
        lines = tuple(
            Line(
                str(number),
                times(week.grid.bells, shift, number),
                tuple(_cell(mine.get(one.id, ()), (day, number), _of_class) for one in classes),
            )
            for number in (range(min(1, *used), max(used) + 1) if used else ())
        )
        if lines:
            days.append(Day(str(WEEKDAYS[day - 1]), lines))
    return Sheet(title, tuple(one.label for one in classes), tuple(days))
