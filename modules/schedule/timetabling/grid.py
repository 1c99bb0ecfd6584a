"""A variant in memory: who stands where, what a move would mean, and what is wrong. Plain data, no tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from modules.schedule.wishes.rules import Wishes, usual_demand

Place = tuple[int, int]  # weekday, number of the lesson
Bells = Mapping[tuple[int, int], tuple[time, time]]  # by shift and number

# From this rank of difficulty on a subject is hard (see wishes), and from this lesson on it stands late.
HARD_FROM = 10
LATE_FROM = 6
GAP_MINUTES = 20


class Fit(StrEnum):
    FITS = "fits"
    MOVES = "moves"
    WISH = "wish"
    IMPOSSIBLE = "impossible"


FIT_LABELS: dict[Fit, Any] = {
    Fit.FITS: pgettext_lazy("place of a lesson", "fits"),
    Fit.MOVES: pgettext_lazy("place of a lesson", "fits if others move"),
    Fit.WISH: pgettext_lazy("place of a lesson", "breaks a wish"),
    Fit.IMPOSSIBLE: pgettext_lazy("place of a lesson", "impossible"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A card with the names that its reader wants."""

    id: UUID
    course_id: UUID
    class_id: UUID
    class_label: str
    subject_code: str
    subject: str
    short: str
    teacher_id: UUID | None
    teacher: str
    group: int
    shift: int
    set_code: str
    place: Place | None
    room: str
    pin: str
    # How hard the subject is where the school says otherwise than the reference data.
    difficulty: int = 0

    @property
    def is_hard(self) -> bool:
        return (self.difficulty or usual_demand(self.subject_code).difficulty) >= HARD_FROM

    @property
    def binds(self) -> list[object]:
        """Who can be in one place only: the class, the teacher, the room."""
        return [one for one in (self.class_id, self.teacher_id, self.room) if one]

    @property
    def title(self) -> str:
        tail = f" ({self.group})" if self.group else ""
        return f"{self.class_label} · {self.subject}{tail}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What it would mean to put a card there; `moving` are the cards that would have to leave."""

    fit: Fit
    words: tuple[str, ...] = ()
    moving: tuple[Piece, ...] = ()

    @property
    def label(self) -> str:
        return str(FIT_LABELS[self.fit])


@dataclass(frozen=True, slots=True)
class DayOff:
    """That a teacher is not there on a day or at a lesson, as a demand or as a wish; `reason` names another card than usual."""

    is_demand: bool
    words: str
    reason: str = ""

    @property
    def rule(self) -> str:
        """The card by which the rule is weighed."""
        return self.reason or ("away" if self.is_demand else "free_day")


