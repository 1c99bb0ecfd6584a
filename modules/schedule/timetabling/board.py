"""A variant drawn for one class, teacher or room: rows of lessons, cells of days, and what waits beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from kernel.names import kazakh_order
from modules.schedule.timetabling.answers import Answer, Fit, Place, place_words
from modules.schedule.timetabling.grid import Grid, Piece
from modules.schedule.timetabling.pairs import EVEN, EVERY
from modules.schedule.timetabling.problems import Problem
from modules.schedule.year.models import Weeks

FEWEST_ROWS = 7
# Of lighter harm than this only the panel tells.
SHOWN_HARM = 3
ORDER = (Fit.FITS, Fit.MOVES, Fit.WISH, Fit.IMPOSSIBLE)
ICONS = {
    Fit.FITS: "check",
    Fit.MOVES: "switch-horizontal",
    Fit.WISH: "alert-triangle",
    Fit.IMPOSSIBLE: "ban",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as the board shows it."""

    piece: Piece
    top: str
    below: str
    is_chosen: bool
    trouble: str = ""

    @property
    def turn(self) -> str:
        """In which weeks a half is taught."""
        return "" if self.piece.weeks == EVERY else str(Weeks(self.piece.weeks).label)


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
    def icon(self) -> str:
        return ICONS[self.answer.fit] if self.answer else ""

    @property
    def is_open(self) -> bool:
        return self.answer is not None and self.answer.fit is not Fit.IMPOSSIBLE


@dataclass(frozen=True, slots=True)
class Row:
    shift: int
    number: int
    start: time | None
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


def board(grid: Grid, *, of: str, card_id: UUID | None, found: Iterable[Problem] = ()) -> Board:
    """The week; `found` are the problems of the variant: the worst of a card is shown on it."""
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
    trouble = _troubles(found)

    def shown(one: Piece) -> Shown:
        below = (one.teacher or _("no teacher")) if kind == "class" else one.class_label
        if kind != "room" and one.room:
            below = f"{below} · {one.room}" if below else one.room
        is_chosen = chosen is not None and one.id == chosen.id
        return Shown(one, one.brief, below, is_chosen, trouble.get(one.id, "") if one.place else "")

    standing: dict[tuple[int, Place], list[Piece]] = defaultdict(list)
    for one in mine:
        if one.place:
            standing[one.shift, one.place].append(one)
    shifts = sorted({one.shift for one in mine} | ({chosen.shift} if chosen else set())) or [1]
    # What stands outside the bells or the days of the variant is shown too: it is there to be moved away.
    days = range(1, max([grid.days, *(one.place[0] for one in mine if one.place)]) + 1)
    rows = []
    for shift in shifts:
        used = {one.place[1] for one in mine if one.place and one.shift == shift}
        # While a lesson is chosen the day may grow by one.
        last = max([FEWEST_ROWS, *(n + bool(chosen) for n in used)])
        reached = chosen and chosen.shift == shift
        for number in sorted({n for n in grid.numbers(shift) if n <= last} | used):
            cells = [
                Cell(
                    code=f"{day}-{number}",
                    day=str(WEEKDAYS[day - 1]),
                    shown=[shown(one) for one in sorted(standing[shift, (day, number)], key=_odd_first)],
                    answer=answers.get((day, number)) if reached else None,
                )
                for day in days
            ]
            bell = grid.bells.get((shift, number))
            rows.append(Row(shift, number, bell[0] if bell else None, cells))
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


def _troubles(found: Iterable[Problem]) -> dict[UUID, str]:
    """The worst that is said of each card."""
    trouble: dict[UUID, str] = {}
    for problem in found:
        for key in problem.cards if problem.harm < SHOWN_HARM else ():
            trouble.setdefault(key, problem.text)
    return trouble


def _odd_first(one: Piece) -> tuple[bool, int]:
    return one.weeks == EVEN, one.group


def _places(answers: dict[Place, Answer]) -> list[tuple[str, str]]:
    """The menu: places where the card may go, the best first, each with what it would mean."""
    open_ones = [(place, one) for place, one in answers.items() if one.fit is not Fit.IMPOSSIBLE]
    open_ones.sort(key=lambda item: (item[1].leaves_some_out, ORDER.index(item[1].fit), item[0]))
    return [
        (
            f"{day}-{number}",
            "; ".join([f"{place_words((day, number))}: {one.label}", *one.words]),
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
