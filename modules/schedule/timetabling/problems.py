"""What is wrong with a variant, by harm. Absurdities keep it from being published unless overruled in writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, pairwise
from typing import Any
from uuid import UUID

from django.utils.dates import WEEKDAYS
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from modules.schedule.rooms.models import Room
from modules.schedule.rooms.rules import ORDINARY
from modules.schedule.timetabling.grid import GAP_MINUTES, Grid, Piece, late_and_hard
from modules.schedule.timetabling.pairs import EVEN, EVERY, ODD, TURNS, one_class, one_room, one_teacher

HARM_LABELS: dict[int, Any] = {
    1: pgettext_lazy("problem of a timetable", "absurd"),
    2: pgettext_lazy("problem of a timetable", "serious"),
    3: pgettext_lazy("problem of a timetable", "wish"),
}
# What may be done about each kind of problem.
ADVICE: dict[str, Any] = {
    "meeting": gettext_lazy("Move one of the two: choose it, and the board shows where it fits."),
    "outside": gettext_lazy("Move the lesson within the bells of its shift, or add a bell to the shift."),
    "single": gettext_lazy("Put one more lesson on this day, or move this one to another day."),
    "gap": gettext_lazy("Put a lesson into the gap, or move the lessons after it earlier."),
    "lack": gettext_lazy("Press “Match with the load”."),
    "unplaced": gettext_lazy("Choose the lesson among those not placed: the board shows where it fits."),
    "away": gettext_lazy("Move the lesson to a day on which the teacher is there."),
    "room": gettext_lazy(
        "Give the lesson another room, or share the rooms out anew on the page of the search."
    ),
    "twice": gettext_lazy("Move one of the two to another day."),
    "late": gettext_lazy("Change places with an easier lesson of the morning."),
}
IN_TURN: dict[str, Any] = {
    ODD: pgettext_lazy("problem of a timetable", "in odd weeks"),
    EVEN: pgettext_lazy("problem of a timetable", "in even weeks"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`harm` is 1 for an absurdity, 2 for what is left undone, 3 for a broken wish; `cards` lead to the places."""

    harm: int
    text: str
    kind: str
    class_id: UUID
    cards: tuple[UUID, ...] = ()

    @property
    def label(self) -> str:
        return str(HARM_LABELS[self.harm])

    @property
    def advice(self) -> str:
        return str(ADVICE[self.kind])

    @property
    def card(self) -> UUID | None:
        return self.cards[0] if self.cards else None


