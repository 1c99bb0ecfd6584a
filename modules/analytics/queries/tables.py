"""Figures laid out as cells, rows and lines of a chart, alike for a school, a district and a region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from kernel.names import kazakh_order
from modules.analytics.data import PERIODS_SHORT, QUARTERS, Cell, Choice, Marks, Part, Row
from modules.analytics.queries.metrics import ACHIEVEMENT, ATTENDANCE, AVERAGE, ON_PAGES, QUALITY
from tenants import reference
from tenants.rollups import Figure, Metric
from ui.charts import Chart, Series

Figures = dict[str, Figure]


def by(figures: Iterable[Figure], key: Callable[[Figure], Any]) -> dict[Any, Figures]:
    """Figures by what the key says, then by metric."""
    answer: dict[Any, Figures] = defaultdict(dict)
    for figure in figures:
        answer[key(figure)][figure.metric] = figure
    return answer


def cells(
    figures: Figures,
    *,
    metrics: Sequence[Metric] = ON_PAGES,
    closed: Collection[str] = (),
    before: Figures | None = None,
) -> tuple[Cell, ...]:
    """A cell for each metric. `closed` names the metrics whose cell exists and is too small to show."""
    answer = []
    for metric in metrics:
        one = figures.get(metric.code)
        if one is None:
            answer.append(Cell(metric.unit, metric.title, is_closed=metric.code in closed))
        else:
            was = before.get(metric.code) if before else None
            answer.append(
                Cell(
                    metric.unit,
                    metric.title,
                    one.numerator,
                    one.denominator,
                    one.people,
                    before=was.amount if was else None,
                )
            )
    return tuple(answer)


def marks(figures: Figures) -> Marks | None:
    """How many marks of each kind stand behind quality, achievement and average; None when one of them is closed."""
    quality, achievement, average = (figures.get(m.code) for m in (QUALITY, ACHIEVEMENT, AVERAGE))
    if quality is None or achievement is None or average is None or not quality.denominator:
        return None
    n2 = achievement.denominator - achievement.numerator
    n3 = achievement.numerator - quality.numerator
    n5 = average.numerator - 3 * n3 - 2 * n2 - 4 * quality.numerator
    found = Marks(n5, quality.numerator - n5, n3, n2)
    return found if min(found.n5, found.n4, found.n3, found.n2) >= 0 else None


def shown_metrics(part: Part) -> tuple[Metric, ...]:
    """Attendance is of lessons of all subjects together."""
    return ON_PAGES[:3] if part.dimension == "subject" else ON_PAGES


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
    """Rows in the asked order: by name, by a metric's code or by "change"; "-" turns it round; what is absent is last."""
    name, turned = asked.lstrip("-"), asked.startswith("-")
    codes = [metric.code for metric in ON_PAGES]
    rows = sorted(rows, key=lambda row: row.order)
    if name == "change":
        amounts = [row.change for row in rows]
    elif name in codes and rows and codes.index(name) < len(rows[0].cells):
        amounts = [row.cells[codes.index(name)].amount for row in rows]
    else:
        return rows[::-1] if name == "name" and turned else rows
    have = [(amount, row) for amount, row in zip(amounts, rows, strict=True) if amount is not None]
    lack = [row for amount, row in zip(amounts, rows, strict=True) if amount is None]
    return [row for _amount, row in sorted(have, key=itemgetter(0), reverse=turned)] + lack


FALL = 10.0
"""By so many points the quality must fall since the period before to be told of."""


def fallen(rows: Iterable[Row]) -> list[Row]:
    """Whose quality fell much, the deepest fall first."""
    found = [(row.change, row) for row in rows if row.change is not None and row.change <= -FALL]
    return [row for _change, row in sorted(found, key=itemgetter(0))]


def told_falls(rows: Sequence[Row], limit: int = 8) -> str:
    names = ", ".join(f"{row.title} ({row.cells[0].change_text})" for row in rows[:limit])
    return names + (" …" if len(rows) > limit else "")


