"""What a district sees of its schools and a region of its districts: sums, never a child's record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from uuid import UUID

from django.urls import reverse
from django.utils.translation import ngettext

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import kazakh_order
from kernel.tenancy import Kind, TenantRef
from modules.analytics import permissions
from modules.analytics.data import NOW, PARTS, PERIODS, QUARTERS, Cell, Choice, Part, Row, Worry
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
    marks: Chart | None = None
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


def board(*, actor: Actor, year: str, period: str = "", sort: str = "", part: str = "") -> Board:
    """The district's schools, or the region's districts, with the sums over all of them; of everything or of a part."""
    require(actor, permissions.VIEW_DISTRICT)
    below = tenants.children(actor.tenant.id)
    read = partial(rollups.of_node, actor.tenant.id)
    sums = read(year=year, dimension=None)
    choice = _choice(year, period, sums, Part.of(part))
    whole = _whole(choice, sums, read, sort)
    if any(one.kind is Kind.AUTHORITY for one in below):
        return _region(whole, [one for one in below if one.kind is Kind.AUTHORITY], choice, sort)
    return _district(whole, [one for one in below if one.kind is Kind.SCHOOL], choice, sort)


def below(*, actor: Actor, code: str, year: str, period: str = "", sort: str = "") -> Board:
    """One school of the district, or one district of the region; raises NotFound for any other."""
    require(actor, permissions.VIEW_DISTRICT)
    one = next((child for child in tenants.children(actor.tenant.id) if child.code == code), None)
    if one is None:
        raise NotFound
    is_district = one.kind is Kind.AUTHORITY
    read = partial(rollups.of_node if is_district else rollups.of_school, one.id)
    figures = read(year=year, dimension=None)
    choice = _choice(year, period, (), Part())
    closed: dict[str, set[str]] = {}
    if not is_district:
        closed = {
            dimension: {
                value
                for school, value in rollups.closed_cells(
                    metric=QUALITY.code, year=year, period=choice.period, dimension=dimension
                )
                if school == one.id
            }
            for dimension in ("all", "subject", "grade")
        }
    fresh = None if is_district else rollups.freshness().get(one.id)
    here = _slice(figures, choice.period)
    return replace(
        _whole(choice, figures, read, sort, closed),
        of=one,
        as_of=fresh.refreshed_at if fresh else max((f.as_of for f in here if f.as_of), default=None),
        of_districts=is_district,
    )


def _district(whole: Board, schools: Sequence[TenantRef], choice: Choice, sort: str) -> Board:
    part = choice.part
    by_school, was = _now_and_before(rollups.of_schools, choice)
    closed = {
        school
        for school, value in rollups.closed_cells(
            metric=QUALITY.code, year=choice.year, period=choice.period, dimension=part.dimension
        )
        if value == part.value
    }
    fresh = rollups.freshness()
    rows = [
        Row(
            school.name,
            tables.cells(
                by_school.get(school.id, {}),
                metrics=tables.shown_metrics(part),
                closed=_CODES if school.id in closed else (),
                before=was.get(school.id),
            ),
            reverse("authority:below", args=[school.code]) + f"?period={choice.period}",
            order=kazakh_order(school.name),
            as_of=fresh[school.id].refreshed_at if school.id in fresh else None,
            marks=tables.marks(by_school.get(school.id, {})),
        )
        for school in schools
    ]
    return replace(
        whole,
        rows=tables.sort(rows, sort),
        worries=[] if part.value else _worries_of_schools(schools, by_school, closed, fresh, rows),
        schools=len(schools),
        with_figures=len(by_school),
        as_of=min((f.refreshed_at for key, f in fresh.items() if key in by_school), default=None),
    )


def _region(whole: Board, districts: Sequence[TenantRef], choice: Choice, sort: str) -> Board:
    part = choice.part
    by_district, was = _now_and_before(rollups.of_nodes, choice)
    rows = [
        Row(
            district.name,
            tables.cells(
                by_district.get(district.id, {}),
                metrics=tables.shown_metrics(part),
                before=was.get(district.id),
            ),
            reverse("authority:below", args=[district.code]) + f"?period={choice.period}",
            count=max((f.schools for f in by_district.get(district.id, {}).values()), default=0),
            order=kazakh_order(district.name),
            as_of=max((f.as_of for f in by_district.get(district.id, {}).values() if f.as_of), default=None),
            marks=tables.marks(by_district.get(district.id, {})),
        )
        for district in districts
    ]
    silent = [row.title for row in rows if not row.count]
    worries = []
    if silent and not part.value:
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
    return replace(
        whole,
        rows=tables.sort(rows, sort),
        worries=worries,
        schools=sum(row.count or 0 for row in rows),
        with_figures=sum(row.count or 0 for row in rows),
        as_of=max((row.as_of for row in rows if row.as_of), default=None),
        of_districts=True,
    )


def _now_and_before(
    read: Callable[..., list[Figure]], choice: Choice
) -> Iterator[dict[UUID, tables.Figures]]:
    """Figures of the chosen part by their owner: of the shown period, and of the one before."""
    for year, period in ((choice.year, choice.period), choice.before):
        found = read(year=year, period=period, metrics=_CODES, dimension=choice.part.dimension)
        yield tables.by((f for f in found if f.value == choice.part.value), attrgetter("owner"))


def _slice(figures: Iterable[Figure], period: str) -> list[Figure]:
    return [f for f in figures if f.period == period]


def _by_part(figures: Iterable[Figure]) -> dict[Part, tables.Figures]:
    return tables.by(figures, lambda figure: Part(figure.dimension, figure.value))


def _whole(
    choice: Choice,
    figures: Sequence[Figure],
    read: Callable[..., list[Figure]],
    sort: str,
    closed: Mapping[str, set[str]] | None = None,
) -> Board:
    """What one body's figures of the year say of all its schools: totals, marks, subjects, grades, quarters."""
    part, shut = choice.part, closed or {}
    was_year, was_period = choice.before
    before = figures if was_year == choice.year else read(year=was_year, period=was_period, dimension=None)
    own, was = _by_part(_slice(figures, choice.period)), _by_part(_slice(before, was_period))
    total, total_was = own.get(part, {}), was.get(part, {})
    is_closed = part.value in shut.get(part.dimension, ())
    trend_of = [f for f in read(dimension=part.dimension, metrics=_CODES) if f.value == part.value]
    return Board(
        choice=choice,
        of=None,
        total=tables.cells(
            total,
            metrics=tables.shown_metrics(part),
            closed=_CODES if is_closed else (),
            before=total_was,
        ),
        final=tables.cells(total, metrics=(FINAL,))[0],
        subjects=tables.sort(_subjects(own, was, shut.get("subject", set())), sort),
        grades=_grades(own, was, shut.get("grade", set())),
        marks=tables.marks_of_periods(choice, total, total_was),
        trend=tables.trend(trend_of, _years(trend_of)),
        hidden=total[QUALITY.code].hidden if QUALITY.code in total else 0,
        pupils=_pupils(_slice(figures, NOW)),
    )


