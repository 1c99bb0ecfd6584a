"""Figures laid out as cells, rows and lines of a chart, alike for a school, a district and a region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from modules.analytics.data import PERIODS_SHORT, QUARTERS, Cell, Choice, Row
from modules.analytics.queries.metrics import ACHIEVEMENT, ON_PAGES, QUALITY
from tenants.rollups import Figure, Metric
from ui.charts import Chart, Series

Figures = dict[str, Figure]


def by(figures: Iterable[Figure], attribute: str) -> dict[Any, Figures]:
    """Figures by what the attribute says, then by metric."""
    answer: dict[Any, Figures] = defaultdict(dict)
    for figure in figures:
        answer[getattr(figure, attribute)][figure.metric] = figure
    return answer


def cells(
    figures: Figures, *, metrics: Sequence[Metric] = ON_PAGES, closed: Collection[str] = ()
) -> tuple[Cell, ...]:
    """A cell for each metric. `closed` names the metrics whose cell exists and is too small to show."""
    answer = []
    for metric in metrics:
        one = figures.get(metric.code)
        if one is None:
            answer.append(Cell(metric.unit, metric.title, is_closed=metric.code in closed))
        else:
            answer.append(Cell(metric.unit, metric.title, one.numerator, one.denominator, one.people))
    return tuple(answer)


def summed(figures: Iterable[Figure]) -> Figures:
    """One figure for each metric: numerators and denominators added, never percents."""
    parts: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        parts[figure.metric].append(figure)
    return {
        code: Figure(
            code,
            many[0].year,
            many[0].period,
            sum(f.numerator for f in many),
            sum(f.denominator for f in many),
            max(f.people for f in many),
        )
        for code, many in parts.items()
    }


def sort(rows: list[Row], asked: str) -> list[Row]:
    """Rows in the asked order: by name ("name"), or by a metric's code; "-" turns it round; what is absent is last."""
    name, turned = asked.lstrip("-"), asked.startswith("-")
    codes = [metric.code for metric in ON_PAGES]
    rows = sorted(rows, key=lambda row: row.order)
    if name in codes and rows and codes.index(name) < len(rows[0].cells):
        place = codes.index(name)
        have = [row for row in rows if row.cells[place].amount is not None]
        lack = [row for row in rows if row.cells[place].amount is None]
        return sorted(have, key=lambda row: row.cells[place].amount or 0, reverse=turned) + lack
    return rows[::-1] if name == "name" and turned else rows


def bars(rows: Sequence[Row], *, head: Any = "", note: Any = "") -> Chart:
    """Quality and achievement of the rows as bars."""
    return Chart(
        "bar",
        _("Quality and achievement"),
        [row.title for row in rows],
        [
            Series(metric.title, [_rounded(row.cells[ON_PAGES.index(metric)].amount) for row in rows])
            for metric in (QUALITY, ACHIEVEMENT)
        ],
        unit="%",
        note=note,
        head=head,
    )


def trend(title: Any, figures: Iterable[Figure], years: Sequence[str]) -> Chart | None:
    """Quality and achievement by quarters of the years; None while there are fewer than two quarters to compare."""
    known = {(f.year, f.period, f.metric): f for f in figures}
    points = [
        (year, period)
        for year in sorted(years)
        for period in QUARTERS
        if any((year, period, metric.code) in known for metric in (QUALITY, ACHIEVEMENT))
    ]
    if len(points) < 2:
        return None
    return Chart(
        "line",
        title,
        [f"{PERIODS_SHORT[period]} {year}" for year, period in points],
        [
            Series(
                metric.title,
                [
                    _rounded(known[year, period, metric.code].amount)
                    if (year, period, metric.code) in known
                    else None
                    for year, period in points
                ],
            )
            for metric in (QUALITY, ACHIEVEMENT)
        ],
        unit="%",
    )


def choose(*, year: str, asked: str, offered: Sequence[str], filled: Collection[str], current: str) -> Choice:
    """The asked period if it is offered, else the current one if it has figures, else the last that has."""
    if asked in offered:
        period = asked
    elif current in offered and (current in filled or not filled):
        period = current
    else:
        period = max(set(filled) & set(offered), default=current or (offered[0] if offered else "q1"))
    return Choice(year, period, (), offered)


def _rounded(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 1)