def quality(
    rows: Sequence[Row],
    choice: Choice,
    *,
    mean: tuple[Any, Cell],
    head: Any = "",
    lying: bool = False,
) -> Chart | None:
    """Quality of the rows beside that of the period before, against the level of all; None without figures."""
    shown = [row for row in rows if row.cells[0].amount is not None]
    if not shown:
        return None
    series = [Series(choice.period_label, [_rounded(row.cells[0].amount) for row in shown])]
    if any(row.cells[0].before is not None for row in shown):
        before = [_rounded(row.cells[0].before) for row in shown]
        series.append(Series(choice.before_label, before, "point"))
    name, level = mean
    return Chart(
        "across" if lying else "bar",
        _("Quality of knowledge, %"),
        [row.title for row in shown],
        series,
        unit="%",
        head=head,
        mean=None if level.amount is None else (name, round(level.amount, 1)),
    )


def shares(rows: Iterable[tuple[Any, Marks | None]], *, head: Any = "") -> Chart | None:
    """Which marks there are, in percent; None without figures."""
    shown = [(title, one) for title, one in rows if one is not None]
    if not shown:
        return None
    return Chart(
        "shares",
        _("Marks, %"),
        [title for title, _marks in shown],
        [Series(name, [one.shares[n] for _title, one in shown]) for n, name in enumerate("5432")],
        unit="%",
        head=head,
    )


def marks_of_periods(choice: Choice, total: Figures, before: Figures) -> Chart | None:
    """Which marks there are, beside those of the period before."""
    rows = [(choice.period_label, marks(total)), (choice.before_label, marks(before))]
    return shares(rows, head=_("Period"))


def trend(figures: Iterable[Figure], years: Sequence[str]) -> Chart | None:
    """Quality, achievement and attendance by quarters; None while there are fewer than two quarters to compare."""
    known = {(f.year, f.period, f.metric): f for f in figures}
    points = [
        (year, period)
        for year in sorted(years)
        for period in QUARTERS
        if any((year, period, metric.code) in known for metric in (QUALITY, ACHIEVEMENT))
    ]
    if len(points) < 2:
        return None
    lines = []
    for metric in (QUALITY, ACHIEVEMENT, ATTENDANCE):
        amounts = [known.get((year, period, metric.code)) for year, period in points]
        if any(amounts):
            lines.append(Series(metric.title, [_rounded(one.amount) if one else None for one in amounts]))
    return Chart(
        "line",
        _("Figures by quarters, %"),
        [f"{PERIODS_SHORT[period]} {year}" for year, period in points],
        lines,
        unit="%",
    )


def choose(
    *,
    year: str,
    asked: str,
    offered: Sequence[str],
    filled: Collection[str],
    current: str,
    part: Part | None = None,
    parts: Mapping[str, Collection[str]] | None = None,
) -> Choice:
    """The asked period if it is offered, else the current one if it has figures, else the last that has."""
    if asked in offered:
        period = asked
    elif current in offered and (current in filled or not filled):
        period = current
    else:
        period = max(set(filled) & set(offered), default=current or (offered[0] if offered else "q1"))
    groups = _part_groups(parts or {})
    known = {code for _head, options in groups for code, _label in options}
    return Choice(year, period, offered, part if part and part.code in known else Part(), groups)


def _part_groups(parts: Mapping[str, Collection[str]]) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The parts that have figures, under their headings, in the order of the Kazakh alphabet or of grades."""
    heads = {"subject": _("Subjects"), "grade": _("Grades"), "language": _("Language of teaching")}
    groups = []
    for dimension, head in heads.items():
        named = [(f"{dimension}:{value}", part_name(dimension, value)) for value in parts.get(dimension, ())]
        if named:
            groups.append((head, sorted(named, key=lambda pair: _part_order(pair[1]))))
    return groups


def _part_order(name: str) -> tuple[int, list[int]]:
    """Grades by their number, the rest by the alphabet."""
    number = "".join(letter for letter in name if letter.isdigit()) if name[:1].isdigit() else ""
    return int(number or 0), kazakh_order(name)


def part_name(dimension: str, value: str) -> str:
    """How a subject, a grade or a language is called in the reader's language."""
    if dimension == "subject":
        known = reference.subjects()
        return known[value].name if value in known else value
    if dimension == "grade":
        return _("Grade {number}").format(number=value)
    languages = reference.terms("languages")
    return languages[value].name if value in languages else value


def _rounded(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 1)
