"""Two weeks laid side by side: what differs between them, and how good each is. Plain data, no tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from modules.schedule.exchange.telling import weeks_words
from modules.schedule.load.data import with_part
from modules.schedule.timetabling.answers import Place, place_words
from modules.schedule.timetabling.grid import Bells, Grid, Piece
from modules.schedule.timetabling.problems import problems


class Kind(StrEnum):
    MOVED = "moved"
    ROOM = "room"
    TEACHER = "teacher"
    ONLY_ONE = "only_one"
    ONLY_OTHER = "only_other"


KIND_LABELS: dict[Kind, Any] = {
    Kind.MOVED: pgettext_lazy("difference of timetables", "moved"),
    Kind.ROOM: pgettext_lazy("difference of timetables", "another room"),
    Kind.TEACHER: pgettext_lazy("difference of timetables", "another teacher"),
    Kind.ONLY_ONE: pgettext_lazy("difference of timetables", "only in the first"),
    Kind.ONLY_OTHER: pgettext_lazy("difference of timetables", "only in the second"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A lesson of a course that stands otherwise in the other week, or nowhere, or is not of it at all."""

    kind: Kind
    one: Piece | None
    other: Piece | None

    @property
    def piece(self) -> Piece:
        found = self.one or self.other
        if found is None:
            raise ValueError("a difference of nothing")
        return found

    @property
    def label(self) -> str:
        return str(KIND_LABELS[self.kind])

    @property
    def subject(self) -> str:
        return with_part(self.piece.subject, self.piece.group)

    @property
    def one_text(self) -> str:
        return _told(self.one, self.kind)

    @property
    def other_text(self) -> str:
        return _told(self.other, self.kind)

    @property
    def teachers(self) -> list[str]:
        return list(dict.fromkeys(one.teacher for one in (self.one, self.other) if one and one.teacher))


def _told(piece: Piece | None, kind: Kind) -> str:
    """Where the lesson stands, with what is other about it."""
    if piece is None:
        return ""
    if piece.place is None:
        return _("not placed")
    text = ", ".join(filter(None, (place_words(piece.place), weeks_words(piece))))
    if kind is Kind.TEACHER:
        return f"{text}, {piece.teacher}" if piece.teacher else text
    return f"{text}, {_('room {room}').format(room=piece.room)}" if piece.room else text


def differences(one: Iterable[Piece], other: Iterable[Piece]) -> list[Difference]:
    """Lessons of each course paired so that as few as possible differ, in the order of the first week."""
    first, second = _by_course(one), _by_course(other)
    found: list[Difference] = []
    for course_id in dict.fromkeys((*first, *second)):
        found += _of_course(first.get(course_id, []), second.get(course_id, []))
    return found


def _by_course(pieces: Iterable[Piece]) -> dict[UUID, list[Piece]]:
    found: dict[UUID, list[Piece]] = defaultdict(list)
    for one in pieces:
        found[one.course_id].append(one)
    return found


def _of_course(one: list[Piece], other: list[Piece]) -> list[Difference]:
    left, right = list(one), list(other)
    pairs: list[tuple[Piece, Piece]] = []
    for same in (_alike, _placed_alike, _both):
        for piece in list(left):
            match = next((two for two in right if same(piece, two)), None)
            if match is not None:
                left.remove(piece)
                right.remove(match)
                pairs.append((piece, match))
    found = [
        Difference(kind, piece, match)
        for piece, match in sorted(pairs, key=lambda pair: pair[0].place or (9, 0))
        if (kind := _kind(piece, match)) is not None
    ]
    found += [Difference(Kind.ONLY_ONE, piece, None) for piece in left]
    return found + [Difference(Kind.ONLY_OTHER, None, piece) for piece in right]


def _alike(one: Piece, other: Piece) -> bool:
    return _kind(one, other) is None


def _placed_alike(one: Piece, other: Piece) -> bool:
    return (one.place, one.weeks) == (other.place, other.weeks)


def _both(_one: Piece, _other: Piece) -> bool:
    return True


def _kind(one: Piece, other: Piece) -> Kind | None:
    if one.place is None or other.place is None:
        if one.place == other.place:
            return None
        return Kind.ONLY_OTHER if one.place is None else Kind.ONLY_ONE
    if (one.place, one.weeks) != (other.place, other.weeks):
        return Kind.MOVED
    if one.teacher_id != other.teacher_id:
        return Kind.TEACHER
    return Kind.ROOM if one.room != other.room else None


# --- how good each is


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of a week; of each, less is better but for the lessons placed."""

    placed: int
    waiting: int
    class_gaps: int
    teacher_gaps: int
    absurd: int
    serious: int
    wishes: int


def quality(grid: Grid) -> Quality:
    found = problems(grid)
    pieces = list(grid.pieces.values())
    return Quality(
        placed=sum(one.place is not None for one in pieces),
        waiting=sum(one.place is None for one in pieces),
        class_gaps=_gaps_of_classes(grid),
        teacher_gaps=_gaps_of_teachers(pieces, grid.bells),
        absurd=sum(one.harm == 1 for one in found),
        serious=sum(one.harm == 2 for one in found),
        wishes=sum(one.harm == 3 for one in found),
    )


def _gaps_of_classes(grid: Grid) -> int:
    return sum(_holes({one.place[1] for one in day if one.place}) for day in grid.of_class.values())


def _gaps_of_teachers(pieces: Iterable[Piece], bells: Bells) -> int:
    """Free lessons between a teacher's first and last of a day, shift by shift: the way between shifts is no gap."""
    days: dict[tuple[UUID, int, int], set[int]] = defaultdict(set)
    for one in pieces:
        if one.place and one.teacher_id and (one.shift, one.place[1]) in bells:
            days[one.teacher_id, one.place[0], one.shift].add(one.place[1])
    return sum(map(_holes, days.values()))


