"""Approved rates against held ones: how much of a post is vacant, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """So many rates from the first day to the last one; without a last day they go on."""

    amount: Decimal
    since: date
    until: date | None = None

    def on(self, day: date) -> Decimal:
        running = self.since <= day and (self.until is None or self.until >= day)
        return self.amount if running else Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """A post on a day. `since` is the first day of the vacancy that lasts to this day."""

    approved: Decimal
    held: Decimal
    since: date | None = None

    @property
    def vacant(self) -> Decimal:
        return max(Decimal(0), self.approved - self.held)

    @property
    def above(self) -> Decimal:
        """Held beyond what is approved."""
        return max(Decimal(0), self.held - self.approved)


def balance(approved: Sequence[Rates], held: Sequence[Rates], on: date) -> Balance:
    """What is approved and held on the day."""
    now = Balance(_sum(approved, on), _sum(held, on))
    if not now.vacant:
        return now
    since = None
    for day in sorted({day for day in _changes([*approved, *held]) if day <= on}, reverse=True):
        if _sum(approved, day) <= _sum(held, day):
            break
        since = day
    return Balance(now.approved, now.held, since)


def _sum(terms: Iterable[Rates], day: date) -> Decimal:
    return sum((one.on(day) for one in terms), Decimal(0))


def _changes(terms: Iterable[Rates]) -> Iterable[date]:
    for one in terms:
        yield one.since
        if one.until is not None:
            yield one.until + timedelta(days=1)
