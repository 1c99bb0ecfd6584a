"""Hours of a plan against the curriculum: weekly hours times the weeks of each quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class QuarterHours:
    """What a quarter has in the plan and what the curriculum gives; None where the quarter's days are not set."""

    quarter: int
    planned: int
    given: Decimal | None

    @property
    def surplus(self) -> Decimal:
        """How many hours too many; fewer than nought: too few. Half an hour is nobody's fault."""
        if self.given is None:
            return Decimal(0)
        over = Decimal(self.planned) - self.given
        return over if abs(over) >= 1 else Decimal(0)


def weeks(start: date, end: date) -> int:
    """Teaching weeks of a quarter: its working days by fives, as the ministry counts (8, 8, 10, 8)."""
    days = sum((start + timedelta(days=n)).isoweekday() <= 5 for n in range((end - start).days + 1))
    return int((Decimal(days) / 5).quantize(Decimal(1), ROUND_HALF_UP))


def by_quarters(
    planned: Iterable[tuple[int, int]], hours_per_week: Decimal, spans: Mapping[int, tuple[date, date]]
) -> list[QuarterHours]:
    """Each quarter's hours; `planned` are pairs of a quarter and hours, `spans` the days of the quarters."""
    sums = dict.fromkeys((1, 2, 3, 4), 0)
    for quarter, hours in planned:
        sums[quarter] += hours
    return [
        QuarterHours(quarter, total, hours_per_week * weeks(*spans[quarter]) if quarter in spans else None)
        for quarter, total in sums.items()
    ]
