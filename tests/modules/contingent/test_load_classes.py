"""Classes from a spreadsheet: read, opened, changed, led, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import time_machine

from imports import services as wizard
from imports.models import ImportBatch
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Charge, SchoolClass
from modules.staff.models import Employee
from tests.conftest import ActorOf
from tests.imports.build import table, xlsx
from tests.modules.contingent.people import new_class, new_pupil


@pytest.fixture(autouse=True)
def november(in_school: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


def employee(surname: str, name: str, patronymic: str = "Серікқызы") -> UUID:
    return Employee.objects.create(surname=surname, name=name, patronymic=patronymic, sex="f").pk


def take(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    content = xlsx(table(*lines))
    batch = wizard.receive(actor=actor, importer_code="classes", name="классы.xlsx", content=content)
    wizard.choose_columns(actor=actor, batch_id=batch.pk, mapping=batch.mapping)
    return wizard.check(actor=actor, batch_id=batch.pk)


def load(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    return wizard.load(actor=actor, batch_id=take(actor, *lines).pk)


def said(batch: ImportBatch) -> dict[int, list[str]]:
    return {
        row.number: [p["code"] for p in row.problems] for row in batch.rows.order_by("number") if row.problems
    }


@pytest.mark.requirement("SIS-16")
class TestLoad:
    def test_opens_the_classes_as_they_are_described(self, clerk: Actor) -> None:
        employee("Ахметова", "Гүлнар")
        load(
            clerk,
            {"Сынып": "7 «Ә»", "Оқыту тілі": "қазақ", "Ауысым": 2, "Орын саны": "25", "Сынып жетекшісі": "Ахметова Г.С."},
            {"Сынып": "VIII Б", "Оқыту тілі": "орыс", "Сынып түрі": "лицейлік"},
            {"Сынып": "предшкола А", "Оқыту тілі": "қазақ"},
        )  # fmt: skip
        found = {one.label: one for one in SchoolClass.objects.all()}
        assert set(found) == {"7Ә", "8Б", "0А"}
        seven = found["7Ә"]
        assert (seven.language, seven.shift, seven.capacity, seven.kind) == ("kk", 2, 25, "general")
        assert (found["8Б"].language, found["8Б"].kind, found["0А"].kind) == ("ru", "lyceum", "preschool")
        charge = Charge.objects.get()
        assert (charge.school_class_id, charge.since.isoformat()) == (seven.pk, "2026-09-01")
        assert AuditEntry.objects.filter(action="contingent.class.opened").count() == 3

    @pytest.mark.requirement("SIS-17")
    def test_reads_the_home_room_and_the_direction_as_schools_write_them(self, clerk: Actor) -> None:
        batch = load(
            clerk,
            {"Класс": "10А", "Профиль класса": "ЕМН", "Закреплённый кабинет": "214"},
            {"Класс": "11А", "Профиль класса": "қоғамдық-гуманитарлық", "Закреплённый кабинет": " каб.  2 "},
            {"Класс": "10Ә", "Профиль класса": "—", "Закреплённый кабинет": ""},
            {"Класс": "9А", "Профиль класса": "ОГН", "Закреплённый кабинет": 107},
        )
        found = {one.label: (one.direction, one.room) for one in SchoolClass.objects.all()}
        assert found == {
            "10А": ("natural", "214"),
            "11А": ("social", "каб. 2"),
            "10Ә": ("", ""),
            "9А": ("", "107"),
        }
        assert said(batch) == {5: ["direction_of_seniors"]}
        again = take(clerk, {"Сынып": "10А", "Бейіні": "ҚГБ", "Кабинеті": "214"})
        assert (again.counts["update"], said(again)) == (1, {2: ["class_no_longer_same"]})
        first = take(clerk, {"Сынып": "10Ә", "Бағыты": "ЖМБ", "Кабинет №": "301"})
        assert (first.counts["update"], said(first)) == (1, {})

    def test_takes_the_grade_and_the_letter_from_two_columns(self, clerk: Actor) -> None:
        load(
            clerk,
            {"Параллель": 5, "Литера": "A", "Смена": 1},
            {"Параллель": "11 класс", "Литера": "«Қ»", "Смена": 1},
        )
        assert {one.label for one in SchoolClass.objects.all()} == {"5А", "11Қ"}

    def test_classes_taught_together_share_a_word(self, clerk: Actor) -> None:
        load(
            clerk,
            {"Класс": "1А", "Совмещён с": "3А"},
            {"Класс": "3А", "Совмещён с": ""},
            {"Класс": "2А", "Совмещён с": "4А и 2А"},
            {"Класс": "4А", "Совмещён с": ""},
            {"Класс": "5А", "Совмещён с": "верхний"},
        )
        words = {one.label: one.set_code for one in SchoolClass.objects.all()}
        assert words == {"1А": "1А+3А", "3А": "1А+3А", "2А": "2А+4А", "4А": "2А+4А", "5А": "верхний"}

    def test_the_same_file_again_changes_nothing(self, clerk: Actor) -> None:
        employee("Ахметова", "Гүлнар")
        lines = [{"Класс": "7А", "Смена": 2, "Классный руководитель": "Ахметова Гүлнар Серікқызы"}]
        load(clerk, *lines)
        assert take(clerk, *lines).counts["skip"] == 1

    def test_changes_what_differs_and_says_what_it_was(self, clerk: Actor) -> None:
        new_class(capacity=20)
        batch = take(clerk, {"Класс": "7А", "Язык обучения": "русский", "Число мест": 24, "Смена": ""})
        assert (batch.counts["update"], said(batch)) == (1, {2: ["class_no_longer_same"]})
        wizard.load(actor=clerk, batch_id=batch.pk)
        seven = SchoolClass.objects.get()
        assert (seven.language, seven.capacity, seven.shift) == ("ru", 24, 1)

    def test_another_class_teacher_leads_from_today_and_the_first_stays_in_history(
        self, clerk: Actor
    ) -> None:
        old, new = employee("Ахметова", "Гүлнар"), employee("Серікова", "Айжан")
        new_class(class_teacher_id=old)
        batch = take(clerk, {"Класс": "7А", "Классный руководитель": "Айжан Серікова", "Смена": ""})
        assert said(batch) == {2: ["teacher_changes"]}
        wizard.load(actor=clerk, batch_id=batch.pk)
        terms = [
            (c.employee_id, str(c.since), c.until and str(c.until)) for c in Charge.objects.order_by("since")
        ]
        assert terms == [(old, "2026-09-01", "2026-11-22"), (new, "2026-11-23", None)]


@pytest.mark.requirement("SIS-16")
class TestDoubts:
    def test_every_doubt_says_its_row_and_a_way_out(self, clerk: Actor) -> None:
        employee("Ахметова", "Гүлнар")
        employee("Ахметова", "Галия")
        batch = take(
            clerk,
            {"Класс": "7А", "Классный руководитель": "Ахметова Г.С.", "Смена": 1},
            {"Класс": "7А", "Классный руководитель": "", "Смена": 1},
            {"Класс": "7Ә", "Классный руководитель": "Ахметва Гүлнар Серікқызы", "Смена": 7},
            {"Класс": "седьмой", "Классный руководитель": "", "Смена": 1},
            {"Класс": "8А", "Классный руководитель": "Петрова Анна", "Смена": 1},
        )
        assert said(batch) == {
            2: ["teacher_several"],
            3: ["class_twice"],
            4: ["number_bounds", "teacher_unknown"],
            5: ["class_unread"],
            6: ["teacher_unknown"],
        }
        problems = batch.rows.get(number=4).problems
        assert problems[1]["suggestion"] == "Ахметова Гүлнар Серікқызы"
        assert (batch.counts["create"], batch.counts["skip"], batch.counts["error"]) == (3, 1, 1)

    def test_who_may_not_appoint_loads_classes_without_teachers(
        self, actor_of: ActorOf, clerk: Actor
    ) -> None:
        employee("Ахметова", "Гүлнар")
        secretary = actor_of(Role.SECRETARY)
        grants = {code: scope for code, scope in secretary.grants.items() if code != "contingent.appoint"}
        from dataclasses import replace

        batch = load(
            replace(secretary, grants=grants),
            {"Класс": "7А", "Классный руководитель": "Ахметова Г.С.", "Смена": 1},
        )
        assert said(batch) == {2: ["teacher_no_right"]}
        assert not Charge.objects.exists()

    def test_is_closed_to_a_teacher(self, actor_of: ActorOf, in_school: TenantRef) -> None:
        with pytest.raises(NotAllowed):
            take(actor_of(Role.TEACHER), {"Класс": "7А", "Смена": 1})


@pytest.mark.requirement("SIS-16")
class TestUndo:
    def test_closes_what_it_opened_and_puts_back_what_it_changed(self, clerk: Actor) -> None:
        employee("Ахметова", "Гүлнар")
        new_class(capacity=20)
        batch = load(
            clerk,
            {"Класс": "7А", "Число мест": 25, "Классный руководитель": "Ахметова Гүлнар"},
            {"Класс": "7Ә", "Число мест": 25, "Классный руководитель": ""},
        )
        wizard.undo(actor=clerk, batch_id=batch.pk)
        assert [(one.label, one.capacity) for one in SchoolClass.objects.all()] == [("7А", 20)]
        assert not Charge.objects.exists()

    def test_a_class_with_pupils_or_another_change_stays_and_is_named(self, clerk: Actor) -> None:
        new_class(letter="Б", capacity=20)
        batch = load(
            clerk,
            {"Класс": "7А", "Число мест": 25},
            {"Класс": "7Б", "Число мест": 25},
            {"Класс": "7В", "Число мест": 25},
        )
        new_pupil(SchoolClass.objects.get(letter="А"))
        SchoolClass.objects.filter(letter="Б").update(capacity=30)
        batch = wizard.undo(actor=clerk, batch_id=batch.pk)
        assert batch.report["kept"] == ["7А", "7Б"]
        assert {one.label for one in SchoolClass.objects.all()} == {"7А", "7Б"}


def test_costs_the_same_queries_for_any_number_of_rows(
    clerk: Actor, django_assert_max_num_queries: Any
) -> None:
    employee("Ахметова", "Гүлнар")
    lines = [
        {"Класс": f"{n}{letter}", "Классный руководитель": "Ахметова Гүлнар"}
        for n in range(1, 12)
        for letter in "АӘБВ"
    ]
    content = xlsx(table(*lines))
    batch = wizard.receive(actor=clerk, importer_code="classes", name="классы.xlsx", content=content)
    wizard.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
    with django_assert_max_num_queries(14):
        assert wizard.check(actor=clerk, batch_id=batch.pk).counts["create"] == 44
