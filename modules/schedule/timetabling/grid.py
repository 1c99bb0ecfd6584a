"""A variant in memory: who stands where, what a move would mean, and what is wrong. Plain data, no tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from modules.schedule.load.data import with_part
from modules.schedule.wishes.rules import Doubles, Wishes, usual_demand

Place = tuple[int, int]  # weekday, number of the lesson
Bells = Mapping[tuple[int, int], tuple[time, time]]  # by shift and number

# From this rank of difficulty on a subject is hard (see wishes), and from this lesson on it stands late.
HARD_FROM = 10
LATE_FROM = 6
GAP_MINUTES = 20
# A lesson of every week, and the two turns of half an hour a week.
EVERY, ODD, EVEN = "every", "odd", "even"
TURNS = (ODD, EVEN)


class Fit(StrEnum):
    FITS = "fits"
    MOVES = "moves"
    WISH = "wish"
    IMPOSSIBLE = "impossible"


FIT_LABELS: dict[Fit, Any] = {
    Fit.FITS: pgettext_lazy("place of a lesson", "fits"),
    Fit.MOVES: pgettext_lazy("place of a lesson", "if others move"),
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
    weeks: str = EVERY
    # How hard the subject is where the school says otherwise than the reference data.
    difficulty: int = 0

    @property
    def is_hard(self) -> bool:
        return (self.difficulty or usual_demand(self.subject_code).difficulty) >= HARD_FROM

    @property
    def binds(self) -> tuple[object, ...]:
        """Who can be in one place only: the class, the teacher, the room."""
        return tuple(one for one in (self.class_id, self.teacher_id, self.room) if one)

    @property
    def title(self) -> str:
        return f"{self.class_label} · {with_part(self.subject, self.group)}"

    @property
    def brief(self) -> str:
        return with_part(self.short, self.group)


@dataclass(frozen=True, slots=True)
class Leap:
    """A card that makes room for another, and where it would go; nowhere is beside the board."""

    piece: Piece
    to: Place | None
    weeks: str

    @property
    def words(self) -> str:
        if self.to is None:
            return _("{lesson}: beside the board").format(lesson=self.piece.title)
        return f"{self.piece.title} → {place_words(self.to)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What it would mean to put a card there: how it would stand with those that are one lesson with it, and who would
    have to make room."""

    fit: Fit
    words: tuple[str, ...] = ()
    goes: tuple[Leap, ...] = ()
    leaps: tuple[Leap, ...] = ()

    @property
    def label(self) -> str:
        return str(FIT_LABELS[self.fit])

    @property
    def lines(self) -> list[str]:
        """As briefly as a cell has room for: who would go where, or what is against it."""
        if not self.leaps:
            return list(self.words)
        mine = {one.piece.class_id for one in self.goes}
        where: dict[Place | None, list[str]] = {}
        for one in self.leaps:
            is_mine = one.piece.class_id in mine
            name = one.piece.brief if is_mine else f"{one.piece.class_label} {one.piece.brief}"
            where.setdefault(one.to, []).append(name)
        return [
            f"{', '.join(names)} → {place_words(to) if to else pgettext('place of a lesson', 'beside the board')}"
            for to, names in where.items()
        ]

    @property
    def leaves_some_out(self) -> bool:
        return any(one.to is None for one in self.leaps)


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
        self.bound: dict[tuple[int, int, int, object], list[Piece]] = defaultdict(list)
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
        here = (piece.shift, place[1])
        found = {
            other.id: other
            for shift, number in self.meeting.get(here, (here,))
            for who in piece.binds
            for other in self.bound.get((place[0], shift, number, who), ())
            if other.id != piece.id and not by_turns(piece, other)
        }
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
            leaps = self._leaps(group, place, barring)
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

    # --- how others make room

    def _leaps(self, group: list[Piece], place: Place, barring: list[Piece]) -> tuple[Leap, ...]:
        """Where those in the way would go: to the group's old place, to a free one, in a ring of three, or nowhere."""
        found: list[Leap] = []
        rest = {one.id: self.together(one) for one in barring}
        with self.trial():
            for one in barring:
                self.put(one.id, None)
            for one in group:
                self.put(one.id, place, one.weeks)
            while rest:
                party = rest[next(iter(rest))]
                for one in party:
                    rest.pop(one.id, None)
                moved = {each.id for each in (*group, *barring)} | {leap.piece.id for leap in found}
                for leap in self._way_out(party, group[0], moved):
                    self.put(leap.piece.id, leap.to, leap.weeks)
                    found.append(leap)
        return tuple(found)

    def _way_out(self, party: list[Piece], mover: Piece, moved: set[UUID]) -> list[Leap]:
        first = party[0]
        home = mover.place if mover.place and mover.shift == first.shift else None
        best = [there] if home and (there := self._free(party, home)) else []
        if not best:
            free = [there for place in self.places(first) if (there := self._free(party, place))]
            best = sorted(free, key=lambda there: (self._price(there), _way(first.place, there[0].to)))[:1]
        if best:
            return best[0]
        ring = self._ring(first, home, mover.shift, moved) if home and len(party) == 1 else None
        return ring or [Leap(one, None, one.weeks) for one in party]

    def _price(self, there: list[Leap]) -> int:
        """How many wishes are broken by standing so."""
        return sum(len(self.wishes(one.piece, one.to)) for one in there if one.to)

    def _free(self, party: list[Piece], place: Place) -> list[Leap] | None:
        """How the party would stand there; None where something keeps one of it away."""
        found = []
        for one in party:
            off = self.day_off(one, place)
            if not self.has(one, place) or (off and off.is_demand):
                return None
            there = self.turns(one, place)
            if self.barring(there, place):
                return None
            found.append(Leap(one, place, there.weeks))
        return found

    def _ring(self, one: Piece, home: Place, shift: int, moved: set[UUID]) -> list[Leap] | None:
        """Somebody third goes home, to the mover's old place, and the one goes to the third's."""
        for place in self.places(one):
            thirds = self.barring(one, place)
            third = thirds[0] if len(thirds) == 1 else None
            if third is None or third.pin or third.set_code or third.id in moved or third.shift != shift:
                continue
            if not (third_goes := self._free([third], home)):
                continue
            self.put(third.id, home, third_goes[0].weeks)
            goes = self._free([one], place)
            self.put(third.id, third.place, third.weeks)
            if goes:
                return [*third_goes, *goes]
        return None

    # --- wishes

    def day_off(self, piece: Piece, place: Place) -> DayOff | None:
        """What the teacher has against the day, or against the lesson."""
        if piece.teacher_id is None:
            return None
        day = self.off.get((piece.teacher_id, place[0]))
        hour = self.closed.get(piece.teacher_id, {}).get((place[0], piece.shift, place[1]))
        return hour if hour and not (day and day.is_demand) else day

    def is_single(self, piece: Piece) -> bool:
        """Whether the lessons of the course belong on different days."""
        return self.school.doubles_of(piece.course_id) is Doubles.NEVER

    def room_is_full(self, piece: Piece, place: Place) -> bool:
        """Whether the piece's room has as many others at the time as it takes."""
        others = [one for one in self.at_the_time(piece, place) if one_room(piece, one)]
        return len(others) >= self.at_once.get(piece.room, 1)

    def answers(self, piece: Piece) -> dict[Place, Answer]:
        """Every place of the piece's shift with what it would mean; its own place is left out."""
        return {place: self.answer(piece, place) for place in self.places(piece) if place != piece.place}

    def wishes(self, piece: Piece, place: Place) -> tuple[str, ...]:
        """Wishes that the piece would break there."""
        day = [one for one in self.of_class.get((piece.class_id, place[0]), ()) if one.id != piece.id]
        off = self.day_off(piece, place)
        found = [off.words] if off else []
        if self.is_single(piece) and any(one.course_id == piece.course_id for one in day):
            found.append(
                _("{class} has this subject that day already").format(**{"class": piece.class_label})
            )
        if gaps([*day, replace(piece, place=place)]) > gaps(day):
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