def _worries_of_schools(
    schools: Sequence[TenantRef],
    by_school: dict[UUID, tables.Figures],
    closed: set[UUID],
    fresh: dict[UUID, Freshness],
    rows: Sequence[Row],
) -> list[Worry]:
    """The worklist: schools that tell nothing, whose figures fell or are old, or whose recount found a fault."""
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
    if fallen := tables.fallen(rows):
        answer.append(
            Worry(
                ngettext(
                    "Quality fell by 10 points or more at %(n)d school",
                    "Quality fell by 10 points or more at %(n)d schools",
                    len(fallen),
                )
                % {"n": len(fallen)},
                tables.told_falls(fallen),
                fallen[0].url if len(fallen) == 1 else "",
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


def _subjects(
    own: dict[Part, tables.Figures], was: dict[Part, tables.Figures], closed: set[str]
) -> list[Row]:
    known = {part.value for part in own if part.dimension == "subject"}
    rows = []
    for code in {*known, *closed}:
        part, title = Part("subject", code), tables.part_name("subject", code)
        cells = tables.cells(
            own.get(part, {}),
            metrics=ON_PAGES[:3],
            closed=_CODES if code not in known else (),
            before=was.get(part),
        )
        rows.append(Row(title, cells, order=kazakh_order(title), marks=tables.marks(own.get(part, {}))))
    return rows


def _grades(own: dict[Part, tables.Figures], was: dict[Part, tables.Figures], closed: set[str]) -> list[Row]:
    known = {part.value for part in own if part.dimension == "grade"}
    rows = []
    for grade in sorted({*known, *closed}, key=int):
        part = Part("grade", grade)
        cells = tables.cells(
            own.get(part, {}), closed=_CODES if grade in closed else (), before=was.get(part)
        )
        rows.append(Row(grade, cells, order=int(grade), marks=tables.marks(own.get(part, {}))))
    return rows


def _pupils(figures: Iterable[Figure]) -> Cell:
    for one in figures:
        if one.metric == PUPILS.code and one.dimension == "all":
            return Cell("count", "", one.numerator, one.denominator, one.people)
    return Cell("count")


def _choice(year: str, asked: str, sums: Iterable[Figure], part: Part) -> Choice:
    pairs = rollups.slices()
    filled = {period for known, period in pairs if known == year and period != NOW}
    offered = sorted(filled, key=lambda code: (code not in QUARTERS, code)) or list(QUARTERS)
    calendar = reference.school_year(year) if _has_calendar(year) else None
    today = clock.today()
    now = ""
    if calendar is not None and year == clock.school_year_of(today):
        now = next((f"q{span.number}" for span in reversed(calendar.quarters) if span.start <= today), "")
    parts: dict[str, set[str]] = defaultdict(set)
    for figure in sums:
        if figure.year == year and figure.metric == QUALITY.code and figure.dimension in PARTS:
            parts[figure.dimension].add(figure.value)
    choice = tables.choose(
        year=year, asked=asked, offered=offered, filled=filled, current=now, part=part, parts=parts
    )
    return choice if choice.period in PERIODS else replace(choice, period=offered[0])


def _has_calendar(year: str) -> bool:
    try:
        reference.school_year(year)
    except KeyError:
        return False
    return True


def _years(figures: Iterable[Figure]) -> list[str]:
    return sorted({f.year for f in figures})[-2:]
