"""What a district sees of its schools and a region of its districts: sums, never a child's record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import kazakh_order
from kernel.tenancy import Kind, TenantRef
from modules.analytics import permissions
from modules.analytics.data import NOW, PERIODS, Cell, Choice, Row, Worry
from modules.analytics.queries import tables
from modules.analytics.queries.metrics import FINAL, OF_PERIOD, ON_PAGES, PUPILS, QUALITY
from tenants import api as tenants
from tenants import reference, rollups
from tenants.rollups import Figure, Freshness
from ui.charts import Chart

STALE = timedelta(days=3)
_CODES = [metric.code for metric in OF_PERIOD]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page of an authority, or on the page of one body below it."""

    choice: Choice
    of: TenantRef | None
    total: tuple[Cell, ...]
    final: Cell
    rows: list[Row] = field(default_factory=list)
    subjects: list[Row] = field(default_factory=list)
    grades: list[Row] = field(default_factory=list)
    trend: Chart | None = None
    worries: list[Worry] = field(default_factory=list)
    schools: int = 0
    with_figures: int = 0
    hidden: int = 0
    pupils: Cell = field(default_factory=lambda: Cell("count"))
    as_of: datetime | None = None
    of_districts: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(cell.amount is not None for cell in self.total) and not any(
            cell.amount is not None or cell.is_closed for row in self.rows for cell in row.cells
        )


def board(*, actor: Actor, year: str, period: str = "", sort: str = "") -> Board:
    """The district's schools, or the region's districts, with the sums over all of them."""
    require(actor, permissions.VIEW_DISTRICT)
    below = tenants.children(actor.tenant.id)
    if any(one.kind is Kind.AUTHORITY for one in below):
        return _region(actor, [one for one in below if one.kind is Kind.AUTHORITY], year, period, sort)
    return _district(actor, [one for one in below if one.kind is Kind.SCHOOL], year, period, sort)


def below(*, actor: Actor, code: str, year: str, period: str = "", sort: str = "") -> Board:
    """One school of the district, or one district of the region; raises NotFound for any other."""
    require(actor, permissions.VIEW_DISTRICT)
    one = next((child for child in tenants.children(actor.tenant.id) if child.code == code), None)
    if one is None:
        raise NotFound
    choice = _choice(year, period)
    if one.kind is Kind.AUTHORITY:
        figures = rollups.of_node(one.id, year=year, dimension=None)
        trend_of = rollups.of_node(one.id, metrics=_CODES)
        closed: dict[str, set[tuple[UUID, str]]] = {}
    else:
        figures = rollups.of_school(one.id, year=year)
        trend_of = rollups.of_school(one.id, dimension="all", metrics=_CODES)
        closed = {
            dimension: {
                cell
                for cell in rollups.closed_cells(
                    metric=QUALITY.code, year=year, period=choice.period, dimension=dimension
                )
                if cell[0] == one.id
            }
            for dimension in ("all", "subject", "grade")
        }
    here = [f for f in figures if f.period == choice.period]
    total = tables.by((f for f in here if f.dimension == "all"), "metric")
    flat = {code: figure[code] for code, figure in total.items()}
    fresh = rollups.freshness().get(one.id) if one.kind is Kind.SCHOOL else None
    return Board(
        choice=choice,
        of=one,
        total=tables.cells(flat, closed=_CODES if closed.get("all") else ()),
        final=tables.cells(flat, metrics=(FINAL,))[0],
        subjects=tables.sort(_subjects(here, closed.get("subject", set())), sort),
        grades=_grades(here, closed.get("grade", set())),
        trend=tables.trend(_("Quality and achievement by quarters"), trend_of, _years(trend_of)),
        pupils=_pupils([f for f in figures if f.period == NOW]),
        hidden=max((f.hidden for f in here if f.dimension == "all"), default=0),
        as_of=fresh.refreshed_at if fresh else max((f.as_of for f in here if f.as_of), default=None),
        of_districts=one.kind is Kind.AUTHORITY,
    )