def _holes(numbers: set[int]) -> int:
    return max(numbers) - min(numbers) + 1 - len(numbers) if numbers else 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table of figures; `better` is 1 or 2, whichever is better, 0 when they are alike."""

    label: str
    hint: str
    one: int
    other: int
    more_is_better: bool = False

    @property
    def better(self) -> int:
        if self.one == self.other:
            return 0
        return 1 if (self.one > self.other) == self.more_is_better else 2


def figures(one: Quality, other: Quality) -> list[Figure]:
    return [
        Figure(_("Lessons placed"), "", one.placed, other.placed, more_is_better=True),
        Figure(_("Lessons that wait beside the board"), "", one.waiting, other.waiting),
        Figure(
            _("Gaps of classes"), _("free lessons between two of a day"), one.class_gaps, other.class_gaps
        ),
        Figure(
            _("Gaps of teachers"),
            _("free lessons between two of a day, within a shift"),
            one.teacher_gaps,
            other.teacher_gaps,
        ),
        Figure(
            _("Absurdities"),
            _("somebody in two places, a gap over 20 minutes, a single lesson of a day"),
            one.absurd,
            other.absurd,
        ),
        Figure(_("Serious problems"), _("left undone, or on a day off"), one.serious, other.serious),
        Figure(_("Broken wishes"), _("twice a day, hard and late"), one.wishes, other.wishes),
    ]


# --- a week of a class or a teacher, cell by cell


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson within a cell; `mark` says in a word how it differs, nothing when the other week has it too."""

    top: str
    below: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    one: list[Entry]
    other: list[Entry]
    day: str
    number: int

    @property
    def differs(self) -> bool:
        return any(entry.mark for entry in (*self.one, *self.other))


@dataclass(frozen=True, slots=True)
class Row:
    shift: int
    number: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two weeks of one class or teacher."""

    title: str
    days: list[str]
    rows: list[Row]
    several_shifts: bool

    @property
    def differ(self) -> int:
        return sum(cell.differs for row in self.rows for cell in row.cells)


def pair(one: Grid, other: Grid, *, of: str, title: str) -> Pair:
    """Both weeks of whom `of` names ("class:…" or "teacher:…"), the cells that differ marked."""
    kind, _colon, key = of.partition(":")
    mine, theirs = _of(one, kind, key), _of(other, kind, key)
    keys = sorted({(p.shift, p.place[1]) for p in (*mine, *theirs) if p.place})
    days = range(1, max(one.days, other.days) + 1)
    here, there = _cells(mine), _cells(theirs)
    rows = [
        Row(shift, number, [_cell(here, there, shift, (day, number), kind) for day in days])
        for shift, number in keys
    ]
    names = [str(WEEKDAYS[day - 1]) for day in days]
    return Pair(title, names, rows, len({shift for shift, _number in keys}) > 1)


def _of(grid: Grid, kind: str, key: str) -> list[Piece]:
    return [
        one
        for one in grid.pieces.values()
        if (str(one.class_id) == key if kind == "class" else str(one.teacher_id) == key)
    ]


Cells = Mapping[tuple[int, Place], list[Piece]]


def _cells(pieces: Iterable[Piece]) -> Cells:
    found: dict[tuple[int, Place], list[Piece]] = defaultdict(list)
    for one in pieces:
        if one.place:
            found[one.shift, one.place].append(one)
    return found


def _cell(here: Cells, there: Cells, shift: int, place: Place, kind: str) -> Cell:
    one = sorted(here.get((shift, place), ()), key=lambda p: (p.subject, p.group))
    other = sorted(there.get((shift, place), ()), key=lambda p: (p.subject, p.group))
    return Cell(
        [_entry(p, other, kind, first=True) for p in one],
        [_entry(p, one, kind, first=False) for p in other],
        str(WEEKDAYS[place[0] - 1]),
        place[1],
    )


def _entry(piece: Piece, others: Iterable[Piece], kind: str, *, first: bool) -> Entry:
    below = [piece.teacher if kind == "class" else piece.class_label, weeks_words(piece)]
    if piece.room:
        below.append(_("room {room}").format(room=piece.room))
    twin = next((one for one in others if one.course_id == piece.course_id), None)
    if twin is None:
        mark: Kind | None = Kind.ONLY_ONE if first else Kind.ONLY_OTHER
    else:
        mark = _kind(piece, twin)
    words = str(KIND_LABELS[mark]) if mark else ""
    return Entry(with_part(piece.subject, piece.group), " · ".join(filter(None, below)), words)
