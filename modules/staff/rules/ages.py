"""Ages and terms: when somebody reaches retirement, a round birthday, the next attestation."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


def later(day: date, *, years: int = 0, months: int = 0) -> date:
    """The day so much later; of a month that is too short its last day."""
    place = day.year * 12 + day.month - 1 + years * 12 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def age(born: date, on: date) -> int:
    """Full years on the day; somebody born on 29 February comes of age on the 28th of a common year."""
    years = on.year - born.year
    return years if later(born, years=years) <= on else years - 1


def birthday(born: date, year: int) -> date:
    """The birthday of that year."""
    return later(born, years=year - born.year)


def is_round(years: int) -> bool:
    """A jubilee: every ten years, from fifty every five."""
    return years > 0 and years % (5 if years >= 50 else 10) == 0


@dataclass(frozen=True, slots=True)
class Norm:
    """The age of retirement in force from a day on, in months."""

    since: date
    months: int


def retirement(born: date, norms: Sequence[Norm]) -> date | None:
    """The first day on which the age reaches the norm in force on that very day; None without norms."""
    ordered = sorted(norms, key=lambda one: one.since)
    for norm, following in zip(ordered, [*ordered[1:], None], strict=True):
        day = max(later(born, months=norm.months), norm.since)
        if following is None or day < following.since:
            return day
    return None


def birthdays(
    people: Iterable[tuple[object, date]], start: date, end: date
) -> list[tuple[date, int, object]]:
    """Who has a birthday between the days: the day, the age reached, and who; by day."""
    found = []
    for who, born in people:
        for year in range(start.year, end.year + 1):
            day = birthday(born, year)
            if start <= day <= end and year > born.year:
                found.append((day, year - born.year, who))
    return sorted(found, key=lambda line: line[0])
