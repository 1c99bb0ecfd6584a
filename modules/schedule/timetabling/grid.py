"""A variant in memory: who stands where, what a move would mean, and what is wrong. Plain data, no tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import time
from uuid import UUID

from django.utils.translation import gettext as _

from modules.schedule.load.data import with_part
from modules.schedule.timetabling.answers import Answer, Fit, Leap, Place
from modules.schedule.timetabling.making_room import make_room
from modules.schedule.timetabling.pairs import (
    EVEN,
    EVERY,
    ODD,
    by_turns,
    gaps,
    joined,
    one_class,
    one_room,
    one_teacher,
)
from modules.schedule.wishes.rules import Doubles, Wishes, usual_demand

Bells = Mapping[tuple[int, int], tuple[time, time]]  # by shift and number

# From this rank of difficulty on a subject is hard (see wishes), and from this lesson on it stands late.
HARD_FROM = 10
LATE_FROM = 6
GAP_MINUTES = 20


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
    weeks: str = EVERY
    # How hard the subject is where the school says otherwise than the reference data.
    difficulty: int = 0

    @property
    def is_hard(self) -> bool:
        return (self.difficulty or usual_demand(self.subject_code).difficulty) >= HARD_FROM

    @property
    def binds(self) -> list[int | str]:
        """Who can be in one place only: the class, the teacher, the room. Numbers of ids: they are compared a lot."""
        found: list[int | str] = [self.class_id.int]
        if self.teacher_id is not None:
            found.append(self.teacher_id.int)
        if self.room:
            found.append(self.room)
        return found

    @property
    def title(self) -> str:
        return f"{self.class_label} · {with_part(self.subject, self.group)}"

    @property
    def brief(self) -> str:
        return with_part(self.short, self.group)


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


@dataclass(frozen=True, slots=True)
class Lack:
    """A course whose cards are not as many as the load has lessons: fewer, or more."""

    class_id: UUID
    title: str
    have: float
    wanted: float


class Grid:
    """Everybody's week at once. Cards are put about within it, for a trial or for good."""

    def __init__(
        self,
        pieces: Iterable[Piece],
        bells: Bells,
        days: int,
        off: Mapping[tuple[UUID, int], DayOff] | None = None,
        lacking: Iterable[Lack] = (),
        closed: Mapping[UUID, Mapping[tuple[int, int, int], DayOff]] | None = None,
        school: Wishes | None = None,
    ) -> None:
        self.off = off or {}
        self.lacking = tuple(lacking)
        # For each teacher the lessons (day, shift, number) that are closed to him.
        self.closed = closed or {}
        self.school = school or Wishes()
        self.at_once = {one.name: one.at_once for one in self.school.rooms}
        self.pieces = {one.id: one for one in pieces}
        self.bells, self.days = bells, days
        # Who is bound at a lesson: by the day, the shift, the number, and a class, a teacher or a room.
        self.bound: dict[tuple[int, int, int, int | str], list[Piece]] = defaultdict(list)
        self.of_class: dict[tuple[UUID, int], list[Piece]] = defaultdict(list)
        self._before: list[Piece] | None = None
        for one in self.pieces.values():
            self._stand(one)
        self.meeting = {key: self._meeting(key) for key in bells}
        self._numbers: dict[int, list[int]] = defaultdict(list)
        for shift, number in sorted(bells):
            self._numbers[shift].append(number)

    def _meeting(self, key: tuple[int, int]) -> list[tuple[int, int]]:
        """Lessons of any shift that run at the time of this one."""
        start, end = self.bells[key]
        return [other for other, (s, e) in self.bells.items() if s < end and start < e]

    def _stand(self, piece: Piece) -> None:
        if piece.place:
            day, number = piece.place
            for who in piece.binds:
                self.bound[day, piece.shift, number, who].append(piece)
            self.of_class[piece.class_id, day].append(piece)

    def _leave(self, piece: Piece) -> None:
        if piece.place:
            day, number = piece.place
            for who in piece.binds:
                self.bound[day, piece.shift, number, who].remove(piece)
            self.of_class[piece.class_id, day].remove(piece)

    def put(self, card_id: UUID, place: Place | None, weeks: str | None = None) -> Piece:
        """Have the card stand there, or beside the board."""
        before = self.pieces[card_id]
        after = replace(before, place=place, weeks=weeks or before.weeks)
        if self._before is not None:
            self._before.append(before)
        self._swap(before, after)
        return after

    def _swap(self, before: Piece, after: Piece) -> None:
        self._leave(before)
        self.pieces[after.id] = after
        self._stand(after)

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Whatever is put within it goes back. Trials do not hold one another."""
        self._before = []
        try:
            yield
        finally:
            for before in reversed(self._before):
                self._swap(self.pieces[before.id], before)
            self._before = None

    def numbers(self, shift: int) -> list[int]:
        return self._numbers.get(shift, [])

    def has(self, piece: Piece, place: Place) -> bool:
        """Whether the piece's shift has such a lesson."""
        return (piece.shift, place[1]) in self.bells and 1 <= place[0] <= self.days

    def places(self, piece: Piece) -> list[Place]:
        """Every place of the piece's shift, lesson by lesson."""
        return [(day, n) for n in self.numbers(piece.shift) for day in range(1, self.days + 1)]

    def at_the_time(self, piece: Piece, place: Place) -> list[Piece]:
        """Other cards of the same class, teacher or room that run while the piece would."""
        here, day, mine, bound = (piece.shift, place[1]), place[0], piece.id.int, self.bound
        binds = piece.binds
        found: dict[int, Piece] = {}
        for shift, number in self.meeting.get(here, (here,)):
            for who in binds:
                for other in bound.get((day, shift, number, who), ()):
                    if other.id.int != mine and not by_turns(piece, other):
                        found[other.id.int] = other
        return list(found.values())

    def barring(self, piece: Piece, place: Place) -> list[Piece]:
        """Cards that cannot run together with the piece: its class or its teacher would be in two places."""
        return [
            other
            for other in self.at_the_time(piece, place)
            if one_class(piece, other) or one_teacher(piece, other)
        ]

    def turns(self, piece: Piece, place: Place) -> Piece:
        """The piece in the weeks in which it would stand there: a half takes the free turn."""
        if piece.weeks == EVERY or not self.barring(piece, place):
            return piece
        other = replace(piece, weeks=EVEN if piece.weeks == ODD else ODD)
        return piece if self.barring(other, place) else other

    def answer(self, piece: Piece, place: Place) -> Answer:
        """What it would mean to put the piece there."""
        if not self.has(piece, place):
            return Answer(Fit.IMPOSSIBLE, (_("The shift has no such lesson"),))
        off = self.day_off(piece, place)
        if off and off.is_demand:
            return Answer(Fit.IMPOSSIBLE, (off.words,))
        group = [self.turns(one, place) for one in self.together(piece)]
        barring = self._in_the_way(group, place)
        pinned = [other for other in (*group, *barring) if other.pin]
        if pinned:
            stuck = tuple(
                _("{lesson} is pinned there: {reason}").format(lesson=one.title, reason=one.pin)
                for one in pinned
            )
            return Answer(Fit.IMPOSSIBLE, stuck)
        goes = tuple(Leap(one, place, one.weeks) for one in group)
        if barring:
            leaps = make_room(self, group, place, barring)
            why = [_why(one, other) for one in group for other in self.barring(one, place)]
            words = dict.fromkeys([*why, *(one.words for one in leaps)])
            return Answer(Fit.MOVES, tuple(words), goes, leaps)
        broken = tuple(dict.fromkeys(words for one in group for words in self.wishes(one, place)))
        return Answer(Fit.WISH if broken else Fit.FITS, broken, goes)

    def together(self, piece: Piece) -> list[Piece]:
        """The piece and those that are one lesson with it: a card of each class that its teacher joins."""
        if not piece.set_code:
            return [piece]
        group = {piece.class_id: piece}
        for other in self.pieces.values():
            if (
                joined(piece, other)
                and other.subject_code == piece.subject_code
                and (other.place, other.weeks) == (piece.place, piece.weeks)
            ):
                group.setdefault(other.class_id, other)
        return list(group.values())

    def _in_the_way(self, group: list[Piece], place: Place) -> list[Piece]:
        """Who bars the group there, with those that are one lesson with them."""
        barring = {other.id: other for one in group for other in self.barring(one, place)}
        closed = {one.id: one for other in barring.values() for one in self.together(other)}
        for one in group:
            closed.pop(one.id, None)
        return list(closed.values())

    # --- wishes

    def day_off(self, piece: Piece, place: Place) -> DayOff | None:
        """What the teacher has against the day, or against the lesson."""
        if piece.teacher_id is None or not (self.off or self.closed):
            return None
        day = self.off.get((piece.teacher_id, place[0]))
        hour = self.closed.get(piece.teacher_id, {}).get((place[0], piece.shift, place[1]))
        return hour if hour and not (day and day.is_demand) else day

    def is_single(self, piece: Piece) -> bool:
        """Whether the lessons of the course belong on different days."""
        return self.school.is_on("spread") and self.school.doubles_of(piece.course_id) is Doubles.NEVER

    def room_is_full(self, piece: Piece, place: Place) -> bool:
        """Whether the piece's room has as many others at the time as it takes."""
        others = [one for one in self.at_the_time(piece, place) if one_room(piece, one)]
        return len(others) >= self.at_once.get(piece.room, 1)

    def answers(self, piece: Piece) -> dict[Place, Answer]:
        """Every place of the piece's shift with what it would mean; its own place is left out."""
        return {place: self.answer(piece, place) for place in self.places(piece) if place != piece.place}

    def wishes(self, piece: Piece, place: Place) -> tuple[str, ...]:
        """Wishes that the piece would break there."""
        standing = self.of_class.get((piece.class_id, place[0]), ())
        day = [one for one in standing if one.id.int != piece.id.int]
        off = self.day_off(piece, place)
        found = [off.words] if off else []
        if self.is_single(piece) and any(one.course_id == piece.course_id for one in day):
            found.append(
                _("{class} has this subject that day already").format(**{"class": piece.class_label})
            )
        if gaps([*day, replace(piece, place=place)]) > gaps(day):
            found.append(_("{class} would have a gap").format(**{"class": piece.class_label}))
        if self.school.is_on("late") and late_and_hard(piece, place):
            found.append(_("A hard subject late in the day"))
        for other in self.at_the_time(piece, place):
            if one_room(piece, other) and self.room_is_full(piece, place):
                found.append(
                    _("Room {room} is taken by {class}").format(
                        **{"room": piece.room, "class": other.class_label}
                    )
                )
        return tuple(found)


def _why(piece: Piece, other: Piece) -> str:
    if one_class(piece, other):
        return _("{class} has {subject} then").format(
            **{"class": other.class_label, "subject": other.subject}
        )
    return _("{teacher} teaches {class} then").format(
        **{"teacher": other.teacher, "class": other.class_label}
    )


def late_and_hard(piece: Piece, place: Place) -> bool:
    return place[1] >= LATE_FROM and piece.is_hard
