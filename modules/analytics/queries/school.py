"""The school's own board: the same facts that the authorities read, and below them the classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from kernel.names import kazakh_order
from modules.analytics import permissions
from modules.analytics.data import NOW, Cell, Choice, Part, Row
from modules.analytics.models import ClassFact
from modules.analytics.queries import facts, sources, tables
from modules.analytics.queries.metrics import FINAL, OF_PERIOD, ON_PAGES, PUPILS, codes
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo
from modules.schedule import api as schedule
from tenants import rollups
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
    marks: Chart | None
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


def school_board(*, actor: Actor, year: str, period: str = "", sort: str = "", part: str = "") -> Board:
    """Figures of the school, or of one subject in it; a class teacher gets those of her classes alone."""
    scopes = require(actor, permissions.VIEW_SCHOOL)
    rooms = _rooms(actor, year)
    known = facts.known_subjects(year=year, class_ids=rooms)
    choice = _choice(year, period, part=Part.of(part), parts={"subject": known})
    rows = [f for f in facts.of_classes(year=year, period=choice.period) if f.school_class_id in rooms]
    was_year, was_period = choice.before
    was_rows = [f for f in facts.of_classes(year=was_year, period=was_period) if f.school_class_id in rooms]
    is_whole = Scope.SCHOOL in scopes
    if is_whole:
        own = _by_part(rollups.own(year=year, period=choice.period))
        was = _by_part(rollups.own(year=was_year, period=was_period, metrics=codes(ON_PAGES)))
        trend_of = [f for f in rollups.own(dimension=choice.part.dimension) if f.value == choice.part.value]
    else:
        own, was = _parts_of_classes(rows), _parts_of_classes(was_rows)
        trend_of = list(_totals_of(rooms, _two_years(year), choice.part))
    total, total_was = own.get(choice.part, {}), was.get(choice.part, {})
    return Board(
        choice=choice,
        total=tables.cells(total, metrics=tables.shown_metrics(choice.part), before=total_was),
        final=tables.cells(total, metrics=(FINAL,))[0],
        classes=tables.sort(_class_rows(rows, was_rows, rooms, choice), sort),
        subjects=tables.sort(_subject_rows(own, was), sort),
        marks=tables.marks_of_periods(choice, total, total_was),
        trend=tables.trend(trend_of, _two_years(year)),
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
    was_year, was_period = choice.before
    was_rows = facts.of_classes(year=was_year, period=was_period, class_id=class_id)
    own, was = _parts_of_classes(rows), _parts_of_classes(was_rows)
    total, total_was = own.get(Part(), {}), was.get(Part(), {})
    return Board(
        choice=choice,
        total=tables.cells(total, before=total_was),
        final=tables.cells(total, metrics=(FINAL,))[0],
        classes=[],
        subjects=tables.sort(_subject_rows(own, was), sort),
        marks=tables.marks_of_periods(choice, total, total_was),
        trend=tables.trend(_totals_of({class_id: room}, [room.year], Part()), [room.year]),
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
    rows = _class_rows(facts.of_classes(year=year, period=choice.period), [], rooms, choice)
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
    return {key: one for key, one in rooms.items() if actor.person_id in one.leader_ids}


def _choice(
    year: str, asked: str, *, part: Part | None = None, parts: Mapping[str, Collection[str]] | None = None
) -> Choice:
    periods = sources.periods(year=year)
    filled = {code for known, code in facts.known_slices() if known == year and code != NOW}
    offered = [one.code for one in periods] or sorted(filled)
    now = schedule.current_period() if year == clock.school_year_of(clock.today()) else None
    return tables.choose(
        year=year,
        asked=asked,
        offered=offered,
        filled=filled,
        current=now.code if now else "",
        part=part,
        parts=parts,
    )


def _two_years(year: str) -> list[str]:
    first = int(year[:4])
    return [clock.school_year_of(date(first - 1, 9, 1)), year]


def _figures(rows: Iterable[ClassFact]) -> Iterable[Figure]:
    for row in rows:
        yield Figure(row.metric, row.year, row.period, row.numerator, row.denominator, row.people)


def _by_part(figures: Iterable[Figure]) -> dict[Part, tables.Figures]:
    return tables.by(figures, lambda figure: Part(figure.dimension, figure.value))


def _parts_of_classes(rows: Sequence[ClassFact]) -> dict[Part, tables.Figures]:
    """Figures of everything and of each subject, added up from classes."""
    answer = {Part(): tables.summed(_figures(rows))} if rows else {}
    for code in {row.subject_code for row in rows if row.subject_code}:
        answer[Part("subject", code)] = tables.summed(
            _figures(row for row in rows if row.subject_code == code)
        )
    return answer


def _in_part(rows: Iterable[ClassFact], part: Part) -> Iterable[ClassFact]:
    return (row for row in rows if part.dimension == "all" or row.subject_code == part.value)


def _totals_of(rooms: dict[UUID, ClassInfo], years: Sequence[str], part: Part) -> Iterable[Figure]:
    for year in years:
        rows = [
            row
            for row in _in_part(facts.of_classes(year=year, metrics=codes(OF_PERIOD)), part)
            if row.school_class_id in rooms
        ]
        for period in {row.period for row in rows}:
            yield from tables.summed(_figures(row for row in rows if row.period == period)).values()


def _class_rows(
    rows: Sequence[ClassFact], was_rows: Sequence[ClassFact], rooms: dict[UUID, ClassInfo], choice: Choice
) -> list[Row]:
    by_class, was_by_class = (_by_class(_in_part(some, choice.part)) for some in (rows, was_rows))
    answer = []
    for number, room in enumerate(rooms.values()):
        total = tables.summed(_figures(by_class.get(room.id, ())))
        if total:
            before = tables.summed(_figures(was_by_class.get(room.id, ())))
            url = reverse("analytics:class", args=[room.id]) + f"?period={choice.period}"
            shown = tables.cells(total, metrics=tables.shown_metrics(choice.part), before=before)
            answer.append(Row(room.label, shown, url, order=number, marks=tables.marks(total)))
    return answer


def _by_class(rows: Iterable[ClassFact]) -> dict[UUID, list[ClassFact]]:
    answer: dict[UUID, list[ClassFact]] = defaultdict(list)
    for row in rows:
        answer[row.school_class_id].append(row)
    return answer


def _subject_rows(own: dict[Part, tables.Figures], was: dict[Part, tables.Figures]) -> list[Row]:
    answer = []
    for part, figures in own.items():
        if part.dimension == "subject":
            title = tables.part_name("subject", part.value)
            shown = tables.cells(figures, metrics=ON_PAGES[:3], before=was.get(part))
            answer.append(Row(title, shown, order=kazakh_order(title), marks=tables.marks(figures)))
    return answer


def _as_of(actor: Actor) -> datetime | None:
    fresh = rollups.freshness().get(actor.tenant.id)
    return fresh.refreshed_at if fresh else None
