"""What crosses the module's border, and what its pages are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
PERIODS_SHORT: dict[str, Any] = {
    "q1": pgettext_lazy("quarter, short", "Q1"),
    "q2": pgettext_lazy("quarter, short", "Q2"),
    "q3": pgettext_lazy("quarter, short", "Q3"),
    "q4": pgettext_lazy("quarter, short", "Q4"),
    "h1": pgettext_lazy("half-year, short", "H1"),
    "h2": pgettext_lazy("half-year, short", "H2"),
}
QUARTERS = ("q1", "q2", "q3", "q4")
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
        amount = self.amount
        if amount is None:
            return "–"
        digits = {"percent": 1, "mark": 2, "count": 0}[self.unit]
        # number_format cuts digits off, so the rounding is done before it.
        shown = number_format(round(Decimal(amount), digits), digits, use_l10n=True, force_grouping=True)
        return f"{shown} %" if self.unit == "percent" else shown


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


@dataclass(frozen=True, slots=True)
class Choice:
    """Which year and period a page shows, and which others it offers."""

    year: str
    period: str
    years: Sequence[str] = ()
    periods: Sequence[str] = ()

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
