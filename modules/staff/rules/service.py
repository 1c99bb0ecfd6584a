"""Length of service: stretches of work put together, each day counted once, in months of thirty days.

A year has 360 days and a month 30, as books of personnel reckon: the 31st adds nothing, the last day of February
completes its month. The first and the last day count. So the length of a whole is always the sum of its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

MONTH = 30
YEAR = 12 * MONTH
_DAY = timedelta(days=1)
# Years of service at which the coefficient of pay changes.
BANDS = (0, 1, 2, 3, 5, 7, 9, 11, 14, 17, 20, 25)


class Kind(StrEnum):
    """What a stretch of time was."""

    PEDAGOGICAL = "pedagogical"
    OTHER = "other"
    MILITARY = "military"
    CHILD_CARE = "child_care"


@dataclass(frozen=True, slots=True, order=True)
class Length:
    """So many days of thirty-day months."""

    total: int = 0

    @property
    def years(self) -> int:
        return self.total // YEAR

    @property
    def months(self) -> int:
        return self.total % YEAR // MONTH

    @property
    def days(self) -> int:
        return self.total % MONTH

    def __add__(self, other: Length) -> Length:
        return Length(self.total + other.total)

    def __sub__(self, other: Length) -> Length:
        return Length(self.total - other.total)

    def __bool__(self) -> bool:
        return self.total > 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Work, or what counts as work, from the first day to the last one; without a last day it still goes on.

    `is_here` says that it was at this school; `is_stated` that nothing but the card's word stands for it.
    """

    since: date
    until: date | None = None
    kind: str = Kind.OTHER
    post: str = ""
    post_label: Any = ""
    place: str = ""
    is_here: bool = False
    is_stated: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch as it was counted: how long it is, and how much of it no earlier line had counted yet."""

    stretch: Stretch
    until: date
    length: Length
    counted: Length

    @property
    def overlap(self) -> Length:
        return self.length - self.counted


@dataclass(frozen=True, slots=True)
class Piece:
    """A time without a gap."""

    since: date
    until: date
    length: Length


@dataclass(frozen=True, slots=True)
class Count:
    """A length of service with its working: what was added, what overlapped, the times without a gap."""

    total: Length = Length()
    lines: tuple[Line, ...] = ()
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What the law leaves to be read either way; the school's settings say which."""

    military: bool = True
    child_care: bool = True


@dataclass(frozen=True, slots=True)
class Service:
    """All four lengths on a day."""

    on: date
    general: Count = field(default_factory=Count)
    pedagogical: Count = field(default_factory=Count)
    here: Count = field(default_factory=Count)
    in_post: Count = field(default_factory=Count)


def length(since: date, until: date) -> Length:
    """Both ends count."""
    return Length(max(0, _place(until + _DAY) - _place(since)))


def count(stretches: Iterable[Stretch], on: date, *, without: Iterable[Stretch] = ()) -> Count:
    """Put the stretches together up to the day `on`: what overlaps counts once, what `without` covers not at all."""
    told = sorted(_until(stretches, on), key=lambda pair: (pair[0].since, pair[1]))
    covered = _merged((one.since, until) for one, until in _until(without, on))
    lines = []
    for one, until in told:
        before = _total(covered)
        covered = _merged([*covered, (one.since, until)])
        lines.append(Line(one, until, length(one.since, until), _total(covered) - before))
    left = _merged((one.since, until) for one, until in told)
    for gap in _merged((one.since, until) for one, until in _until(without, on)):
        left = _cut(left, gap)
    pieces = tuple(Piece(since, until, length(since, until)) for since, until in left)
    return Count(sum((line.counted for line in lines), Length()), tuple(lines), pieces)


def service(
    stretches: Sequence[Stretch],
    on: date,
    *,
    post: str = "",
    leaves: Sequence[Stretch] = (),
    options: Options | None = None,
) -> Service:
    """General, pedagogical, at this school and in the post on the day.

    `leaves` are child-care leaves of somebody who keeps the post meanwhile. Military service and child care are
    pedagogical service, when the options say so, of somebody who has taught; otherwise they are taken out of it.
    """
    options = options or Options()
    whole = [*stretches, *leaves]
    teaching = [one for one in whole if one.kind == Kind.PEDAGOGICAL]
    taught = any(one.since <= on for one in teaching)
    wanted = {Kind.MILITARY: options.military, Kind.CHILD_CARE: options.child_care}
    beside = [one for one in whole if one.kind in wanted]
    included = [one for one in beside if taught and wanted[Kind(one.kind)]]
    excluded = [one for one in beside if not wanted[Kind(one.kind)]]
    here = [one for one in stretches if one.is_here]
    return Service(
        on=on,
        general=count(whole, on),
        pedagogical=count([*teaching, *included], on, without=excluded),
        here=count(here, on),
        in_post=count([one for one in stretches if post and one.post == post], on),
    )


def with_stated(stretches: Sequence[Stretch], stated: date | None) -> list[Stretch]:
    """Add what the card states: teaching since a day before the first entry that proves any."""
    first = min((one.since for one in stretches if one.kind == Kind.PEDAGOGICAL), default=None)
    if stated is None or first is None or stated >= first:
        return list(stretches)
    return [Stretch(stated, first - _DAY, Kind.PEDAGOGICAL, is_stated=True), *stretches]


def band(served: Length) -> tuple[int, int | None]:
    """The band of pay that the length falls in: from so many years, to so many (None: and more)."""
    above = [edge for edge in BANDS if served.total < edge * YEAR]
    start = BANDS[len(BANDS) - len(above) - 1]
    return start, above[0] if above else None


# ---


def _place(day: date) -> int:
    return day.year * YEAR + (day.month - 1) * MONTH + day.day - 1


def _until(stretches: Iterable[Stretch], on: date) -> list[tuple[Stretch, date]]:
    """Those that had begun by the day, with their last day not after it."""
    return [(one, min(one.until or on, on)) for one in stretches if one.since <= min(one.until or on, on)]


def _merged(terms: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Terms without overlaps, in order; those that touch are one."""
    whole: list[tuple[date, date]] = []
    for since, until in sorted(terms):
        if whole and since <= whole[-1][1] + _DAY:
            whole[-1] = whole[-1][0], max(whole[-1][1], until)
        else:
            whole.append((since, until))
    return whole


def _cut(terms: list[tuple[date, date]], gap: tuple[date, date]) -> list[tuple[date, date]]:
    """The terms without the days of the gap."""
    left = []
    for since, until in terms:
        if since < gap[0]:
            left.append((since, min(until, gap[0] - _DAY)))
        if until > gap[1]:
            left.append((max(since, gap[1] + _DAY), until))
    return left


def _total(terms: Iterable[tuple[date, date]]) -> Length:
    return Length(sum(length(since, until).total for since, until in terms))
