"""The store of figures: what a school publishes of itself, and what the authorities above it read.

Figures are sums, never percentages: a level above adds numerators and denominators. A school writes its facts in
its own transaction; the sums above follow by `fold()` moments later (decision 0004).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import structlog
from django.db import connection

from kernel import clock, ports
from kernel.tenancy import Kind, current
from tenants.models import RollupFact, RollupFreshness, RollupNode

log = structlog.get_logger(__name__)

SMALLEST_CELL = 5
Unit = Literal["percent", "mark", "count"]
OVERLAPPING = frozenset({"subject"})
"""Dimensions whose cells count the same pupils again: two small cells together may still be the same few."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition of one figure. A changed definition is a new version; the old figures stay under the old one."""

    code: str
    title: Any
    unit: Unit
    definition: Any
    numerator: Any
    denominator: Any
    version: int = 1


METRICS: dict[str, Metric] = {}


def register(metric: Metric) -> Metric:
    """Add the metric to the register. A second definition under the same code raises."""
    if METRICS.get(metric.code, metric) != metric:
        raise ValueError(f"metric {metric.code} is defined twice")
    METRICS[metric.code] = metric
    return metric


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with what stands behind it. `owner` is the school or the authority; None inside a school."""

    metric: str
    year: str
    period: str
    numerator: int
    denominator: int
    people: int
    version: int = 1
    dimension: str = "all"
    value: str = ""
    is_open: bool = True
    owner: UUID | None = None
    schools: int = 1
    hidden: int = 0
    as_of: datetime | None = None

    @property
    def amount(self) -> float | None:
        """The figure as read: percents, a mean mark, or a count; None when nothing stands behind it."""
        unit = METRICS[self.metric].unit if self.metric in METRICS else "count"
        if unit == "count":
            return float(self.numerator)
        if not self.denominator:
            return None
        return self.numerator / self.denominator * (100 if unit == "percent" else 1)


# --- inside a school -------------------------------------------------------------------------------------------------


def closed_where_small(figures: Iterable[Figure]) -> list[Figure]:
    """Mark what the authorities may not see: cells under the smallest, and one more where the rest would tell.

    Who knows a school's total and every open cell knows the closed ones together; so these hold at least
    SMALLEST_CELL pupils, if need be by closing the smallest open cell with them.
    """
    groups: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        groups[figure.metric, figure.version, figure.year, figure.period, figure.dimension].append(figure)
    answer = []
    for (*_key, dimension), cells in groups.items():
        cells.sort(key=lambda f: (f.people, f.value))
        closed = sum(1 for f in cells if f.people < SMALLEST_CELL)
        if 0 < closed < len(cells) and dimension != "all":
            behind = [f.people for f in cells[:closed]]
            known = max(behind) if dimension in OVERLAPPING else sum(behind)
            closed += 1 if known < SMALLEST_CELL else 0
        answer += [replace(f, is_open=number >= closed) for number, f in enumerate(cells)]
    return answer


_COLUMNS = ("metric", "version", "year", "period", "dimension", "value")
_KEY = ", ".join(_COLUMNS)
_WANTED = """
  SELECT * FROM unnest(%s::text[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[],
                       %s::bigint[], %s::int[], %s::bool[])
    AS w (metric, version, year, period, dimension, value, numerator, denominator, people, is_open)"""


def write(
    figures: Iterable[Figure], *, metrics: Collection[str], year: str, period: str, at: datetime | None = None
) -> int:
    """Make the current school's facts of these metrics in this period equal to `figures`; answer how many changed.

    Rows that are already right are not touched, rows that are not among `figures` go. In the caller's transaction.
    A school for trials writes none: it counts in no district.
    """
    school = current()
    if ports.is_shut():
        return 0
    if school.kind is not Kind.SCHOOL:
        raise ValueError("Only a school writes figures.")
    wanted = closed_where_small(figures)
    if stray := {f.metric for f in wanted} - set(metrics) | {
        f.metric for f in wanted if (f.year, f.period) != (year, period)
    }:
        raise ValueError(f"figures outside the slice: {sorted(stray)}")
    columns: list[list[Any]] = [
        [getattr(f, name) for f in wanted]
        for name in (*_COLUMNS, "numerator", "denominator", "people", "is_open")
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DELETE FROM public.tenants_rollupfact f
            WHERE school_id = %s AND year = %s AND period = %s AND metric = ANY(%s)
              AND NOT EXISTS (SELECT 1 FROM ({_WANTED}) w WHERE (w.metric, w.version, w.dimension, w.value)
                                                      = (f.metric, f.version, f.dimension, f.value))
            """,  # noqa: S608
            [school.id, year, period, list(metrics), *columns],
        )
        changed = cursor.rowcount
        cursor.execute(
            f"""
            INSERT INTO public.tenants_rollupfact AS f
              (school_id, {_KEY}, numerator, denominator, people, is_open, as_of)
            SELECT %s, w.*, %s FROM ({_WANTED}) w
            WHERE NOT EXISTS (
              SELECT 1 FROM public.tenants_rollupfact k WHERE k.school_id = %s
                AND (k.metric, k.version, k.year, k.period, k.dimension, k.value, k.numerator, k.denominator, k.people,
                     k.is_open)
                  = (w.metric, w.version, w.year, w.period, w.dimension, w.value, w.numerator, w.denominator, w.people,
                     w.is_open))
            ORDER BY {_KEY}
            ON CONFLICT (school_id, {_KEY}) DO UPDATE SET
              numerator = excluded.numerator, denominator = excluded.denominator, people = excluded.people,
              is_open = excluded.is_open, as_of = excluded.as_of
            """,  # noqa: S608
            [school.id, at or clock.now(), *columns, school.id],
        )
        return changed + cursor.rowcount


