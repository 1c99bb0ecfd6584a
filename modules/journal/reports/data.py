"""What reports are made of: counts of marks, and tables that are the same on the screen, on paper and in Excel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ui.figures import NONE, figure

Kind = Literal["text", "number", "percent", "date"]
YEAR_CODE = "y"


@dataclass(slots=True)
class Marks:
    """How many marks of each kind; quality is the share of 4 and 5 among marks from 2 to 5, achievement of all but 2."""

    n5: int = 0
    n4: int = 0
    n3: int = 0
    n2: int = 0
    na: int = 0
    passed: int = 0
    failed: int = 0
    forecast: int = 0

    FIELDS = {"5": "n5", "4": "n4", "3": "n3", "2": "n2", "pass": "passed", "fail": "failed"}

    def add(self, mark: str | None, *, is_final: bool = True, times: int = 1) -> None:
        name = self.FIELDS.get(mark or "", "na")
        setattr(self, name, getattr(self, name) + times)
        if mark and not is_final:
            self.forecast += times

    @property
    def assessed(self) -> int:
        """Marks from 2 to 5."""
        return self.n5 + self.n4 + self.n3 + self.n2

    @property
    def whole(self) -> int:
        """All of whom a mark is asked."""
        return self.assessed + self.na + self.passed + self.failed

    @property
    def quality(self) -> float | None:
        return 100 * (self.n5 + self.n4) / self.assessed if self.assessed else None

    @property
    def achievement(self) -> float | None:
        return 100 * (self.assessed - self.n2) / self.assessed if self.assessed else None

    @property
    def mean(self) -> float | None:
        if not self.assessed:
            return None
        return (5 * self.n5 + 4 * self.n4 + 3 * self.n3 + 2 * self.n2) / self.assessed


def together(all_of: Iterable[Marks]) -> Marks:
    """Sums, never means of percentages."""
    total = Marks()
    for one in all_of:
        for name in (*Marks.FIELDS.values(), "na", "forecast"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
    return total


# What a figure counts, by the code in the address of the list behind it.
PICKS: dict[str, Any] = {
    "all": pgettext_lazy("who is in the list", "all who are assessed"),
    "5": pgettext_lazy("who is in the list", "with a “5”"),
    "4": pgettext_lazy("who is in the list", "with a “4”"),
    "3": pgettext_lazy("who is in the list", "with a “3”"),
    "2": pgettext_lazy("who is in the list", "with a “2”"),
    "na": pgettext_lazy("who is in the list", "without a mark"),
    "quality": pgettext_lazy("who is in the list", "with “4” and “5”"),
    "achievement": pgettext_lazy("who is in the list", "with “3”, “4” and “5”"),
    "pass": pgettext_lazy("who is in the list", "with a “pass”"),
    "fail": pgettext_lazy("who is in the list", "with a “fail”"),
    "forecast": pgettext_lazy("who is in the list", "whose mark is a forecast yet"),
}
_PICKED = {"quality": {"4", "5"}, "achievement": {"3", "4", "5"}}


def is_picked(pick: str, mark: str | None, *, is_final: bool) -> bool:
    """Whether the mark is behind the figure."""
    if pick == "na":
        return mark is None
    if pick == "forecast":
        return mark is not None and not is_final
    return pick == "all" or mark in _PICKED.get(pick, {pick})


# --- tables


@dataclass(frozen=True, slots=True)
class Head:
    """`on_page` is false for what stands on paper and in Excel only."""

    label: Any
    kind: Kind = "text"
    on_page: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table; `url` is where its first cell leads, `pupil_id` whose row it is."""

    cells: tuple[Any, ...]
    url: str = ""
    pupil_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Table:
    title: Any
    heads: tuple[Head, ...]
    lines: Sequence[Line]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is printed and saved: facts above, tables, and below what its author wrote.

    `pupils` are those whom it names elsewhere than in rows of their own.
    """

    title: str
    scope: str
    facts: tuple[tuple[Any, str], ...] = ()
    tables: tuple[Table, ...] = ()
    texts: tuple[tuple[Any, str], ...] = ()
    signs: tuple[Any, str] = ("", "")
    pupils: tuple[UUID, ...] = ()

    @property
    def named(self) -> list[UUID]:
        """All pupils whom it names."""
        return [*self.pupils, *(key for table in self.tables for key in pupils_in(table.lines))]


def pupils_in(lines: Iterable[Line]) -> list[UUID]:
    """Whose rows these are."""
    return [one.pupil_id for one in lines if one.pupil_id is not None]


def shown(value: Any, kind: str = "text") -> str:
    """A value of a table in words: figures in the reader's way, percentages with one digit, nothing as a dash."""
    if value is None or value == "":
        return NONE
    if kind == "percent":
        return f"{figure(value, 1)} %"
    if kind == "number":
        return figure(value, 0 if isinstance(value, int) else 2, grouped=True)
    if kind == "date":
        return f"{value:%d.%m.%Y}"
    return str(value)


MARK_HEADS = (
    Head("5", "number"),
    Head("4", "number"),
    Head("3", "number"),
    Head("2", "number"),
    Head(_("Without a mark"), "number"),
    Head(_("Achievement"), "percent"),
    Head(_("Quality of knowledge"), "percent"),
    Head(_("Mean mark"), "number"),
)


def mark_cells(marks: Marks) -> tuple[Any, ...]:
    """The values under MARK_HEADS."""
    figures = (marks.n5, marks.n4, marks.n3, marks.n2, marks.na)
    return (*figures, marks.achievement, marks.quality, marks.mean)
