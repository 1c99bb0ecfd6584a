"""Spreadsheets of employees with all that a card may hold; loaded, loaded again, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from imports import services
from imports.models import ImportBatch
from kernel import iin
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.orders import api as orders
from modules.staff import services as staff
from modules.staff.models import Attestation, Award, Education, Employee, Position, Training
from tests.conftest import ActorOf
from tests.imports.build import table, xlsx


@pytest.fixture(autouse=True)
def november(in_school: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


OSPANOVA = {
    "ИИН": iin.synthetic(date(1986, 9, 16), "f", 4),
    "ФИО": "Оспанова Аружан Асқарқызы",
    "Пол": "ж",
    "Дата рождения": "16.09.1986",
    "Должность": "учитель",
    "Предмет": "Математика",
    "Категория": "эксперт",
    "Дата присвоения": "25.08.2022",
    "Образование": "высшее",
    "Что окончил": "КарГУ",
    "Специальность по диплому": "Математика",
    "№ диплома": "ЖБ 0123456",
    "Год окончания": 2008,
    "Дата приёма на работу": "01.09.2015",
    "Курсы": "Критериальное оценивание",
    "Дата курсов": "20.06.2024",
    "Часов курсов": 80,
    "Национальность": "казашка",
    "Домашний адрес": "ул. Абая, 5",
}


def take(clerk: Actor, *lines: dict[str, Any]) -> ImportBatch:
    content = xlsx(table(*lines))
    batch = services.receive(actor=clerk, importer_code="staff", name="кадры.xlsx", content=content)
    services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
    return services.check(actor=clerk, batch_id=batch.pk)


def load(clerk: Actor, *lines: dict[str, Any]) -> ImportBatch:
    return services.load(actor=clerk, batch_id=take(clerk, *lines).pk)


def counts() -> tuple[int, ...]:
    return tuple(m._default_manager.count() for m in (Employee, Position, Education, Attestation, Training))


@pytest.mark.requirement("SIS-19")
class TestWholeCard:
    def test_comes_from_one_row(self, clerk: Actor) -> None:
        load(clerk, OSPANOVA)
        row = Employee.objects.get()
        assert (row.nationality, row.address) == ("kazakh", "ул. Абая, 5")
        assert row.positions.get().since == date(2015, 9, 1)
        schooling = row.educations.get()
        assert (schooling.level, schooling.institution, schooling.diploma, schooling.year) == (
            "higher",
            "КарГУ",
            "ЖБ 0123456",
            2008,
        )
        category = row.attestations.get()
        assert (category.category, category.date) == ("expert", date(2022, 8, 25))
        course = row.trainings.get()
        assert (course.theme, course.until, course.hours) == (
            "Критериальное оценивание",
            date(2024, 6, 20),
            80,
        )

    def test_loaded_again_does_nothing(self, clerk: Actor) -> None:
        load(clerk, OSPANOVA)
        before = counts()
        with pytest.raises(services.NothingToLoad):
            load(clerk, OSPANOVA)
        assert counts() == before

    def test_a_new_category_is_a_new_line_and_the_old_one_stays(self, clerk: Actor) -> None:
        load(clerk, OSPANOVA)
        load(clerk, OSPANOVA | {"Категория": "исследователь", "Дата присвоения": "25.08.2026"})
        lines = Attestation.objects.order_by("date").values_list("category", flat=True)
        assert list(lines) == ["expert", "researcher"]

    def test_a_category_without_a_day_does_not_push_the_known_one_away(self, clerk: Actor) -> None:
        load(clerk, OSPANOVA)
        load(clerk, OSPANOVA | {"Категория": "мастер", "Дата присвоения": "", "Телефон": "8 705 111 22 33"})
        assert Attestation.objects.get().category == "expert"

    def test_two_rows_of_one_person_make_one_diploma(self, clerk: Actor) -> None:
        load(clerk, OSPANOVA, OSPANOVA | {"Должность": "лаборант", "Предмет": ""})
        assert Employee.objects.count() == 1
        assert Position.objects.count() == 2
        assert (Education.objects.count(), Training.objects.count()) == (1, 1)

    @pytest.mark.parametrize(("cell", "year"), [("2008 ж.", None), (1850, None), ("30.06.2008", 2008)])
    def test_a_year_that_is_none_is_left_out(self, clerk: Actor, cell: Any, year: int | None) -> None:
        load(clerk, OSPANOVA | {"Год окончания": cell})
        assert Education.objects.get().year == year

    def test_is_taken_back_whole(self, clerk: Actor) -> None:
        batch = load(clerk, OSPANOVA)
        services.undo(actor=clerk, batch_id=batch.pk)
        assert counts() == (0, 0, 0, 0, 0)

    def test_stays_with_whom_somebody_has_worked_since(self, clerk: Actor) -> None:
        batch = load(clerk, OSPANOVA)
        Award.objects.create(employee=Employee.objects.get(), name="Грамота")
        services.undo(actor=clerk, batch_id=batch.pk)
        assert counts() == (1, 1, 1, 1, 1)

    def test_a_rate_that_an_order_gave_is_not_changed_by_a_file(
        self, clerk: Actor, actor_of: ActorOf
    ) -> None:
        load(clerk, OSPANOVA | {"Должность": "лаборант", "Предмет": "", "Ставка": "1"})
        row = Employee.objects.get()
        orders.draft_and_sign(
            actor=actor_of(Role.DIRECTOR),
            kind=staff.TRANSFER,
            values={"since": date(2026, 11, 23)},
            lines=[orders.NewLine(row.pk, row.surname, {"post": "laboratory_assistant", "rate": "0.5"})],
        )
        load(
            clerk,
            OSPANOVA | {"Должность": "лаборант", "Предмет": "", "Ставка": "1", "Телефон": "8 705 111 22 33"},
        )
        assert row.positions.get(until=None).rate == Decimal("0.50")