def hold() -> None:
    """Let nobody else work on the current school's figures until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7002, hashtext(%s))", [current().schema])


def hold_shared() -> None:
    """Let nobody gather the school's figures before this transaction ends; others may note changes beside it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(7002, hashtext(%s))", [current().schema])


def refreshed(*, at: datetime, recounted: bool = False, mismatches: int = 0) -> None:
    """Say that the school's figures are right as of `at`, whether or not any changed."""
    if ports.is_shut():
        return
    told = {"recounted_at": at, "mismatches": mismatches} if recounted else {}
    RollupFreshness.objects.update_or_create(school_id=current().id, defaults={"refreshed_at": at, **told})


def fold() -> int:
    """Add what waits to the sums above; answer how much, or -1 when another fold was too long at it.

    After the commit of the facts and in a short transaction of its own: the fold is one at a time in the cell.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.tenants_rollup_fold()")
        [taken] = cursor.fetchone()
    if taken < 0:
        log.warning("rollups.fold_left_to_the_next")
    return int(taken)


# --- reading ---------------------------------------------------------------------------------------------------------


def own(
    *,
    year: str | None = None,
    period: str | None = None,
    metrics: Collection[str] = (),
    dimension: str | None = None,
) -> list[Figure]:
    """The current school's own figures, closed ones too."""
    rows = RollupFact.objects.filter(school_id=current().id)
    return list(_facts(rows, year=year, period=period, metrics=metrics, dimension=dimension))


def of_schools(
    *,
    year: str | None = None,
    period: str | None = None,
    metrics: Collection[str] = (),
    dimension: str | None = "all",
) -> list[Figure]:
    """Open figures of the schools directly under the current authority."""
    rows = RollupFact.objects.filter(district_id=current().id, is_open=True)
    return list(_facts(rows, year=year, period=period, metrics=metrics, dimension=dimension))


def of_nodes(
    *,
    year: str | None = None,
    period: str | None = None,
    metrics: Collection[str] = (),
    dimension: str | None = "all",
) -> list[Figure]:
    """Sums of the authorities directly under the current one."""
    rows = RollupNode.objects.filter(parent_id=current().id)
    return list(_nodes(rows, year=year, period=period, metrics=metrics, dimension=dimension))