def problems(grid: Grid) -> list[Problem]:
    """All problems, the most harmful first."""
    found = [
        *_meetings(grid),
        *_outside(grid),
        *_days(grid),
        *_lacks(grid),
        *_unplaced(grid),
        *_days_off(grid),
        *_rooms(grid),
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
            yield Problem(1, text.format(**both), "meeting", piece.class_id, (piece.id, other.id))


def _outside(grid: Grid) -> Iterator[Problem]:
    for piece in grid.pieces.values():
        if piece.place and not grid.has(piece, piece.place):
            text = _("{lesson}: {day}, lesson {number} is outside the shift").format(
                lesson=piece.title, day=on_day(piece.place[0]), number=piece.place[1]
            )
            yield Problem(1, text, "outside", piece.class_id, (piece.id,))


def _days(grid: Grid) -> Iterator[Problem]:
    """A single lesson and long gaps of a day, in odd and even weeks where they differ."""
    for (class_id, weekday), day in grid.of_class.items():
        weeks = TURNS if any(one.weeks != EVERY for one in day) else (EVERY,)
        found = {turn: dict(_troubles(grid, weekday, day, turn)) for turn in weeks}
        for key in dict.fromkeys(key for some in found.values() for key in some):
            turns = [turn for turn in weeks if key in found[turn]]
            text, cards = found[turns[0]][key]
            if len(turns) < len(weeks):
                text = f"{text} ({IN_TURN[turns[0]]})"
            yield Problem(1, text, key[0], class_id, cards)


def _troubles(
    grid: Grid, weekday: int, day: Iterable[Piece], turn: str
) -> Iterator[tuple[tuple[str, int], tuple[str, tuple[UUID, ...]]]]:
    """By kind and lesson: the words and the cards at both ends."""
    standing: dict[int, Piece] = {}
    for one in day:
        if one.place and (turn == EVERY or one.weeks in (EVERY, turn)):
            standing.setdefault(one.place[1], one)
    numbers = sorted(standing)
    values = {"class": standing[numbers[0]].class_label if numbers else "", "day": on_day(weekday)}
    if len(numbers) == 1:
        text = _("{class}: a single lesson on {day}").format(**values)
        yield ("single", 0), (text, (standing[numbers[0]].id,))
    for before, after in pairwise(numbers):
        if after - before == 1:
            continue
        minutes = _minutes(grid, standing[before], before, after)
        if minutes > GAP_MINUTES:
            text = _("{class}: a gap of {minutes} minutes on {day} after lesson {number}")
            cards = (standing[after].id, standing[before].id)
            yield ("gap", before), (text.format(**values, minutes=minutes, number=before), cards)


def _minutes(grid: Grid, piece: Piece, before: int, after: int) -> int:
    first, second = grid.bells.get((piece.shift, before)), grid.bells.get((piece.shift, after))
    if first is None or second is None:
        return 0
    day = date(2000, 1, 1)
    return int((datetime.combine(day, second[0]) - datetime.combine(day, first[1])).total_seconds() // 60)


def _lacks(grid: Grid) -> Iterator[Problem]:
    """Lessons that the load has and the variant has not, or the other way round."""
    for one in grid.lacking:
        text = _("{lesson}: the load has {wanted} hours a week, the variant {have}").format(
            lesson=one.title, wanted=number_format(f"{one.wanted:g}"), have=number_format(f"{one.have:g}")
        )
        yield Problem(2, text, "lack", one.class_id)


def _unplaced(grid: Grid) -> Iterator[Problem]:
    waiting: dict[UUID, list[Piece]] = defaultdict(list)
    for piece in grid.pieces.values():
        if piece.place is None:
            waiting[piece.course_id].append(piece)
    for cards in waiting.values():
        text = ngettext(
            "{lesson}: {n} lesson is not placed", "{lesson}: {n} lessons are not placed", len(cards)
        ).format(lesson=cards[0].title, n=len(cards))
        yield Problem(2, text, "unplaced", cards[0].class_id, tuple(one.id for one in cards))


def _days_off(grid: Grid) -> Iterator[Problem]:
    for piece in grid.pieces.values():
        off = grid.day_off(piece, piece.place) if piece.place else None
        if off:
            text = f"{piece.title}: {off.words}"
            yield Problem(2 if off.is_demand else 3, text, "away", piece.class_id, (piece.id,))


def _rooms(grid: Grid) -> Iterator[Problem]:
    """Lessons outside the kind of room that they need, where the school has such rooms."""
    kinds = {one.name: one.kind for one in grid.school.rooms}
    there = set(kinds.values()) - {ORDINARY} if grid.school.is_on("room_kind") else set()
    for piece in grid.pieces.values():
        if not there or not piece.place or not piece.room:
            continue
        wanted = grid.school.demand(piece.subject_code).room_kind
        if wanted in there and kinds.get(piece.room) != wanted:
            text = _("{lesson}: room {room} is no {kind}").format(
                lesson=piece.title, room=piece.room, kind=Room.Kind(wanted).label
            )
            yield Problem(3, text, "room", piece.class_id, (piece.id,))


def _wishes(grid: Grid) -> Iterator[Problem]:
    for (class_id, weekday), day in grid.of_class.items():
        for one, other in combinations(day, 2):
            if one.course_id.int == other.course_id.int and grid.is_single(one):
                text = _("{lesson}: twice on {day}").format(lesson=one.title, day=on_day(weekday))
                yield Problem(3, text, "twice", class_id, (one.id, other.id))
        for one in day:
            if one.place and grid.school.is_on("late") and late_and_hard(one, one.place):
                text = _("{lesson}: a hard subject late, {day}, lesson {number}").format(
                    lesson=one.title, day=on_day(weekday), number=one.place[1]
                )
                yield Problem(3, text, "late", class_id, (one.id,))