class Grid:
    def __init__(
        self,
        pieces: Iterable[Piece],
        bells: Bells,
        days: int,
        off: Mapping[tuple[UUID, int], DayOff] | None = None,
        closed: Mapping[UUID, Mapping[tuple[int, int, int], DayOff]] | None = None,
        school: Wishes | None = None,
    ) -> None:
        self.off = off or {}
        # For each teacher the lessons (day, shift, number) that are closed to him.
        self.closed = closed or {}
        self.school = school or Wishes()
        self.at_once = {one.name: one.at_once for one in self.school.rooms}
        self.pieces = {one.id: one for one in pieces}
        self.bells, self.days = bells, days
        # Who is bound at a lesson: by the day, the shift, the number, and a class, a teacher or a room.
        self.bound: dict[tuple[int, int, int, object], list[Piece]] = defaultdict(list)
        self.of_class: dict[tuple[UUID, int], list[Piece]] = defaultdict(list)
        for one in self.pieces.values():
            if one.place:
                for who in one.binds:
                    self.bound[one.place[0], one.shift, one.place[1], who].append(one)
                self.of_class[one.class_id, one.place[0]].append(one)
        self.meeting = {key: self._meeting(key) for key in bells}

    def _meeting(self, key: tuple[int, int]) -> list[tuple[int, int]]:
        """Lessons of any shift that run at the time of this one."""
        start, end = self.bells[key]
        return [other for other, (s, e) in self.bells.items() if s < end and start < e]

    def numbers(self, shift: int) -> list[int]:
        return sorted(number for of, number in self.bells if of == shift)

    def at_the_time(self, piece: Piece, place: Place) -> list[Piece]:
        """Other cards of the same class, teacher or room that run while the piece would."""
        here = (piece.shift, place[1])
        found = {
            other.id: other
            for shift, number in self.meeting.get(here, [here])
            for who in piece.binds
            for other in self.bound.get((place[0], shift, number, who), ())
        }
        found.pop(piece.id, None)
        return list(found.values())

    def clashes(self, piece: Piece, place: Place) -> list[tuple[Piece, str]]:
        """Cards that cannot run together with the piece: its class or its teacher would be in two places."""
        found = []
        for other in self.at_the_time(piece, place):
            if one_class(piece, other):
                found.append(
                    (
                        other,
                        _("{class} has {subject} then").format(
                            **{"class": other.class_label, "subject": other.subject}
                        ),
                    )
                )
            elif one_teacher(piece, other):
                found.append(
                    (
                        other,
                        _("{teacher} teaches {class} then").format(
                            **{"teacher": other.teacher, "class": other.class_label}
                        ),
                    )
                )
        return found

    def answer(self, piece: Piece, place: Place) -> Answer:
        """What it would mean to put the piece there."""
        if (piece.shift, place[1]) not in self.bells or not 1 <= place[0] <= self.days:
            return Answer(Fit.IMPOSSIBLE, (_("The shift has no such lesson"),))
        off = self.day_off(piece, place)
        if off and off.is_demand:
            return Answer(Fit.IMPOSSIBLE, (off.words,))
        clashes = self.clashes(piece, place)
        words = tuple(dict.fromkeys(text for _piece, text in clashes))
        pinned = [other for other, _text in clashes if other.pin]
        if pinned:
            stuck = tuple(
                _("{lesson} is pinned there: {reason}").format(lesson=one.title, reason=one.pin)
                for one in pinned
            )
            return Answer(Fit.IMPOSSIBLE, stuck)
        if clashes:
            return Answer(Fit.MOVES, words, tuple(dict.fromkeys(other for other, _text in clashes)))
        broken = self.wishes(piece, place)
        return Answer(Fit.WISH, broken) if broken else Answer(Fit.FITS)

    def day_off(self, piece: Piece, place: Place) -> DayOff | None:
        """What the teacher has against the day, or against the lesson."""
        if piece.teacher_id is None:
            return None
        day = self.off.get((piece.teacher_id, place[0]))
        hour = self.closed.get(piece.teacher_id, {}).get((place[0], piece.shift, place[1]))
        return hour if hour and not (day and day.is_demand) else day

    def room_is_full(self, piece: Piece, place: Place) -> bool:
        """Whether the piece's room has as many others at the time as it takes."""
        others = [one for one in self.at_the_time(piece, place) if one_room(piece, one)]
        return len(others) >= self.at_once.get(piece.room, 1)

    def answers(self, piece: Piece) -> dict[Place, Answer]:
        """Every place of the piece's shift with what it would mean; its own place is left out."""
        places = [(day, n) for n in self.numbers(piece.shift) for day in range(1, self.days + 1)]
        return {place: self.answer(piece, place) for place in places if place != piece.place}

    def wishes(self, piece: Piece, place: Place) -> tuple[str, ...]:
        """Wishes that the piece would break there."""
        day = [one for one in self.of_class.get((piece.class_id, place[0]), ()) if one.id != piece.id]
        off = self.day_off(piece, place)
        found = [off.words] if off else []
        if any(one.course_id == piece.course_id for one in day):
            found.append(
                _("{class} has this subject that day already").format(**{"class": piece.class_label})
            )
        taken = {one.place[1] for one in day if one.place}
        if _gaps(taken | {place[1]}) > _gaps(taken):
            found.append(_("{class} would have a gap").format(**{"class": piece.class_label}))
        if late_and_hard(piece, place):
            found.append(_("A hard subject late in the day"))
        for other in self.at_the_time(piece, place):
            if one_room(piece, other) and self.room_is_full(piece, place):
                found.append(
                    _("Room {room} is taken by {class}").format(
                        **{"room": piece.room, "class": other.class_label}
                    )
                )
        return tuple(found)

    def swaps(self, piece: Piece, other: Piece) -> bool:
        """Whether the two can simply change places."""
        if piece.place is None or other.place is None or other.shift != piece.shift:
            return False
        without = Grid(
            (one for one in self.pieces.values() if one.id not in (piece.id, other.id)), self.bells, self.days
        )
        moved = replace(piece, place=other.place)
        if without.clashes(moved, other.place):
            return False
        together = Grid([*without.pieces.values(), moved], self.bells, self.days)
        return not together.clashes(replace(other, place=None), piece.place)


def one_class(a: Piece, b: Piece) -> bool:
    """The same pupils sit in both: one class, and not two groups of it."""
    return a.class_id == b.class_id and (not a.group or not b.group or a.group == b.group)


def joined(a: Piece, b: Piece) -> bool:
    """Classes of a small school taught together by one teacher."""
    return bool(a.set_code) and a.set_code == b.set_code and a.teacher_id == b.teacher_id


def one_teacher(a: Piece, b: Piece) -> bool:
    return a.teacher_id is not None and a.teacher_id == b.teacher_id and not joined(a, b)


def one_room(a: Piece, b: Piece) -> bool:
    return bool(a.room) and a.room == b.room and not joined(a, b)


def late_and_hard(piece: Piece, place: Place) -> bool:
    return place[1] >= LATE_FROM and piece.is_hard


def _gaps(numbers: set[int]) -> int:
    return max(numbers) - min(numbers) + 1 - len(numbers) if numbers else 0
