"""Typical curricula from a spreadsheet: loaded, loaded anew, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from imports import services as wizard
from imports.models import ImportBatch
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.tenancy import TenantRef
from modules.schedule.load import queries
from modules.schedule.models import TypicalHours
from tests.conftest import ActorOf
from tests.imports.build import table, xlsx

ROW = {
    "Класс": "7",
    "Язык обучения": "русский",
    "Предмет": "Алгебра",
    "Часов в неделю": 4,
    "Основание": "Приказ № 500",
}


@pytest.fixture(autouse=True)
def november(in_school: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


def take(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    batch = wizard.receive(
        actor=actor, importer_code="typical", name="план.xlsx", content=xlsx(table(*lines))
    )
    wizard.choose_columns(actor=actor, batch_id=batch.pk, mapping=batch.mapping)
    return wizard.check(actor=actor, batch_id=batch.pk)


def load(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    return wizard.load(actor=actor, batch_id=take(actor, *lines).pk)


def algebra() -> Decimal:
    plan = queries.typical_of(year="2026-27", grade=7, language="ru")
    assert plan is not None
    return plan.subjects["algebra"]


@pytest.mark.requirement("SIS-10")
def test_a_loaded_plan_stands_in_place_of_the_default_and_goes_back(clerk: Actor) -> None:
    assert algebra() == 3
    batch = load(clerk, ROW, ROW | {"Предмет": "Геометрия", "Часов в неделю": 2})
    plan = queries.typical_of(year="2026-27", grade=7, language="ru")
    assert plan is not None
    assert (plan.is_own, plan.source, plan.invariant) == (True, "Приказ № 500", Decimal(6))
    wizard.undo(actor=clerk, batch_id=batch.pk)
    assert not TypicalHours.objects.exists()
    assert algebra() == 3


def test_a_second_file_changes_hours_and_says_what_they_were(clerk: Actor) -> None:
    load(clerk, ROW)
    batch = take(clerk, ROW | {"Часов в неделю": 5})
    assert [p["code"] for row in batch.rows.all() for p in row.problems] == ["hours_change"]
    wizard.load(actor=clerk, batch_id=batch.pk)
    assert algebra() == 5
    wizard.undo(actor=clerk, batch_id=batch.pk)
    assert algebra() == 4


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Класс": "7А"}, "grade_unread"),
        ({"Часов в неделю": 50}, "hours_bounds"),
        ({"Предмет": "Музыка"}, "subject_grade"),
    ],
)
def test_what_is_wrong_is_said_at_its_row(clerk: Actor, change: dict[str, Any], code: str) -> None:
    batch = take(clerk, ROW | change)
    assert [p["code"] for row in batch.rows.all() for p in row.problems] == [code]


def test_a_teacher_loads_no_plans(in_school: TenantRef, actor_of: ActorOf) -> None:
    with pytest.raises(NotAllowed):
        take(actor_of(Role.TEACHER), ROW)
