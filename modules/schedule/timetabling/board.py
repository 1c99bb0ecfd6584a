"""A variant drawn for one class, teacher or room: rows of lessons, cells of days, and what waits beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from kernel.names import kazakh_order
from modules.schedule.timetabling.grid import Answer, Fit, Grid, Piece, Place

FEWEST_ROWS = 7
ORDER = (Fit.FITS, Fit.WISH, Fit.MOVES, Fit.IMPOSSIBLE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as the board shows it."""

    piece: Piece
    top: str
    below: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Cell:
    code: str
    day: str
    shown: list[Shown]
    answer: Answer | None = None

    @property
    def words(self) -> str:
        return "; ".join(self.answer.words) if self.answer else ""

    @property
    def is_open(self) -> bool:
        return self.answer is not None and self.answer.fit is not Fit.IMPOSSIBLE


@dataclass(frozen=True, slots=True)
class Row:
    shift: int
    number: int
    start: time
    cells: list[Cell]


@dataclass(slots=True)
class Board:
    """Whose week it is (`of` as the address names it), its rows, what waits, and the chosen card with its places."""

    of: str
    title: str
    days: list[str]
    rows: list[Row]
    waiting: list[Shown]
    choices: list[tuple[str, list[tuple[str, str]]]]
    chosen: Piece | None = None
    places: list[tuple[str, str]] = field(default_factory=list)
    has_two_shifts: bool = False


def board(grid: Grid, *, of: str, card_id: UUID | None) -> Board:
    choices = _choices(grid)
    known = {code: label for _group, some in choices for code, label in some}
    chosen = grid.pieces.get(card_id) if card_id else None
    if of not in known:
        of = f"class:{chosen.class_id}" if chosen else next(iter(known), "")
    kind, _colon, key = of.partition(":")
    belongs: Callable[[Piece], bool] = {
        "class": lambda one: str(one.class_id) == key,
        "teacher": lambda one: str(one.teacher_id) == key,
        "room": lambda one: one.room == key,
    }.get(kind, lambda one: False)
    mine = [one for one in grid.pieces.values() if belongs(one)]
    answers = grid.answers(chosen) if chosen and not chosen.pin else {}

    def shown(one: Piece) -> Shown:
        top = one.short + (f" ({one.group})" if one.group else "")
        below = one.teacher if kind == "class" else one.class_label
        if kind != "room" and one.room:
            below = f"{below} · {one.room}" if below else one.room
        return Shown(one, top, below, chosen is not None and one.id == chosen.id)

    shifts = sorted({one.shift for one in mine} | ({chosen.shift} if chosen else set())) or [1]
    days = range(1, grid.days + 1)
    rows = []
    for shift in shifts:
        used = [one.place[1] for one in mine if one.place and one.shift == shift]
        last = max([FEWEST_ROWS, *used])
        for number in [n for n in grid.numbers(shift) if n <= last]:
            rows.append(
                Row(
                    shift,
                    number,
                    grid.bells[shift, number][0],
                    [
                        Cell(
                            code=f"{day}-{number}",
                            day=str(WEEKDAYS[day - 1]),
                            shown=[
                                shown(one)
                                for one in mine
                                if one.place == (day, number) and one.shift == shift
                            ],
                            answer=answers.get((day, number)) if chosen and chosen.shift == shift else None,
                        )
                        for day in days
                    ],
                )
            )
    return Board(
        of=of,
        title=known.get(of, ""),
        days=[str(WEEKDAYS[day - 1]) for day in days],
        rows=rows,
        waiting=[shown(one) for one in mine if one.place is None],
        choices=choices,
        chosen=chosen,
        places=_places(answers),
        has_two_shifts=len(shifts) > 1,
    )


def _places(answers: dict[Place, Answer]) -> list[tuple[str, str]]:
    """The menu: places where the card may go, the best first, each with what it would mean."""
    open_ones = [(place, one) for place, one in answers.items() if one.fit is not Fit.IMPOSSIBLE]
    open_ones.sort(key=lambda item: (ORDER.index(item[1].fit), item[0]))
    return [
        (
            f"{day}-{number}",
            _("{day}, lesson {number}: {fit}").format(
                day=WEEKDAYS_ABBR[day - 1], number=number, fit=one.label
            ),
        )
        for (day, number), one in open_ones
    ]


def _choices(grid: Grid) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whose weeks there are: classes in their order, teachers and rooms by name."""
    classes = {f"class:{one.class_id}": one.class_label for one in grid.pieces.values()}
    teachers = {f"teacher:{one.teacher_id}": one.teacher for one in grid.pieces.values() if one.teacher_id}
    rooms = {f"room:{one.room}": one.room for one in grid.pieces.values() if one.room}
    return [
        (_("Classes"), list(classes.items())),
        (_("Teachers"), sorted(teachers.items(), key=lambda item: kazakh_order(item[1]))),
        (_("Rooms"), sorted(rooms.items(), key=lambda item: (len(item[1]), item[1]))),
    ]
