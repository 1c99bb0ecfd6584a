"""Loading and taking back: all or nothing, once, and never over what people did meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from identity import api as identity
from imports import api, declaration, repairs, services
from imports.models import ImportBatch, ImportChange
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef
from modules.contingent import services as contingent
from modules.contingent.models import Guardian, Membership, Pupil, SchoolClass
from modules.staff.models import Employee, Position
from tests.conftest import ActorOf
from tests.imports.build import line, table, xlsx


@pytest.fixture(autouse=True)
def november(in_school: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


def take(clerk: Actor, *lines: dict[str, Any], code: str = "pupils") -> ImportBatch:
    batch = services.receive(actor=clerk, importer_code=code, name="тізім.xlsx", content=xlsx(table(*lines)))
    services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
    return services.check(actor=clerk, batch_id=batch.pk)


def load(clerk: Actor, *lines: dict[str, Any], code: str = "pupils") -> ImportBatch:
    return services.load(actor=clerk, batch_id=take(clerk, *lines, code=code).pk)


MOTHER = {"Мать: ФИО": "Ахметова Гүлнар Серікқызы", "Мать: телефон": "8 705 111 22 33"}


@pytest.mark.requirement("SIS-16")
class TestUndo:
    def test_leaves_no_trace_of_what_the_load_made(self, clerk: Actor) -> None:
        batch = load(clerk, line(1, **MOTHER), line(2, Имя="Ержан", Класс="3Б", **MOTHER))
        assert (Pupil.objects.count(), Guardian.objects.count(), SchoolClass.objects.count()) == (2, 1, 2)
        services.undo(actor=clerk, batch_id=batch.pk)
        assert (Pupil.objects.count(), Guardian.objects.count(), SchoolClass.objects.count()) == (0, 0, 0)
        assert OutboxEvent.objects.filter(name="contingent.pupils.withdrawn.v1").count() == 1

    def test_puts_back_what_an_update_changed(self, clerk: Actor) -> None:
        load(clerk, line(1))
        batch = load(clerk, line(1, Имя="Ержан", Класс="7Ә"))
        pupil = Pupil.objects.get()
        assert (pupil.name, Membership.objects.get(until=None).school_class.label) == ("Ержан", "7Ә")
        services.undo(actor=clerk, batch_id=batch.pk)
        pupil.refresh_from_db()
        assert pupil.name == "Ерлан"
        assert [m.school_class.label for m in Membership.objects.all()] == ["7А"]

    def test_keeps_and_names_who_was_changed_since(self, clerk: Actor) -> None:
        batch = load(clerk, line(1), line(2, Имя="Ержан"))
        touched = Pupil.objects.get(name="Ержан")
        with time_machine.travel("2026-11-23 10:00+05:00", tick=True):
            contingent.change_pupil(actor=clerk, pupil_id=touched.pk, address="Қарқаралы")
        after = services.undo(actor=clerk, batch_id=batch.pk)
        assert after.report["kept"] == ["Ахметов Ержан Болатұлы"]
        assert [p.pk for p in Pupil.objects.all()] == [touched.pk]
        assert Membership.objects.filter(pupil=touched).exists()

    def test_keeps_who_was_given_an_account(self, clerk: Actor) -> None:
        batch = load(clerk, line(1))
        pupil = Pupil.objects.get()
        identity.create_account(
            actor=clerk, person_kind="pupil", person_id=pupil.pk, surname="А", name="Е", roles=["pupil"]
        )
        services.undo(actor=clerk, batch_id=batch.pk)
        assert Pupil.objects.filter(pk=pupil.pk).exists()

    def test_keeps_whom_another_part_of_the_school_uses(
        self, clerk: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(declaration, "_USAGE", {})
        api.uses("contingent.pupil")(lambda ids: set(ids))
        batch = load(clerk, line(1))
        services.undo(actor=clerk, batch_id=batch.pk)
        assert Pupil.objects.count() == 1

    def test_keeps_who_was_moved_since(self, clerk: Actor) -> None:
        batch = load(clerk, line(1), line(2, Имя="Ержан", Класс="7Ә"))
        moved = Pupil.objects.get(name="Ерлан")
        contingent.move(
            actor=clerk,
            pupil_id=moved.pk,
            class_id=SchoolClass.objects.get(letter="Ә").pk,
            since=date(2026, 11, 23),
        )
        services.undo(actor=clerk, batch_id=batch.pk)
        assert [p.name for p in Pupil.objects.all()] == ["Ерлан"]

    def test_is_done_once(self, clerk: Actor) -> None:
        batch = load(clerk, line(1))
        services.undo(actor=clerk, batch_id=batch.pk)
        with pytest.raises(services.WrongStep):
            services.undo(actor=clerk, batch_id=batch.pk)

    def test_takes_employees_back_too(self, clerk: Actor) -> None:
        one = {
            "Фамилия": "Оспанова",
            "Имя": "Аружан",
            "Пол": "ж",
            "Должность": "учитель",
            "Предмет": "Алгебра",
        }
        batch = load(clerk, one, code="staff")
        assert Position.objects.count() == 1
        services.undo(actor=clerk, batch_id=batch.pk)
        assert (Employee.objects.count(), Position.objects.count()) == (0, 0)


class TestLoad:
    def test_pressed_twice_loads_once(self, clerk: Actor) -> None:
        batch = take(clerk, line(1))
        services.load(actor=clerk, batch_id=batch.pk)
        with pytest.raises(services.WrongStep):
            services.load(actor=clerk, batch_id=batch.pk)
        assert Pupil.objects.count() == 1

    def test_checks_again_because_the_school_may_have_changed(self, clerk: Actor) -> None:
        first, second = take(clerk, line(1)), take(clerk, line(1))
        services.load(actor=clerk, batch_id=first.pk)
        with pytest.raises(services.NothingToLoad):
            services.load(actor=clerk, batch_id=second.pk)
        assert Pupil.objects.count() == 1

    def test_all_or_nothing(self, clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = take(clerk, line(1), line(2, Имя="Ержан"))

        def broken(*args: Any, **kwargs: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr("modules.contingent.importers.pupils.loading._guardians", broken)
        with pytest.raises(RuntimeError):
            services.load(actor=clerk, batch_id=batch.pk)
        assert Pupil.objects.count() == 0
        assert not ImportChange.objects.exists()

    def test_nothing_good_means_nothing_to_load(self, clerk: Actor) -> None:
        batch = take(clerk, line(1, Класс="13Ё"))
        with pytest.raises(services.NothingToLoad):
            services.load(actor=clerk, batch_id=batch.pk)

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PSYCHOLOGIST, Role.PARENT])
    def test_is_for_the_office_only(self, actor_of: ActorOf, clerk: Actor, role: Role) -> None:
        batch = take(clerk, line(1))
        for act in (services.load, services.undo, services.check):
            with pytest.raises((NotAllowed, NotFound)):
                act(actor=actor_of(role), batch_id=batch.pk)


class TestCorrections:
    def test_a_corrected_cell_makes_the_row_good_and_the_file_stays(self, clerk: Actor) -> None:
        batch = take(clerk, line(1, Класс="13Ё"))
        assert batch.counts["error"] == 1
        batch = repairs.correct_cell(actor=clerk, batch_id=batch.pk, number=2, column="class", value="7 «Б»")
        assert (batch.counts["error"], batch.counts["create"]) == (0, 1)
        assert batch.rows.get().raw[6] == "13Ё"

    def test_a_settled_doubt_is_silent_and_an_error_is_not(self, clerk: Actor) -> None:
        batch = take(clerk, line(1, Имя="ЕРЛАН", Класс="13Ё"))
        repairs.settle(actor=clerk, batch_id=batch.pk, number=2, column="name", code="letter_case")
        repairs.settle(actor=clerk, batch_id=batch.pk, number=2, column="class", code="class_grade")
        assert [p["code"] for p in batch.rows.get().problems] == ["class_grade"]

    def test_all_suggestions_of_a_kind_at_once(self, clerk: Actor) -> None:
        batch = take(clerk, line(1, Пол="ж/м"), line(2, Имя="Ержан", Пол="?"))
        assert batch.counts["error"] == 2
        batch = repairs.accept_all(actor=clerk, batch_id=batch.pk, column="sex", code="sex_unread")
        assert (batch.counts["error"], batch.counts["create"]) == (0, 2)

    def test_the_mapping_is_remembered_for_the_next_file(self, clerk: Actor) -> None:
        odd = {
            "Ф": "Ахметов",
            "И": "Ерлан",
            "Пол": "м",
            "Дата рождения": "05.04.2013",
            "Класс": "7А",
            "ИИН": "",
        }
        batch = services.receive(actor=clerk, importer_code="pupils", name="a.xlsx", content=xlsx(table(odd)))
        assert "surname" not in batch.mapping
        with pytest.raises(services.ColumnsMissing):
            services.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
        services.choose_columns(
            actor=clerk, batch_id=batch.pk, mapping={**batch.mapping, "surname": 0, "name": 1}
        )
        again = services.receive(actor=clerk, importer_code="pupils", name="b.xlsx", content=xlsx(table(odd)))
        assert (again.mapping["surname"], again.mapping["name"]) == (0, 1)
