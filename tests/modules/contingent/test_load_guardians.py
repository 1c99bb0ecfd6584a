"""Parents and guardians from a file of their own: the child is found, the tie made, nobody's access opened by a guess."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from imports import repairs
from imports import services as wizard
from imports.models import ImportBatch
from kernel import clock, events
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent import services
from modules.contingent.data import BanInfo
from modules.contingent.models import Guardian, Guardianship, Pupil, SightBan
from modules.contingent.queries import custody
from tests.conftest import Accounts, ActorOf
from tests.imports.build import line, number, table, xlsx
from tests.modules.contingent.people import mother, new_class, new_pupil

MUM = {"ФИО родителя": "Ахметова Гүлнар Серікқызы", "Кем приходится": "мать", "Телефон": "8 (705) 111-22-33"}


@pytest.fixture(autouse=True)
def november(in_school: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


@pytest.fixture
def erlan(in_school: TenantRef) -> Pupil:
    return new_pupil(new_class())


def take(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    content = xlsx(table(*lines))
    batch = wizard.receive(actor=actor, importer_code="guardians", name="родители.xlsx", content=content)
    wizard.choose_columns(actor=actor, batch_id=batch.pk, mapping=batch.mapping)
    return wizard.check(actor=actor, batch_id=batch.pk)


def load(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    return wizard.load(actor=actor, batch_id=take(actor, *lines).pk)


def said(batch: ImportBatch) -> dict[int, list[str]]:
    return {
        row.number: [p["code"] for p in row.problems] for row in batch.rows.order_by("number") if row.problems
    }


@pytest.mark.requirement("SIS-16", "SIS-17")
class TestChild:
    @pytest.mark.parametrize(
        "child",
        [
            {"ФИО ребёнка": "Ахметов Ерлан Болатұлы", "Класс": "7А"},
            {"ФИО ребёнка": "Ерлан Ахметов", "Класс": "7 «А»"},
            {"ФИО ученика": "АХМЕТОВ ЕРЛАН", "Класс": ""},
            {"Оқушының ТАӘ": "Aхметов Ерлан", "Сыныбы": "VII А"},
        ],
    )
    def test_is_found_by_name_and_class(self, clerk: Actor, erlan: Pupil, child: dict[str, str]) -> None:
        load(clerk, child | MUM)
        link = Guardianship.objects.select_related("guardian").get()
        assert (link.pupil_id, link.relation) == (erlan.pk, "mother")
        assert not SightBan.objects.exists()
        assert (link.guardian.surname, link.guardian.phone) == ("Ахметова", "+77051112233")

    def test_is_found_by_the_iin_though_the_name_is_another(self, clerk: Actor, erlan: Pupil) -> None:
        batch = load(clerk, {"ИИН ребёнка": erlan.iin, "ФИО ребёнка": "Ахмет Ерик"} | MUM)
        assert said(batch) == {2: ["child_other_name"]}
        assert Guardianship.objects.get().pupil_id == erlan.pk

    def test_namesakes_are_told_apart_by_the_class_and_never_guessed(
        self, clerk: Actor, erlan: Pupil
    ) -> None:
        other = new_pupil(new_class(letter="Ә"), patronymic="Серікұлы")
        batch = load(
            clerk,
            {"ФИО ребёнка": "Ахметов Ерлан", "Класс": "7Ә"} | MUM,
            {"ФИО ребёнка": "Ахметов Ерлан", "Класс": ""} | MUM,
            {"ФИО ребёнка": "Ахметов Ерлан Болатұлы", "Класс": ""} | MUM,
        )
        assert said(batch) == {3: ["child_several"]}
        assert {link.pupil_id for link in Guardianship.objects.all()} == {erlan.pk, other.pk}
        assert Guardian.objects.count() == 1

    def test_unknown_keeps_the_row_out_and_the_nearest_name_is_suggested(
        self, clerk: Actor, erlan: Pupil
    ) -> None:
        batch = take(clerk, {"ФИО ребёнка": "Ахметв Ерлан Болатұлы", "Класс": "7А"} | MUM)
        [problem] = batch.rows.get().problems
        assert (problem["code"], problem["suggestion"]) == ("child_unknown", "Ахметов Ерлан Болатұлы")
        batch = repairs.correct_cell(
            actor=clerk, batch_id=batch.pk, number=2, column="child", value=problem["suggestion"]
        )
        assert batch.counts["create"] == 1

    def test_who_has_left_is_not_found(self, clerk: Actor, erlan: Pupil) -> None:
        Pupil.objects.update(left_date="2026-10-01")
        assert said(take(clerk, {"ФИО ребёнка": "Ахметов Ерлан"} | MUM)) == {2: ["child_unknown"]}


@pytest.mark.requirement("SIS-16", "SIS-17")
class TestGuardian:
    def test_is_one_for_her_children_and_known_again(self, clerk: Actor, erlan: Pupil) -> None:
        sister = new_pupil(new_class(grade=3), name="Аружан", sex="f")
        rows = [{"ИИН ребёнка": erlan.iin} | MUM, {"ИИН ребёнка": sister.iin} | MUM]
        load(clerk, *rows)
        assert (Guardian.objects.count(), Guardianship.objects.count()) == (1, 2)
        again = take(clerk, *rows)
        assert (again.counts["skip"], again.counts["create"], again.counts["update"]) == (2, 0, 0)

    def test_both_parents_of_one_row_come_in(self, clerk: Actor, erlan: Pupil) -> None:
        load(
            clerk,
            {
                "ФИО ученика": "Ахметов Ерлан", "Класс": "7А", "Мать": "Ахметова Гүлнар", "Телефон матери": "87051112233",
                "Отец": "Ахметов Болат Нұрланұлы", "Телефон отца": "87011112233",
            },
        )  # fmt: skip
        ties = {
            (link.relation, link.guardian.phone) for link in Guardianship.objects.select_related("guardian")
        }
        assert ties == {("mother", "+77051112233"), ("father", "+77011112233")}

    def test_the_childs_own_gets_what_was_missing(self, clerk: Actor, in_school: TenantRef) -> None:
        child = new_pupil(new_class(), guardians=(mother(phone=""),))
        number_ = number(1985, sex="f")
        load(clerk, {"ИИН ребёнка": child.iin, "ИИН родителя": number_, "Эл. почта": "G@Mail.kz"} | MUM)
        one = Guardian.objects.get()
        assert (one.iin, one.phone, one.email, one.patronymic) == (
            number_,
            "+77051112233",
            "g@mail.kz",
            "Серікқызы",
        )

    def test_a_row_without_anybody_is_an_error(self, clerk: Actor, erlan: Pupil) -> None:
        assert said(take(clerk, {"ИИН ребёнка": erlan.iin, "ФИО родителя": "", "Телефон": ""})) == {
            2: ["guardian_nobody"]
        }


@pytest.mark.requirement("SIS-17")
class TestCustody:
    def test_who_may_not_see_is_tied_and_banned_with_the_ground(self, clerk: Actor, erlan: Pupil) -> None:
        ground = "Решение суда № 2-114 от 03.03.2026"
        row = {"ИИН ребёнка": erlan.iin, "Видит данные ребёнка": "нет", "Основание": ground}
        batch = load(clerk, row | MUM)
        assert said(batch) == {2: ["sight_closes"]}
        ban = SightBan.objects.get()
        assert (ban.pupil_id, ban.ground, ban.until) == (erlan.pk, ground, None)
        assert not custody.seeing().exists()

    def test_without_a_ground_the_child_is_closed_all_the_same_and_it_is_said(
        self, clerk: Actor, erlan: Pupil
    ) -> None:
        batch = load(clerk, {"ИИН ребёнка": erlan.iin, "Видит данные ребёнка": "жоқ"} | MUM)
        assert said(batch) == {2: ["sight_closes", "ground_missing"]}
        assert SightBan.objects.get().ground
        assert not custody.seeing().exists()

    def test_what_is_not_understood_never_opens_the_card(self, clerk: Actor, erlan: Pupil) -> None:
        batch = take(clerk, {"ИИН ребёнка": erlan.iin, "Видит данные ребёнка": "по суду"} | MUM)
        assert (said(batch), batch.counts["error"]) == ({2: ["sight_unread"]}, 1)

    @pytest.mark.parametrize(("cell", "told"), [("", []), ("да", ["sight_stays"]), ("нет", [])])
    def test_a_list_never_lifts_what_the_card_says(
        self, clerk: Actor, in_school: TenantRef, cell: str, told: list[str]
    ) -> None:
        child = new_pupil(new_class(), guardians=(mother(ban=BanInfo(since=clock.today(), ground="сот")),))
        row = {"ИИН ребёнка": child.iin, "Видит данные ребёнка": cell, "Эл. почта": "g@mail.kz"}
        assert said(load(clerk, row | MUM)) == ({2: told} if told else {})
        assert SightBan.objects.get().ground == "сот"

    def test_a_banned_father_off_the_card_comes_back_as_the_same_man(
        self, clerk: Actor, in_school: TenantRef
    ) -> None:
        """Another phone makes no other person of him: the ban is found by the child."""
        child = new_pupil(
            new_class(), guardians=(mother(name="Болат", ban=BanInfo(since=clock.today(), ground="сот")),)
        )
        him = Guardian.objects.get()
        services.unlink_guardian(actor=clerk, pupil_id=child.pk, guardian_id=him.pk)
        who = {"ФИО родителя": "Ахметова Болат", "Кем приходится": "отец", "Телефон": "8 777 000 00 00"}
        load(clerk, {"ФИО ребёнка": "Ахметов Ерлан", "Класс": "7А"} | who)
        assert Guardian.objects.get().pk == him.pk
        assert Guardianship.objects.get().guardian_id == him.pk
        assert not custody.seeing().exists()

    def test_the_list_of_pupils_does_not_make_another_man_of_him(
        self, clerk: Actor, in_school: TenantRef
    ) -> None:
        child = new_pupil(
            new_class(), guardians=(mother(name="Болат", ban=BanInfo(since=clock.today(), ground="сот")),)
        )
        him = Guardian.objects.get()
        services.unlink_guardian(actor=clerk, pupil_id=child.pk, guardian_id=him.pk)
        given = line() | {"ИИН": child.iin, "Отец: ФИО": "Ахметова Болат", "Отец: телефон": "8 777 000 00 00"}
        content = xlsx(table(given))
        batch = wizard.receive(actor=clerk, importer_code="pupils", name="ученики.xlsx", content=content)
        wizard.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
        checked = wizard.check(actor=clerk, batch_id=batch.pk)
        assert checked.counts["skip"] == 1, "all that the row tells is known"
        assert Guardian.objects.count() == 1
        assert not custody.seeing().exists()

    def test_a_ban_is_said_beforehand_traced_and_taken_back(self, clerk: Actor, in_school: TenantRef) -> None:
        child = new_pupil(new_class(), guardians=(mother(),))
        batch = take(clerk, {"ИИН ребёнка": child.iin, "Видит данные ребёнка": "жоқ"} | MUM)
        assert "sight_closes" in said(batch)[2]
        wizard.load(actor=clerk, batch_id=batch.pk)
        assert AuditEntry.objects.filter(action="contingent.ban.noted").exists()
        wizard.undo(actor=clerk, batch_id=batch.pk)
        assert custody.seeing().filter(pupil_id=child.pk).exists()
        assert AuditEntry.objects.filter(action="contingent.ban.removed").exists()

    def test_a_newcomer_with_a_ban_is_taken_back_whole(self, clerk: Actor, erlan: Pupil) -> None:
        batch = load(clerk, {"ИИН ребёнка": erlan.iin, "Видит данные ребёнка": "жоқ"} | MUM)
        wizard.undo(actor=clerk, batch_id=batch.pk)
        assert not Guardian.objects.exists()


@pytest.mark.requirement("SIS-16")
class TestUndo:
    def test_takes_back_ties_people_and_changes(self, clerk: Actor, in_school: TenantRef) -> None:
        child = new_pupil(new_class(), guardians=(mother(phone=""),))
        batch = load(
            clerk,
            {"ИИН ребёнка": child.iin} | MUM,
            {"ИИН ребёнка": child.iin, "ФИО родителя": "Ахметов Болат", "Кем приходится": "отец"},
        )
        assert Guardian.objects.count() == 2
        wizard.undo(actor=clerk, batch_id=batch.pk)
        assert [(one.name, one.phone) for one in Guardian.objects.all()] == [("Гүлнар", "")]
        assert Guardianship.objects.count() == 1

    def test_the_account_follows_the_number_there_and_back(
        self, clerk: Actor, in_school: TenantRef, account: Accounts
    ) -> None:
        child = new_pupil(new_class(), guardians=(mother(phone=""),))
        user = account(Role.PARENT, person_id=Guardian.objects.get().pk)
        batch = load(clerk, {"ИИН ребёнка": child.iin} | MUM)
        events.deliver()
        user.refresh_from_db()
        assert user.phone == "+77051112233"
        wizard.undo(actor=clerk, batch_id=batch.pk)
        events.deliver()
        user.refresh_from_db()
        assert user.phone == ""

    def test_keeps_and_names_who_was_changed_since(self, clerk: Actor, erlan: Pupil) -> None:
        batch = load(clerk, {"ИИН ребёнка": erlan.iin} | MUM)
        one = Guardian.objects.get()
        one.email = "g@mail.kz"
        one.save()
        batch = wizard.undo(actor=clerk, batch_id=batch.pk)
        assert batch.report["kept"] == ["Ахметова Гүлнар Серікқызы"]
        assert Guardianship.objects.count() == 1


def test_is_closed_to_a_teacher(actor_of: ActorOf, in_school: TenantRef) -> None:
    with pytest.raises(NotAllowed):
        take(actor_of(Role.TEACHER), {"ИИН ребёнка": number()} | MUM)


def test_costs_the_same_queries_for_any_number_of_rows(
    clerk: Actor, django_assert_max_num_queries: Any
) -> None:
    seven = new_class()
    children = [new_pupil(seven, name=f"Ерлан{letter}") for letter in "абвгдежзик"]
    content = xlsx(
        table(
            *({"ИИН ребёнка": one.iin} | MUM | {"Телефон": f"8705{n:07}"} for n, one in enumerate(children))
        )
    )
    batch = wizard.receive(actor=clerk, importer_code="guardians", name="родители.xlsx", content=content)
    wizard.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
    with django_assert_max_num_queries(14):
        assert wizard.check(actor=clerk, batch_id=batch.pk).counts["create"] == 10
