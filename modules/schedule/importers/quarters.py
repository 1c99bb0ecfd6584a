"""The quarters of the running year from a spreadsheet, where a school's differ from the ministry's calendar."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from imports import normalise
from imports.api import Change, ChangeKind, Column, Importer, Read, Row, Steps, Verdict, error
from kernel import clock
from kernel.access import Actor
from modules.schedule import permissions, queries
from modules.schedule.data import PeriodInfo
from modules.schedule.year import services

PERIOD = "schedule.period"
Days = tuple[date, date]
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_NUMBER = re.compile(r"(?<!\w)(?:([1-4])(?!\d)|(iv|i{1,3})(?!\w))", re.IGNORECASE)


def quarter(value: Any) -> Read:
    """1, “2-тоқсан”, “III четверть”: the number of the quarter."""
    line = normalise.clean(value)
    found = _NUMBER.search(line)
    if not found:
        return error("quarter_unread", value=normalise.clip(line)) if line else Read()
    return Read(int(found[1]) if found[1] else _ROMAN[found[2].lower()])


COLUMNS: tuple[Column, ...] = (
    Column(
        code="quarter",
        kk="Тоқсан",
        ru="Четверть",
        names=("тоқсан №", "№ четверти", "учебная четверть", "оқу тоқсаны", "период", "кезең"),
        read=quarter,
        required=True,
        example_kk="1-тоқсан",
        example_ru="1 четверть",
    ),
    Column(
        code="start",
        kk="Басталуы",
        ru="Начало",
        names=("бірінші күні", "первый день", "начало четверти", "дата начала", "басталатын күні", "с"),
        read=normalise.day,
        required=True,
        example_kk="01.09.2026",
        example_ru="01.09.2026",
    ),
    Column(
        code="end",
        kk="Аяқталуы",
        ru="Окончание",
        names=("соңғы күні", "последний день", "конец", "конец четверти", "дата окончания", "аяқталатын күні", "по"),
        read=normalise.day,
        required=True,
        example_kk="25.10.2026",
        example_ru="25.10.2026",
    ),
)  # fmt: skip
MESSAGES = {
    "quarter_unread": _("“{value}” is not a quarter. There are four: 1, 2, 3 and 4."),
    "quarter_twice": _("Row {row} is the same quarter. This row is left out."),
    "quarter_backwards": _("The last day is before the first one."),
    "quarter_overlaps": _("The dates run into quarter {number}."),
    "quarter_moves": _("Now {before}."),
}


@dataclass(slots=True)
class Plan:
    """The dates that loading the row will set."""

    number: int = 0
    days: Days | None = None
    present: PeriodInfo | None = None


class Quarters(Importer):
    """Quarters of this school year, by their numbers; half-years follow them."""

    code = "quarters"
    title = _("Quarters of the year")
    permission = permissions.SET_PERIODS
    columns = COLUMNS
    icon = "calendar-event"
    list_url_name = "schedule:periods"
    messages = MESSAGES
    named_by = (("quarter",),)

    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        known = {one.number: one for one in queries.periods(year=_year(), kind="quarter")}
        days = {number: (one.start, one.end) for number, one in known.items()}
        seen: dict[int, Row] = {}
        for row in rows:
            row.plan = Plan()
            if not row.is_blocked:
                _plan(row, known, days, seen)
        for row in rows:
            if not row.is_blocked and row.verdict is not Verdict.SKIP:
                _compare(row, days)

    def commit(self, rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
        steps.tell(0, self.title)
        before = {one.number: one for one in queries.periods(year=_year(), kind="quarter")}
        days = {row.plan.number: row.plan.days for row in rows}
        services.set_quarters(actor=actor, year=_year(), days=days)
        changes = []
        for one in queries.periods(year=_year(), kind="quarter"):
            was = before.get(one.number)
            if was is None:
                changes.append(Change(PERIOD, one.id, ChangeKind.CREATED))
            elif (was.start, was.end) != (one.start, one.end):
                changes.append(Change(PERIOD, one.id, ChangeKind.UPDATED, _plain(was), _plain(one)))
        return changes

    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        known = {one.id: one for one in queries.periods(year=_year(), kind="quarter")}
        back: dict[int, Days] = {}
        stays = []
        for change in changes:
            one = known.get(change.object_id)
            if one is None:
                continue
            if change.kind is ChangeKind.UPDATED and _plain(one) == dict(change.after):
                back[one.number] = (
                    date.fromisoformat(change.before["start"]), date.fromisoformat(change.before["end"]),
                )  # fmt: skip
            else:
                stays.append(one.label)
        services.set_quarters(actor=actor, year=_year(), days=back)
        return sorted(stays)


def _year() -> str:
    return clock.school_year_of(clock.today())


def _plain(one: PeriodInfo) -> dict[str, str]:
    return {"start": one.start.isoformat(), "end": one.end.isoformat()}


def _plan(row: Row, known: Mapping[int, PeriodInfo], days: dict[int, Days], seen: dict[int, Row]) -> None:
    plan = row.plan
    plan.number = row.get("quarter")
    plan.days = date.fromisoformat(row.get("start")), date.fromisoformat(row.get("end"))
    first = seen.setdefault(plan.number, row)
    if first is not row:
        row.doubt("quarter", "quarter_twice", row=first.where)
        row.verdict = Verdict.SKIP
        return
    if plan.days[1] < plan.days[0]:
        row.error("end", "quarter_backwards")
        return
    plan.present = known.get(plan.number)
    if plan.present is None:
        row.verdict = Verdict.CREATE
    elif (plan.present.start, plan.present.end) == plan.days:
        row.verdict = Verdict.SKIP
    else:
        row.verdict = Verdict.UPDATE
        row.doubt(
            "quarter", "quarter_moves", before=f"{plan.present.start:%d.%m}–{plan.present.end:%d.%m.%Y}"
        )
    days[plan.number] = plan.days


def _compare(row: Row, days: Mapping[int, Days]) -> None:
    """Quarters follow each other by their numbers and never overlap."""
    start, end = row.plan.days
    for number, (other_start, other_end) in days.items():
        before, after = number < row.plan.number, number > row.plan.number
        if (before and other_end >= start) or (after and end >= other_start):
            row.error("start", "quarter_overlaps", number=str(number))
            return
