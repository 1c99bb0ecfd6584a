"""The school's own board: the same facts that the authorities read, and below them the classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from kernel.names import kazakh_order
from modules.analytics import permissions
from modules.analytics.data import NOW, Cell, Choice, Row
from modules.analytics.models import ClassFact
from modules.analytics.queries import facts, sources, tables
from modules.analytics.queries.metrics import FINAL, OF_PERIOD, ON_PAGES, PUPILS
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo
from modules.schedule import api as schedule
from tenants import reference, rollups
from tenants.rollups import Figure
from ui.charts import Chart


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page of figures of a school, or of one class."""

    choice: Choice
    total: tuple[Cell, ...]
    final: Cell
    classes: list[Row]
    subjects: list[Row]
    trend: Chart | None
    filled: int
    rooms: int
    pupils: int
    as_of: datetime | None
    school_class: ClassInfo | None = None
    is_whole: bool = True
    facts: list[ClassFact] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.classes and not self.subjects


def school_board(*, actor: Actor, year: str, period: str = "", sort: str = "") -> Board:
    """Figures of the school; a class teacher gets those of her classes, counted from the classes."""
    scopes = require(actor, permissions.VIEW_SCHOOL)
    rooms = _rooms(actor, year)
    choice = _choice(year, period)
    rows = [f for f in facts.of_classes(year=year, period=choice.period) if f.school_class_id in rooms]
    is_whole = Scope.SCHOOL in scopes
    if is_whole:
        own = rollups.own(year=year, period=choice.period)
        total = {f.metric: f for f in own if f.dimension == "all"}
        by_subject = tables.by((f for f in own if f.dimension == "subject"), "value")
        trend_of = rollups.own(dimension="all")
    else:
        total = tables.summed(_figures(rows))
        by_subject = _by_subject(rows)
        trend_of = list(_totals_of(rooms, _two_years(year)))
    return Board(
        choice=choice,
        total=tables.cells(total),
        final=tables.cells(total, metrics=(FINAL,))[0],
        classes=tables.sort(_class_rows(rows, rooms, choice), sort),
        subjects=tables.sort(_subject_rows(by_subject), sort),
        trend=tables.trend(_("Quality and achievement by quarters"), trend_of, _two_years(year)),
        filled=len({f.school_class_id for f in rows if f.subject_code}),
        rooms=sum(1 for room in rooms.values() if room.grade >= 2),
        pupils=sum(
            f.numerator
            for f in facts.of_classes(year=year, period=NOW, metrics=[PUPILS.code])
            if f.school_class_id in rooms
        ),
        as_of=_as_of(actor),
        is_whole=is_whole,
        facts=rows,
    )


def class_board(*, actor: Actor, class_id: UUID, period: str = "", sort: str = "") -> Board:
    """Figures of one class by subject; raises NotFound for a class that is not the actor's to see."""
    room = contingent.school_class(actor=Actor.system_actor("analytics.class"), class_id=class_id)
    if class_id not in _rooms(actor, room.year):
        raise NotFound
    choice = _choice(room.year, period)
    rows = facts.of_classes(year=room.year, period=choice.period, class_id=class_id)
    total = tables.summed(_figures(rows))
    return Board(
        choice=choice,
        total=tables.cells(total),
        final=tables.cells(total, metrics=(FINAL,))[0],
        classes=[],
        subjects=tables.sort(_subject_rows(_by_subject(rows)), sort),
        trend=tables.trend(
            _("Quality and achievement by quarters"), _totals_of({class_id: room}, [room.year]), [room.year]
        ),
        filled=int(any(f.subject_code for f in rows)),
        rooms=1,
        pupils=sum(
            f.numerator
            for f in facts.of_classes(year=room.year, period=NOW, metrics=[PUPILS.code], class_id=class_id)
        ),
        as_of=_as_of(actor),
        school_class=room,
        facts=rows,
    )


def weak_classes(*, actor: Actor, below: float) -> tuple[str, list[str]]:
    """The current period and the labels of classes whose quality in it is below the given percent."""
    if Scope.SCHOOL not in require(actor, permissions.VIEW_SCHOOL):
        return "", []
    year = clock.school_year_of(clock.today())
    choice = _choice(year, "")
    rooms = _rooms(actor, year)
    rows = _class_rows(facts.of_classes(year=year, period=choice.period), rooms, choice)
    return choice.period, [
        str(row.title) for row in rows if row.cells[0].amount is not None and row.cells[0].amount < below
    ]


# --- parts


def _rooms(actor: Actor, year: str) -> dict[UUID, ClassInfo]:
    scopes = require(actor, permissions.VIEW_SCHOOL)
    rooms = sources.classes(actor=Actor.system_actor("analytics.classes"), year=year)
    if Scope.SCHOOL in scopes:
        return rooms
    if actor.person_id is None:
        return {}
    return {key: one for key, one in rooms.items() if one.class_teacher_id == actor.person_id}


def _choice(year: str, asked: str) -> Choice:
    periods = sources.periods(year=year)
    filled = {code for known, code in facts.known_slices() if known == year and code != NOW}
    offered = [one.code for one in periods] or sorted(filled)
    now = schedule.current_period() if year == clock.school_year_of(clock.today()) else None
    return tables.choose(
        year=year, asked=asked, offered=offered, filled=filled, current=now.code if now else ""
    )


def _two_years(year: str) -> list[str]:
    first = int(year[:4])
    return [clock.school_year_of(date(first - 1, 9, 1)), year]


def _figures(rows: Iterable[ClassFact]) -> Iterable[Figure]:
    for row in rows:
        yield Figure(row.metric, row.year, row.period, row.numerator, row.denominator, row.people)


def _by_subject(rows: Sequence[ClassFact]) -> dict[str, dict[str, Figure]]:
    subjects = {row.subject_code for row in rows if row.subject_code}
    return {
        code: tables.summed(_figures(row for row in rows if row.subject_code == code)) for code in subjects
    }


def _totals_of(rooms: dict[UUID, ClassInfo], years: Sequence[str]) -> Iterable[Figure]:
    for year in years:
        rows = [
            row
            for row in facts.of_classes(year=year, metrics=[m.code for m in OF_PERIOD])
            if row.school_class_id in rooms
        ]
        for period in {row.period for row in rows}:
            yield from tables.summed(_figures(row for row in rows if row.period == period)).values()


def _class_rows(rows: Sequence[ClassFact], rooms: dict[UUID, ClassInfo], choice: Choice) -> list[Row]:
    answer = []
    for number, room in enumerate(rooms.values()):
        total = tables.summed(_figures(row for row in rows if row.school_class_id == room.id))
        if total:
            url = reverse("analytics:class", args=[room.id]) + f"?period={choice.period}"
            answer.append(Row(room.label, tables.cells(total), url, order=number))
    return answer


def _subject_rows(subjects: dict[str, dict[str, Figure]]) -> list[Row]:
    known = reference.subjects()
    answer = []
    for code, figures in subjects.items():
        title = known[code].name if code in known else code
        answer.append(Row(title, tables.cells(figures, metrics=ON_PAGES[:3]), order=kazakh_order(title)))
    return answer


def _as_of(actor: Actor) -> datetime | None:
    fresh = rollups.freshness().get(actor.tenant.id)
    return fresh.refreshed_at if fresh else None
