"""How many there were, who came, who left, how many there are: counted from stays in classes and from the book.

The two are kept apart on purpose. Stays say who is in which class on a day; the book says who arrived and departed.
What was at the beginning, with those who came and without those who left, must be what is at the end: where it is
not, the pupils who make the difference are named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from modules.contingent.data import LeaveInfo, MovementInfo, StayInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of the school's life between the close of two days: after `opening`, up to `closing`."""

    code: str
    label: str
    opening: date
    closing: date

    def __contains__(self, day: date) -> bool:
        return self.opening < day <= self.closing

    @property
    def first(self) -> date:
        return self.opening + ONE_DAY


@dataclass(slots=True)
class Row:
    """A line of the balance. `moved_*` are changes of class inside the school, a leave among them."""

    start: int = 0
    arrived: int = 0
    moved_in: int = 0
    departed: int = 0
    moved_out: int = 0
    end: int = 0

    @property
    def expected(self) -> int:
        return self.start + self.arrived + self.moved_in - self.departed - self.moved_out

    @property
    def adds_up(self) -> bool:
        return self.expected == self.end

    @property
    def is_still(self) -> bool:
        """Nobody came, left or changed the class."""
        return not (self.arrived or self.departed or self.moved_in or self.moved_out)

    def add(self, other: Row) -> None:
        for name in Row.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Stray:
    """A pupil because of whom the balance does not add up: by so many more or fewer than the book says."""

    pupil_id: UUID
    surplus: int


@dataclass(slots=True)
class Balance:
    """The school's line of a term, the line of each class, and the pupils who do not fit."""

    term: Term
    whole: Row
    classes: dict[UUID, Row]
    strays: list[Stray] = field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        return not self.strays and self.whole.adds_up and all(one.adds_up for one in self.classes.values())


class Roll:
    """Who is in which class at the close of any day, and what changed on which day."""

    def __init__(
        self,
        stays: Sequence[StayInfo],
        *,
        arrivals: Iterable[MovementInfo],
        departures: Iterable[MovementInfo],
        leaves: Iterable[LeaveInfo],
    ) -> None:
        self.arrivals = [(one.pupil.id, one.day, one.class_id) for one in arrivals]
        self.departures = [(one.pupil.id, one.day, one.class_id) for one in departures]
        came = {(pupil, day) for pupil, day, _class in self.arrivals}
        self._gone = {(pupil, day) for pupil, day, _class in self.departures}
        self.leaves = [self._leave(one) for one in leaves]
        self.stays = self._closed_up(stays, came)
        self._came = came
        self._begun = {(one.pupil_id, one.since): one.class_id for one in self.stays}
        self._ended = {(one.pupil_id, one.until): one.class_id for one in self.stays if one.until}

    def _leave(self, one: LeaveInfo) -> tuple[UUID, date, date | None]:
        """Whoever departs from a leave is back, for the count, on the day on which he departs."""
        back = one.back
        if back is not None and (one.pupil_id, back - ONE_DAY) in self._gone:
            back -= ONE_DAY
        return one.pupil_id, one.since, back

    def _closed_up(self, stays: Sequence[StayInfo], came: set[tuple[UUID, date]]) -> list[StayInfo]:
        """Between two school years a pupil belongs to his old class, though the place in it has ended."""
        away = {(pupil, since - ONE_DAY) for pupil, since, _back in self.leaves}
        following: dict[UUID, StayInfo] = {}
        found = []
        for one in sorted(stays, key=lambda s: (s.pupil_id, s.since), reverse=True):
            then = following.get(one.pupil_id)
            following[one.pupil_id] = one
            ends = one.until
            if (
                then is not None
                and ends is not None
                and then.year != one.year
                and then.since > ends
                and (one.pupil_id, ends) not in self._gone | away
                and (one.pupil_id, then.since) not in came
            ):
                ends = then.since - ONE_DAY
            found.append(StayInfo(one.pupil_id, one.class_id, one.year, one.since, ends))
        return found

    def at_close(self, day: date) -> dict[UUID, UUID]:
        """The class of each pupil who still belongs to the school when the day is over."""
        return {
            one.pupil_id: one.class_id
            for one in self.stays
            if one.since <= day
            and (one.until is None or one.until >= day)
            and not (one.until == day and (one.pupil_id, day) in self._gone)
        }

    def balance(self, term: Term) -> Balance:
        start, end = self.at_close(term.opening), self.at_close(term.closing)
        classes: dict[UUID, Row] = defaultdict(Row)
        whole = Row(start=len(start), end=len(end))
        for class_id in start.values():
            classes[class_id].start += 1
        for class_id in end.values():
            classes[class_id].end += 1
        said: Counter[UUID] = Counter(start.keys())
        for pupil_id, day, into in self.arrivals:
            if day in term:
                whole.arrived += 1
                said[pupil_id] += 1
                if entered := self._begun.get((pupil_id, day)) or into:
                    classes[entered].arrived += 1
        for pupil_id, day, out_of in self.departures:
            if day in term:
                whole.departed += 1
                said[pupil_id] -= 1
                if ended := self._ended.get((pupil_id, day)) or out_of:
                    classes[ended].departed += 1
        self._leaves_within(term, whole, said)
        self._moves_within(term, classes)
        strays = [
            Stray(pupil_id, (pupil_id in end) - said[pupil_id])
            for pupil_id in {*said, *end}
            if (pupil_id in end) != said[pupil_id]
        ]
        return Balance(term, whole, dict(classes), sorted(strays, key=lambda one: one.pupil_id))

    def _leaves_within(self, term: Term, whole: Row, said: Counter[UUID]) -> None:
        for pupil_id, since, back in self.leaves:
            if since in term:
                whole.moved_out += 1
                said[pupil_id] -= 1
            if back is not None and back in term:
                whole.moved_in += 1
                said[pupil_id] += 1

    def _moves_within(self, term: Term, classes: dict[UUID, Row]) -> None:
        back = {(pupil, day) for pupil, _since, day in self.leaves if day}
        for one in self.stays:
            if one.since in term and (one.pupil_id, one.since) not in self._came:
                classes[one.class_id].moved_in += 1
            if one.until is None or (one.pupil_id, one.until) in self._gone:
                continue
            if one.until + ONE_DAY in term:
                classes[one.class_id].moved_out += 1
        # Whoever departs while he is on leave is in no class: the class that the book names takes him for the day.
        for pupil_id, day, out_of in self.departures:
            if day in term and (pupil_id, day) in back and out_of is not None:
                classes[out_of].moved_in += 1


def whole_of(rows: Iterable[Row]) -> Row:
    total = Row()
    for one in rows:
        total.add(one)
    return total


def terms(
    *,
    opening: date,
    ends: Sequence[tuple[str, str, date]],
    today: date,
    kept_since: date,
) -> list[Term]:
    """Terms that follow each other from `opening` on: those that have begun, and that the school was kept in.

    The first of them opens on the first day kept here; the running one closes today.
    """
    found: list[Term] = []
    for code, label, end in ends:
        begins, closes = max(opening, kept_since), min(end, today)
        opening = end
        if begins < closes or (begins == closes and not found):
            found.append(Term(code, label, begins, closes))
    return found


def by(rows: Mapping[UUID, Row], key: Mapping[UUID, object]) -> dict[object, Row]:
    """The lines of classes put together by grade or language."""
    found: dict[object, Row] = defaultdict(Row)
    for class_id, row in rows.items():
        found[key.get(class_id)].add(row)
    return dict(found)
