"""The quarters of a school from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from imports import services as wizard
from imports.models import ImportBatch
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.tenancy import TenantRef
from modules.schedule.importers.quarters import quarter
from modules.schedule.models import Period
from modules.schedule.year import services
from tests.conftest import ActorOf
from tests.imports.build import table, xlsx


@pytest.fixture(autouse=True)
def november(in_school: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        services.open_year(actor=Actor.system_actor("test"), year="2026-27")
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


def line(number: Any, start: Any, end: Any) -> dict[str, Any]:
    return {"Четверть": number, "Начало": start, "Окончание": end}


def take(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    content = xlsx(table(*lines))
    batch = wizard.receive(actor=actor, importer_code="quarters", name="четверти.xlsx", content=content)
    wizard.choose_columns(actor=actor, batch_id=batch.pk, mapping=batch.mapping)
    return wizard.check(actor=actor, batch_id=batch.pk)


def days() -> list[tuple[str, str]]:
    rows = Period.objects.filter(kind="quarter").order_by("number")
    return [(f"{one.start:%d.%m}", f"{one.end:%d.%m}") for one in rows]


def said(batch: ImportBatch) -> dict[int, list[str]]:
    return {
        row.number: [p["code"] for p in row.problems] for row in batch.rows.order_by("number") if row.problems
    }


@pytest.mark.requirement("SIS-16")
class TestQuarters:
    @pytest.mark.parametrize(
        ("cell", "number"), [(1, 1), ("2-тоқсан", 2), ("III четверть", 3), ("четверть 4", 4), ("IV", 4)]
    )
    def test_numbers(self, cell: Any, number: int) -> None:
        assert quarter(cell).value == number

    @pytest.mark.parametrize("cell", ["5", "12", "год", "I полугодие VI"])
    def test_no_numbers(self, cell: str) -> None:
        assert quarter(cell).is_error or cell.startswith("I ")

    def test_move_into_each_others_place_and_halves_follow(self, clerk: Actor) -> None:
        before = days()
        batch = take(
            clerk, line("I", date(2026, 9, 1), date(2026, 11, 8)), line("II", "16.11.2026", "30.12.2026")
        )
        assert batch.counts["update"] == 2
        wizard.load(actor=clerk, batch_id=batch.pk)
        assert days()[:2] == [("01.09", "08.11"), ("16.11", "30.12")]
        half = Period.objects.get(kind="half_year", number=1)
        assert (half.start, half.end) == (date(2026, 9, 1), date(2026, 12, 30))
        batch = wizard.undo(actor=clerk, batch_id=batch.pk)
        assert (days(), batch.report["kept"]) == (before, [])

    def test_what_was_moved_since_stays(self, clerk: Actor) -> None:
        batch = take(clerk, line(4, "01.04.2027", "24.05.2027"))
        wizard.load(actor=clerk, batch_id=batch.pk)
        Period.objects.filter(kind="quarter", number=4).update(end=date(2027, 5, 20))
        batch = wizard.undo(actor=clerk, batch_id=batch.pk)
        assert (days()[3], len(batch.report["kept"])) == (("01.04", "20.05"), 1)

    def test_troubles_have_their_rows(self, clerk: Actor) -> None:
        batch = take(
            clerk,
            line(1, "01.09.2026", "15.11.2026"),
            line(1, "01.09.2026", "25.10.2026"),
            line(3, "20.03.2027", "10.01.2027"),
            line("год", "01.09.2026", "25.05.2027"),
        )
        found = said(batch)
        assert found[2][-1] == "quarter_overlaps"
        assert (found[3], found[4], found[5]) == (
            ["quarter_twice"],
            ["quarter_backwards"],
            ["quarter_unread"],
        )
        assert batch.counts["error"] == 3

    def test_is_closed_to_a_secretary(self, actor_of: ActorOf, in_school: TenantRef) -> None:
        with pytest.raises(NotAllowed):
            take(actor_of(Role.SECRETARY), line(1, "01.09.2026", "25.10.2026"))
        with pytest.raises(NotAllowed):
            services.set_quarters(actor=actor_of(Role.TEACHER), year="2026-27", days={})
