"""What is wrong with a variant, by harm. Absurdities keep it from being published unless overruled in writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, pairwise
from typing import Any
from uuid import UUID

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from modules.schedule.timetabling.grid import (
    GAP_MINUTES,
    Grid,
    Piece,
    late_and_hard,
    one_class,
    one_room,
    one_teacher,
)

HARM_LABELS: dict[int, Any] = {
    1: pgettext_lazy("problem of a timetable", "absurd"),
    2: pgettext_lazy("problem of a timetable", "serious"),
    3: pgettext_lazy("problem of a timetable", "wish"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`harm` is 1 for an absurdity, 2 for what is left undone, 3 for a broken wish; `card` leads to the place."""

    harm: int
    text: str
    card: UUID | None = None
    class_id: UUID | None = None

    @property
    def label(self) -> str:
        return str(HARM_LABELS[self.harm])


def problems(grid: Grid) -> list[Problem]:
    """All problems, the most harmful first."""
    found = [
        *_meetings(grid),
        *_outside(grid),
        *_days(grid),
        *_unplaced(grid),
        *_days_off(grid),
        *_wishes(grid),
    ]
    return sorted(found, key=lambda one: one.harm)


def day_name(weekday: int) -> str:
    return str(WEEKDAYS[weekday - 1])


def on_day(weekday: int) -> str:
    """The day within a sentence."""
    return day_name(weekday).lower()


def _meetings(grid: Grid) -> Iterator[Problem]:
    seen = set()
    for piece in grid.pieces.values():
        if piece.place is None:
            continue
        for other in grid.at_the_time(piece, piece.place):
            pair = frozenset((piece.id, other.id))
            if pair in seen:
                continue
            seen.add(pair)
            where = {"day": day_name(piece.place[0]), "number": piece.place[1]}
            both = {"one": piece.title, "other": other.title, **where}
            if one_class(piece, other):
                text = _("{day}, lesson {number}: {one} and {other} at once, the class is in two places")
            elif one_teacher(piece, other):
                text = _("{day}, lesson {number}: {one} and {other} at once, {teacher} is in two places")
                both["teacher"] = piece.teacher
            elif one_room(piece, other) and grid.room_is_full(piece, piece.place):
                text = _("{day}, lesson {number}: {one} and {other} at once in room {room}")
                both["room"] = piece.room
            else:
                continue
            yield Problem(1, text.format(**both), piece.id, piece.class_id)


def _outside(grid: Grid) -> Iterator[Problem]:
    for piece in grid.pieces.values():
        if piece.place and ((piece.shift, piece.place[1]) not in grid.bells or piece.place[0] > grid.days):
            text = _("{lesson}: {day}, lesson {number} is outside the shift").format(
                lesson=piece.title, day=on_day(piece.place[0]), number=piece.place[1]
            )
            yield Problem(1, text, piece.id, piece.class_id)


def _days(grid: Grid) -> Iterator[Problem]:
    for (class_id, weekday), day in grid.of_class.items():
        numbers = sorted({one.place[1] for one in day if one.place})
        values = {"class": day[0].class_label, "day": on_day(weekday)}
        if len(numbers) == 1:
            yield Problem(1, _("{class}: a single lesson on {day}").format(**values), day[0].id, class_id)
        for before, after in pairwise(numbers):
            minutes = _minutes(grid, day[0], before, after)
            if after - before > 1 and minutes > GAP_MINUTES:
                text = _("{class}: a gap of {minutes} minutes on {day} after lesson {number}")
                yield Problem(1, text.format(**values, minutes=minutes, number=before), day[0].id, class_id)


def _minutes(grid: Grid, piece: Piece, before: int, after: int) -> int:
    first, second = grid.bells.get((piece.shift, before)), grid.bells.get((piece.shift, after))
    if first is None or second is None:
        return 0
    day = date(2000, 1, 1)
    return int((datetime.combine(day, second[0]) - datetime.combine(day, first[1])).total_seconds() // 60)


def _unplaced(grid: Grid) -> Iterator[Problem]:
    waiting: dict[UUID, list[Piece]] = defaultdict(list)
    for piece in grid.pieces.values():
        if piece.place is None:
            waiting[piece.course_id].append(piece)
    for cards in waiting.values():
        text = ngettext(
            "{lesson}: {n} lesson is not placed", "{lesson}: {n} lessons are not placed", len(cards)
        ).format(lesson=cards[0].title, n=len(cards))
        yield Problem(2, text, cards[0].id, cards[0].class_id)


def _days_off(grid: Grid) -> Iterator[Problem]:
    for piece in grid.pieces.values():
        off = grid.day_off(piece, piece.place) if piece.place else None
        if off:
            text = f"{piece.title}: {off.words}"
            yield Problem(2 if off.is_demand else 3, text, piece.id, piece.class_id)


def _wishes(grid: Grid) -> Iterator[Problem]:
    for (class_id, weekday), day in grid.of_class.items():
        for one, other in combinations(day, 2):
            if one.course_id == other.course_id:
                text = _("{lesson}: twice on {day}").format(lesson=one.title, day=on_day(weekday))
                yield Problem(3, text, one.id, class_id)
        for one in day:
            if one.place and late_and_hard(one, one.place):
                text = _("{lesson}: a hard subject late, {day}, lesson {number}").format(
                    lesson=one.title, day=on_day(weekday), number=one.place[1]
                )
                yield Problem(3, text, one.id, class_id)