def of_node(
    node_id: UUID,
    *,
    year: str | None = None,
    period: str | None = None,
    metrics: Collection[str] = (),
    dimension: str | None = "all",
) -> list[Figure]:
    """Sums of the current authority itself, or of one directly under it; empty for any other."""
    rows = RollupNode.objects.filter(node_id=node_id)
    return list(_nodes(rows, year=year, period=period, metrics=metrics, dimension=dimension))


def of_school(
    school_id: UUID,
    *,
    year: str | None = None,
    period: str | None = None,
    metrics: Collection[str] = (),
    dimension: str | None = None,
) -> list[Figure]:
    """Open figures of one school directly under the current authority; empty for any other."""
    rows = RollupFact.objects.filter(district_id=current().id, school_id=school_id, is_open=True)
    return list(_facts(rows, year=year, period=period, metrics=metrics, dimension=dimension))


def closed_cells(*, metric: str, year: str, period: str, dimension: str = "all") -> set[tuple[UUID, str]]:
    """Which cells (school, value) of the authority's own schools exist but are too small to show."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT school_id, value FROM public.tenants_rollup_closed(%s, %s, %s, %s)",
            [metric, year, period, dimension],
        )
        return {(row[0], row[1]) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a school last looked at its figures."""

    school_id: UUID
    refreshed_at: datetime
    recounted_at: datetime | None
    mismatches: int


def freshness() -> dict[UUID, Freshness]:
    """Of the current school, or of the schools directly under the current authority."""
    tenant = current()
    mine = {"school_id": tenant.id} if tenant.kind is Kind.SCHOOL else {"district_id": tenant.id}
    return {
        row.school_id: Freshness(row.school_id, row.refreshed_at, row.recounted_at, row.mismatches)
        for row in RollupFreshness.objects.filter(**mine)
    }


def slices() -> list[tuple[str, str]]:
    """(year, period) pairs for which the current tenant may read sums or facts of its own, newest year first."""
    tenant = current()
    if tenant.kind is Kind.SCHOOL:
        rows: Any = RollupFact.objects.filter(school_id=tenant.id)
    else:
        rows = RollupNode.objects.filter(node_id=tenant.id)
    return sorted(
        rows.filter(dimension="all").values_list("year", "period").distinct(),
        key=lambda pair: (pair[0], pair[1]),
        reverse=True,
    )


def _narrow(
    rows: Any, year: str | None, period: str | None, metrics: Collection[str], dimension: str | None
) -> Any:
    if year is not None:
        rows = rows.filter(year=year)
    if period is not None:
        rows = rows.filter(period=period)
    if metrics:
        rows = rows.filter(metric__in=list(metrics))
    if dimension is not None:
        rows = rows.filter(dimension=dimension)
    return rows.filter(version__in={m.version for m in METRICS.values()} or {1}).order_by(*_COLUMNS, "id")


def _facts(rows: Any, **narrow: Any) -> Iterator[Figure]:
    for row in _narrow(rows, **narrow).values_list(
        "school_id", *_COLUMNS, "numerator", "denominator", "people", "is_open", "as_of"
    ):
        (
            owner,
            metric,
            version,
            year,
            period,
            dimension,
            value,
            numerator,
            denominator,
            people,
            is_open,
            as_of,
        ) = row
        if metric not in METRICS or METRICS[metric].version == version:
            yield Figure(
                metric, year, period, numerator, denominator, people, version, dimension, value, is_open, owner,
                1, 0, as_of,
            )  # fmt: skip


def _nodes(rows: Any, **narrow: Any) -> Iterator[Figure]:
    for row in _narrow(rows, **narrow).values_list(
        "node_id", *_COLUMNS, "numerator", "denominator", "people", "schools", "hidden", "as_of"
    ):
        (
            owner,
            metric,
            version,
            year,
            period,
            dimension,
            value,
            numerator,
            denominator,
            people,
            schools,
            hidden,
            at,
        ) = row
        if metric not in METRICS or METRICS[metric].version == version:
            yield Figure(
                metric, year, period, numerator, denominator, people, version, dimension, value, True, owner,
                schools, hidden, at,
            )  # fmt: skip
