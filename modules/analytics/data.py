"""What crosses the module's border, and what its pages are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PERIODS: dict[str, Any] = {
    "q1": _("1st quarter"),
    "q2": _("2nd quarter"),
    "q3": _("3rd quarter"),
    "q4": _("4th quarter"),
    "h1": _("1st half-year"),
    "h2": _("2nd half-year"),
}
PERIODS_AGAINST: dict[str, Any] = {
    "q1": _("against the 1st quarter"),
    "q2": _("against the 2nd quarter"),
    "q3": _("against the 3rd quarter"),
    "q4": _("against the 4th quarter"),
    "h1": _("against the 1st half-year"),
    "h2": _("against the 2nd half-year"),
}
PERIODS_SHORT: dict[str, Any] = {
    "q1": pgettext_lazy("quarter, short", "Q1"),
    "q2": pgettext_lazy("quarter, short", "Q2"),
    "q3": pgettext_lazy("quarter, short", "Q3"),
    "q4": pgettext_lazy("quarter, short", "Q4"),
    "h1": pgettext_lazy("half-year, short", "H1"),
    "h2": pgettext_lazy("half-year, short", "H2"),
}
QUARTERS = ("q1", "q2", "q3", "q4")
_FOLLOWS = {"q4": "q3", "q3": "q2", "q2": "q1", "h2": "h1"}
_FIRST_FOLLOWS = {"q1": "q4", "h1": "h2"}
NOW = "now"
"""The period of figures that have no period: how many there are today."""


@dataclass(frozen=True, slots=True)
class ClassFigure:
    """A figure of one class before it is stored."""

    metric: str
    version: int
    school_class_id: UUID
    grade: int
    language: str
    subject_code: str
    numerator: int
    denominator: int
    people: int

    @property
    def key(self) -> tuple[str, int, UUID, str]:
        return self.metric, self.version, self.school_class_id, self.subject_code


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure on a page: its amount, what it is of, and whether it is closed because it is of too few."""

    unit: str = "percent"
    title: Any = ""
    numerator: int = 0
    denominator: int = 0
    people: int = 0
    is_closed: bool = False
    before: float | None = None
    """The amount of the period before."""

    @property
    def amount(self) -> float | None:
        if self.is_closed or not self.denominator:
            return None
        if self.unit == "count":
            return float(self.numerator)
        return self.numerator / self.denominator * (100 if self.unit == "percent" else 1)

    @property
    def text(self) -> str:
        """The figure in the reader's way, without saying what it is of."""
        return "–" if self.amount is None else f"{self.number} %" if self.unit == "percent" else self.number

    @property
    def number(self) -> str:
        """The figure without its unit, for a column whose head names it."""
        return "–" if self.amount is None else _shown(self.amount, self.unit)

    @property
    def change(self) -> float | None:
        """How the figure moved since the period before, as its reader sees both; None when there is no before."""
        if self.amount is None or self.before is None:
            return None
        digits = _DIGITS[self.unit]
        return round(round(self.amount, digits) - round(self.before, digits), digits)

    @property
    def trend(self) -> str:
        return (
            "" if self.change is None else "up" if self.change > 0 else "down" if self.change < 0 else "same"
        )

    @property
    def change_text(self) -> str:
        """+2,1 or −1,4: percents move by points."""
        if self.change is None:
            return ""
        sign = {"up": "+", "down": "\N{MINUS SIGN}", "same": ""}[self.trend]
        return f"{sign}{_shown(abs(self.change), self.unit)}"


_DIGITS = {"percent": 1, "mark": 2, "count": 0}


def _shown(amount: float, unit: str) -> str:
    # number_format cuts digits off, so the rounding is done before it.
    return number_format(
        round(Decimal(amount), _DIGITS[unit]), _DIGITS[unit], use_l10n=True, force_grouping=True
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """How many marks there are of each kind."""

    n5: int
    n4: int
    n3: int
    n2: int

    @property
    def count(self) -> int:
        return self.n5 + self.n4 + self.n3 + self.n2

    @property
    def shares(self) -> tuple[float, float, float, float]:
        n5, n4, n3, n2 = (round(100 * n / self.count, 1) for n in (self.n5, self.n4, self.n3, self.n2))
        return n5, n4, n3, n2


@dataclass(frozen=True, slots=True)
class Part:
    """What a page is narrowed to: a subject, a grade, a language of teaching; everything by default."""

    dimension: str = "all"
    value: str = ""

    @staticmethod
    def of(asked: str) -> Part:
        """Read "subject:algebra"; anything else is everything."""
        dimension, _colon, value = asked.partition(":")
        return Part(dimension, value) if dimension in PARTS and value else Part()

    @property
    def code(self) -> str:
        return f"{self.dimension}:{self.value}" if self.value else ""


PARTS = ("subject", "grade", "language")


@dataclass(frozen=True, slots=True)
class Row:
    """A class, a subject, a school or a district with its figures in the order of the table's metrics."""

    title: Any
    cells: tuple[Cell, ...]
    url: str = ""
    note: Any = ""
    count: int | None = None
    order: Any = 0
    as_of: datetime | None = None
    marks: Marks | None = None

    @property
    def change(self) -> float | None:
        """How the leading figure moved."""
        return self.cells[0].change if self.cells else None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which year, period and part of the marks a page shows, and which others it offers."""

    year: str
    period: str
    periods: Sequence[str] = ()
    part: Part = field(default_factory=Part)
    parts: Sequence[tuple[Any, Sequence[tuple[str, Any]]]] = ()
    """Groups of parts: a heading, and codes with their names."""

    @property
    def before(self) -> tuple[str, str]:
        """The year and the period that the shown one is compared with."""
        if self.period in _FOLLOWS:
            return self.year, _FOLLOWS[self.period]
        first = int(self.year[:4])
        return f"{first - 1}-{first % 100:02}", _FIRST_FOLLOWS.get(self.period, "")

    @property
    def before_label(self) -> Any:
        year, period = self.before
        label = PERIODS.get(period, "")
        return label if year == self.year else f"{label} {year}"

    @property
    def against_label(self) -> Any:
        year, period = self.before
        label = PERIODS_AGAINST.get(period, "")
        return label if year == self.year else f"{label} ({year})"

    @property
    def part_label(self) -> Any:
        return next(
            (label for _head, options in self.parts for code, label in options if code == self.part.code), ""
        )

    @property
    def period_label(self) -> Any:
        return PERIODS.get(self.period, self.period)

    @property
    def period_labels(self) -> list[tuple[str, Any]]:
        return [(code, PERIODS.get(code, code)) for code in self.periods]


@dataclass(frozen=True, slots=True)
class Worry:
    """A line of a worklist: what is amiss, with whom, and where to look."""

    title: Any
    text: Any
    url: str = ""
    tone: str = "warning"