def place_words(place: Place) -> str:
    """ "Tue 3"."""
    return f"{WEEKDAYS_ABBR[place[0] - 1]} {place[1]}"


def _way(start: Place | None, end: Place | None) -> tuple[int, int, Place]:
    """How far a lesson would go: within its day first."""
    if start is None or end is None:
        return 0, 0, end or (0, 0)
    return abs(end[0] - start[0]), abs(end[1] - start[1]), end


def _why(piece: Piece, other: Piece) -> str:
    if one_class(piece, other):
        return _("{class} has {subject} then").format(
            **{"class": other.class_label, "subject": other.subject}
        )
    return _("{teacher} teaches {class} then").format(
        **{"teacher": other.teacher, "class": other.class_label}
    )


def by_turns(a: Piece, b: Piece) -> bool:
    """One is taught in odd weeks, the other in even ones."""
    return a.weeks != b.weeks and a.weeks != EVERY and b.weeks != EVERY


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


def gaps(day: Iterable[Piece]) -> int:
    """Empty lessons between the first and the last of the day, in odd and in even weeks."""
    turns = [{one.place[1] for one in day if one.place and one.weeks in (EVERY, turn)} for turn in TURNS]
    return sum(max(taken) - min(taken) + 1 - len(taken) for taken in turns if taken)