def _district(actor: Actor, schools: Sequence[TenantRef], year: str, period: str, sort: str) -> Board:
    choice = _choice(year, period)
    figures = rollups.of_schools(year=year, period=choice.period, metrics=_CODES)
    closed = {
        school for school, __ in rollups.closed_cells(metric=QUALITY.code, year=year, period=choice.period)
    }
    fresh = rollups.freshness()
    by_school = tables.by(figures, "owner")
    rows = [
        Row(
            school.name,
            tables.cells(by_school.get(school.id, {}), closed=_CODES if school.id in closed else ()),
            reverse("authority:below", args=[school.code]) + f"?period={choice.period}",
            order=kazakh_order(school.name),
            as_of=fresh[school.id].refreshed_at if school.id in fresh else None,
        )
        for school in schools
    ]
    return _whole(
        actor,
        choice,
        tables.sort(rows, sort),
        sort,
        worries=_worries_of_schools(schools, by_school, closed, fresh, choice),
        schools=len(schools),
        with_figures=len(by_school),
        as_of=min((f.refreshed_at for key, f in fresh.items() if key in by_school), default=None),
        of_districts=False,
    )


def _region(actor: Actor, districts: Sequence[TenantRef], year: str, period: str, sort: str) -> Board:
    choice = _choice(year, period)
    figures = rollups.of_nodes(year=year, period=choice.period, metrics=_CODES)
    by_district = tables.by(figures, "owner")
    rows = [
        Row(
            district.name,
            tables.cells(by_district.get(district.id, {})),
            reverse("authority:below", args=[district.code]) + f"?period={choice.period}",
            count=max((f.schools for f in by_district.get(district.id, {}).values()), default=0),
            order=kazakh_order(district.name),
            as_of=max((f.as_of for f in by_district.get(district.id, {}).values() if f.as_of), default=None),
        )
        for district in districts
    ]
    silent = [row.title for row in rows if not row.count]
    worries = []
    if silent:
        worries.append(
            Worry(
                ngettext(
                    "%(n)d district has no figures of this period",
                    "%(n)d districts have no figures of this period",
                    len(silent),
                )
                % {"n": len(silent)},
                ", ".join(map(str, silent[:6])),
            )
        )
    return _whole(
        actor,
        choice,
        tables.sort(rows, sort),
        sort,
        worries=worries,
        schools=sum(row.count or 0 for row in rows),
        with_figures=sum(row.count or 0 for row in rows),
        as_of=max((row.as_of for row in rows if row.as_of), default=None),
        of_districts=True,
    )


def _whole(
    actor: Actor,
    choice: Choice,
    rows: list[Row],
    sort: str,
    *,
    worries: list[Worry],
    schools: int,
    with_figures: int,
    as_of: datetime | None,
    of_districts: bool,
) -> Board:
    sums = rollups.of_node(actor.tenant.id, year=choice.year, dimension=None)
    here = [f for f in sums if f.period == choice.period]
    total = {f.metric: f for f in here if f.dimension == "all"}
    trend_of = rollups.of_node(actor.tenant.id, metrics=_CODES)
    return Board(
        choice=choice,
        of=None,
        total=tables.cells(total),
        final=tables.cells(total, metrics=(FINAL,))[0],
        rows=rows,
        subjects=tables.sort(_subjects(here, set()), sort),
        grades=_grades(here, set()),
        trend=tables.trend(_("Quality and achievement by quarters"), trend_of, _years(trend_of)),
        worries=worries,
        schools=schools,
        with_figures=with_figures,
        hidden=total[QUALITY.code].hidden if QUALITY.code in total else 0,
        pupils=_pupils([f for f in sums if f.period == NOW]),
        as_of=as_of,
        of_districts=of_districts,
    )


