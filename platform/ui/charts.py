"""A chart as data: drawn in the browser, and always readable as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Series:
    """One line or one colour of bars; None where there is no figure (which is not zero). A "point" stands on its bar."""

    name: Any
    values: Sequence[float | None]
    shape: Literal["bar", "point"] = "bar"


@dataclass(frozen=True)
class Chart:
    """`across`: lying bars, for long names; `shares`: parts of a whole in percent, the best first."""

    kind: Literal["bar", "across", "stacked", "shares", "line"]
    title: Any
    categories: Sequence[Any]
    series: Sequence[Series]
    unit: str = ""
    note: Any = ""
    head: Any = ""
    mean: tuple[Any, float] | None = None
    """A named level that all bars are read against."""

    def __post_init__(self) -> None:
        for one in self.series:
            if len(one.values) != len(self.categories):
                raise ValueError(
                    f"{one.name}: {len(one.values)} values for {len(self.categories)} categories"
                )

    def props(self, language: str) -> dict[str, Any]:
        """What the island draws."""
        return {
            "kind": self.kind,
            "title": str(self.title),
            "categories": [str(category) for category in self.categories],
            "series": [
                {"name": str(one.name), "values": list(one.values), "shape": one.shape} for one in self.series
            ],
            "mean": None if self.mean is None else {"name": str(self.mean[0]), "value": self.mean[1]},
            "unit": self.unit,
            "language": language,
        }

    def rows(self) -> list[tuple[Any, list[float | None]]]:
        """The same figures for the table: a category and its values by series."""
        return [
            (category, [one.values[index] for one in self.series])
            for index, category in enumerate(self.categories)
        ]