def _worries_of_schools(
    schools: Sequence[TenantRef],
    by_school: dict[UUID, tables.Figures],
    closed: set[UUID],
    fresh: dict[UUID, Freshness],
    choice: Choice,
) -> list[Worry]:
    """The worklist: schools that tell nothing, whose figures are old, or whose recount found a fault."""
    silent = [one for one in schools if one.id not in by_school and one.id not in closed]
    old = [
        one
        for one in schools
        if one not in silent and one.id in fresh and clock.now() - fresh[one.id].refreshed_at > STALE
    ]
    faulty = [one for one in schools if one.id in fresh and fresh[one.id].mismatches]
    answer = []
    if silent:
        answer.append(
            Worry(
                ngettext(
                    "%(n)d school has no marks in this period",
                    "%(n)d schools have no marks in this period",
                    len(silent),
                )
                % {"n": len(silent)},
                _names(silent),
                tone="danger",
            )
        )
    if old:
        answer.append(
            Worry(
                ngettext(
                    "%(n)d school has not renewed its figures for three days",
                    "%(n)d schools have not renewed their figures for three days",
                    len(old),
                )
                % {"n": len(old)},
                _names(old),
            )
        )
    if faulty:
        answer.append(
            Worry(
                ngettext(
                    "The nightly recount mended figures of %(n)d school",
                    "The nightly recount mended figures of %(n)d schools",
                    len(faulty),
                )
                % {"n": len(faulty)},
                _names(faulty),
            )
        )
    return answer


def _names(schools: Sequence[TenantRef], limit: int = 8) -> str:
    names = sorted((one.name for one in schools), key=kazakh_order)
    return ", ".join(names[:limit]) + (" …" if len(names) > limit else "")


def _subjects(figures: Iterable[Figure], closed: set[tuple[UUID, str]]) -> list[Row]:
    known = reference.subjects()
    by_subject = tables.by((f for f in figures if f.dimension == "subject"), "value")
    rows = []
    for code in {*by_subject, *(value for __, value in closed)}:
        title = known[code].name if code in known else code
        cells = tables.cells(
            by_subject.get(code, {}),
            metrics=ON_PAGES[:3],
            closed=_CODES if code not in by_subject else (),
        )
        rows.append(Row(title, cells, order=kazakh_order(title)))
    return rows


def _grades(figures: Iterable[Figure], closed: set[tuple[UUID, str]]) -> list[Row]:
    by_grade = tables.by((f for f in figures if f.dimension == "grade"), "value")
    shut = {value for __, value in closed}
    return [
        Row(
            grade,
            tables.cells(by_grade.get(grade, {}), closed=_CODES if grade in shut else ()),
            order=int(grade),
        )
        for grade in sorted({*by_grade, *shut}, key=int)
    ]


def _pupils(figures: Iterable[Figure]) -> Cell:
    for one in figures:
        if one.metric == PUPILS.code and one.dimension == "all":
            return Cell("count", "", one.numerator, one.denominator, one.people)
    return Cell("count")


def _choice(year: str, asked: str) -> Choice:
    pairs = rollups.slices()
    filled = {period for known, period in pairs if known == year and period != NOW}
    offered = sorted(filled) or ["q1", "q2", "q3", "q4"]
    calendar = reference.school_year(year) if _has_calendar(year) else None
    today = clock.today()
    now = ""
    if calendar is not None and year == clock.school_year_of(today):
        now = next((f"q{span.number}" for span in reversed(calendar.quarters) if span.start <= today), "")
    choice = tables.choose(year=year, asked=asked, offered=offered, filled=filled, current=now)
    return choice if choice.period in PERIODS else Choice(year, offered[0], (), offered)


def _has_calendar(year: str) -> bool:
    try:
        reference.school_year(year)
    except KeyError:
        return False
    return True


def _years(figures: Iterable[Figure]) -> list[str]:
    return sorted({f.year for f in figures})[-2:]
