"""Pages of classes and pupils, as people of the school meet them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import python_calamine
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity import api as identity
from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardian, Membership, Pupil, SchoolClass
from modules.orders.models import Order
from tests.factories.schedule import lead
from tests.modules.contingent.people import mother, new_class, new_pupil

ClientFor = Callable[..., Client]


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def seven(school_a: TenantRef) -> SchoolClass:
    with tenancy.use(school_a):
        return new_class()


@pytest.fixture
def pupil(school_a: TenantRef, seven: SchoolClass) -> Pupil:
    with tenancy.use(school_a):
        return new_pupil(seven, guardians=(mother(),))


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.mark.requirement("SIS-16")
class TestRegister:
    def test_finds_a_kazakh_name_typed_with_russian_letters(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass
    ) -> None:
        with tenancy.use(school_a):
            new_pupil(seven, surname="Қожахметов", name="Нұрсұлтан")
            new_pupil(seven, surname="Өзгебаев", name="Бала")
        page = client_for(Role.SECRETARY).get("/contingent/pupils/?q=нурсултан кожах")
        assert "Қожахметов" in text_of(page)
        assert "Өзгебаев" not in text_of(page)

    def test_hides_the_iin_in_the_list(self, client_for: ClientFor, pupil: Pupil) -> None:
        page = text_of(client_for(Role.SECRETARY).get("/contingent/pupils/"))
        assert pupil.iin not in page
        assert pupil.iin[-4:] in page

    def test_costs_few_queries_however_many_pupils(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass
    ) -> None:
        with tenancy.use(school_a):
            for n in range(30):
                new_pupil(seven, surname=f"Ахметов{chr(1072 + n)}")
        clerk = client_for(Role.SECRETARY)
        clerk.get("/contingent/pupils/")
        with tenancy.use(school_a), CaptureQueriesContext(connection) as queries:
            assert clerk.get("/contingent/pupils/").status_code == 200
        assert len(queries) <= 8, "\n".join(q["sql"][:150] for q in queries)

    def test_answers_htmx_with_the_list_alone(self, client_for: ClientFor, pupil: Pupil) -> None:
        page = client_for(Role.SECRETARY).get("/contingent/pupils/", headers={"HX-Request": "true"})
        assert "<html" not in text_of(page)
        assert pupil.surname in text_of(page)

    def test_saves_the_list_as_a_workbook_without_formulas(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass
    ) -> None:
        with tenancy.use(school_a):
            new_pupil(seven, address='=HYPERLINK("http://evil.example","x")')
        clerk = client_for(Role.SECRETARY)
        answer = clerk.get("/contingent/pupils/excel/?cols=address")
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(
            0
        )
        assert sheet.to_python()[1][2] == '=HYPERLINK("http://evil.example","x")'
        with tenancy.use(school_a):
            assert audit.entries()[0].action == "contingent.pupils.exported"

    @pytest.mark.parametrize("role", [Role.PARENT, Role.PUPIL])
    def test_families_do_not_open_the_lists(self, client_for: ClientFor, role: Role) -> None:
        client = client_for(role)
        for path in ("/contingent/", "/contingent/pupils/"):
            assert client.get(path).status_code == 403


@pytest.mark.requirement("SIS-16")
class TestCard:
    def test_a_look_is_logged_and_the_director_reads_who_looked(
        self, client_for: ClientFor, account: Any, pupil: Pupil
    ) -> None:
        clerk = client_for(user=account(Role.SECRETARY, surname="Қараған", name="Көз"))
        assert clerk.get(f"/contingent/pupils/{pupil.pk}/").status_code == 200
        page = text_of(client_for(Role.DIRECTOR).get(f"/contingent/pupils/{pupil.pk}/?tab=looked"))
        assert "Қараған" in page

    def test_shows_the_iin_after_a_press_that_is_logged(
        self, client_for: ClientFor, school_a: TenantRef, pupil: Pupil
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        assert pupil.iin not in text_of(clerk.get(f"/contingent/pupils/{pupil.pk}/"))
        assert pupil.iin in text_of(clerk.post(f"/contingent/pupils/{pupil.pk}/iin/"))
        with tenancy.use(school_a):
            found = audit.views_of(subject="pupil", subject_id=pupil.pk)
            assert found[0].purpose == "contingent.iin"

    @pytest.mark.parametrize("tab", ["identity", "guardians", "statuses", "movement"])
    def test_a_parent_opens_her_own_child_and_no_other(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass, pupil: Pupil, tab: str
    ) -> None:
        with tenancy.use(school_a):
            other = new_pupil(seven, surname="Бөтен")
            guardian = Guardian.objects.get()
        parent = client_for(Role.PARENT, person_id=guardian.pk, person_kind="guardian")
        assert parent.get(f"/contingent/pupils/{pupil.pk}/?tab={tab}").status_code == 200
        assert parent.get(f"/contingent/pupils/{other.pk}/?tab={tab}").status_code == 404
        assert parent.post(f"/contingent/pupils/{pupil.pk}/iin/").status_code == 403
        assert parent.get(f"/contingent/pupils/{pupil.pk}/edit/").status_code == 403

    def test_a_teacher_opens_the_cards_of_the_class_she_leads(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass, pupil: Pupil
    ) -> None:
        from kernel.ids import uuid7

        teacher_id = uuid7()
        with tenancy.use(school_a):
            lead(seven, teacher_id)
        leads = client_for(Role.TEACHER, person_id=teacher_id)
        other = client_for(Role.TEACHER, person_id=uuid7())
        assert leads.get(f"/contingent/pupils/{pupil.pk}/").status_code == 200
        assert other.get(f"/contingent/pupils/{pupil.pk}/").status_code == 404

    def test_a_wrong_iin_comes_back_at_its_field(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass
    ) -> None:
        given = {
            "surname": "Ахметов", "name": "Ерлан", "sex": "m", "birth_date": "2013-04-05",
            "iin": "130405700001", "reason": "arr_abroad", "class_id": str(seven.pk), "since": "2026-11-23", "citizenship": "KZ",
        }  # fmt: skip
        answer = client_for(Role.SECRETARY).post("/contingent/pupils/new/", given)
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"iin"}
        with tenancy.use(school_a):
            assert Pupil.objects.count() == 0

    @pytest.mark.requirement("SIS-16", "GEN-05")
    @pytest.mark.parametrize(
        ("wrong", "kk", "ru"),
        [
            (
                {"iin": "taken"},
                "Мұндай ЖСН-мен оқушы мектепте бар: Ахметов Ерлан",
                "Ученик с таким ИИН уже есть",
            ),
            (
                {"iin": "130405700001"},
                "ЖСН-ның бақылау саны сәйкес келмейді",
                "Не сходится контрольный разряд ИИН",
            ),
            ({"name": "Дам1р"}, "Атында сан немесе таңба бар: Дам1р", "В имени цифры или знаки: Дам1р"),
            ({"birth_date": "15.03.2013 ж."}, "Дұрыс күнді енгізіңіз.", "Введите правильную дату."),
            ({"surname": ""}, "Бұл өрісті толтыру міндетті.", "Обязательное поле."),
        ],
        ids=["iin-taken", "iin-wrong", "name", "date-as-text", "nothing"],
    )
    def test_a_wrong_answer_is_told_at_its_field_and_the_rest_stays(
        self,
        client_for: ClientFor,
        school_a: TenantRef,
        pupil: Pupil,
        seven: SchoolClass,
        wrong: dict[str, str],
        kk: str,
        ru: str,
    ) -> None:
        good = {
            "surname": "Омаров", "name": "Дамир", "patronymic": "Қанатұлы", "sex": "m", "birth_date": "2013-04-05",
            "class_id": str(seven.pk), "since": "2026-11-23", "citizenship": "KZ", "reason": "arr_same_district",
        }  # fmt: skip
        given = good | {key: pupil.iin if value == "taken" else value for key, value in wrong.items()}
        clerk = client_for(Role.SECRETARY)
        for language, said in (("kk", kk), ("ru", ru)):
            clerk.cookies["lang"] = language
            answer = clerk.post("/contingent/pupils/new/", given)
            assert answer.status_code == 422
            form = answer.context["form"]
            assert form.errors.keys() == wrong.keys()
            [field] = wrong
            told = re.search(f'id="id_{field}_error">(.*?)</div>', text_of(answer), re.DOTALL)
            assert told is not None
            assert said in told[1]
            assert {name: form[name].value() for name in given} == given
        with tenancy.use(school_a):
            assert Pupil.objects.count() == 1

    @pytest.mark.requirement("SIS-18")
    def test_the_director_enrols_moves_lets_go_and_takes_back_at_one_press_each(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass
    ) -> None:
        director = client_for(Role.DIRECTOR)
        given = {
            "surname": "АХМЕТОВ", "name": "Eрлан", "sex": "m", "birth_date": "2013-04-05", "reason": "arr_same_district",
            "class_id": str(seven.pk), "since": "2026-09-01", "citizenship": "KZ", "sign": "1",
        }  # fmt: skip
        answer = director.post("/contingent/pupils/new/", given)
        with tenancy.use(school_a):
            row = Pupil.objects.get()
            other = new_class(7, "Ә")
        base = f"/contingent/pupils/{row.pk}/"
        assert answer["Location"] == base
        assert (row.surname, row.name, row.enrolled_order) == ("Ахметов", "Ерлан", "1-қ")
        for path, sent in (
            ("move/", {"class_id": str(other.pk), "since": "2026-11-01"}),
            ("leave/", {"last_day": "2026-11-20", "reason": "dep_college"}),
            ("return/", {"class_id": str(seven.pk), "since": "2026-11-23", "reason": "arr_restored"}),
        ):
            assert director.get(base + path).status_code == 200
            assert director.post(base + path, {**sent, "sign": "1"}).status_code == 302
        page = text_of(director.get(base + "?tab=movement"))
        for words in ("7Ә", "7А", "1-қ", "2-қ", "3-қ", "4-қ"):
            assert words in page
        with tenancy.use(school_a):
            terms = Membership.objects.order_by("since").values_list("since", "until", "order_number")
            assert list(terms) == [
                (date(2026, 9, 1), date(2026, 10, 31), "1-қ"),
                (date(2026, 11, 1), date(2026, 11, 20), "2-қ"),
                (date(2026, 11, 23), None, "4-қ"),
            ]

    def test_the_clerk_makes_a_draft_and_may_not_sign_it(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass
    ) -> None:
        with tenancy.use(school_a):
            row, other = new_pupil(seven), new_class(7, "Ә")
        clerk = client_for(Role.SECRETARY)
        sent = {"class_id": str(other.pk), "since": "2026-11-01"}
        made = clerk.post(f"/contingent/pupils/{row.pk}/move/", sent)
        assert made["Location"].startswith("/orders/")
        refused = clerk.post(f"/contingent/pupils/{row.pk}/move/", {**sent, "sign": "1"})
        assert refused.status_code == 422
        with tenancy.use(school_a):
            assert Membership.objects.get(pupil=row).school_class_id == seven.pk
            assert Order.objects.get().state == "draft"

    def test_moves_the_ticked_pupils_of_a_class(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass
    ) -> None:
        with tenancy.use(school_a):
            first, __, third = (new_pupil(seven, surname=name) for name in ("Асанов", "Бекенов", "Ғалымов"))
            other = new_class(7, "Ә")
        director, url = client_for(Role.DIRECTOR), f"/contingent/classes/{seven.pk}/move/"
        sent = {"class_id": str(other.pk), "since": "2026-11-23", "sign": "1"}
        assert director.get(url).status_code == 200
        assert director.post(url, sent).status_code == 422
        assert director.post(url, {**sent, "pupil": [str(first.pk), str(third.pk)]}).status_code == 302
        with tenancy.use(school_a):
            moved = Membership.objects.filter(school_class=other).values_list("pupil_id", flat=True)
            assert set(moved) == {first.pk, third.pk}
            assert Order.objects.count() == 1

    def test_the_deputy_decides_where_a_pupil_is_attested(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass
    ) -> None:
        with tenancy.use(school_a):
            row = new_pupil(seven)
        url = f"/contingent/pupils/{row.pk}/attest/"
        deputy = client_for(Role.DEPUTY_ACADEMIC)
        assert deputy.post(url, {"quarter": "2", "here": "no", "note": "табель"}).status_code == 302
        assert "табель" in deputy.get(f"/contingent/pupils/{row.pk}/?tab=movement").content.decode()
        assert client_for(Role.SECRETARY, username="clerk").post(url, {"quarter": "2"}).status_code == 403

    def test_keeps_guardians_and_statuses(
        self, client_for: ClientFor, school_a: TenantRef, pupil: Pupil
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        base = f"/contingent/pupils/{pupil.pk}/"
        given = {"relation": "father", "surname": "Ахметов", "name": "Болат", "phone": "8 705 222 33 44"}
        assert clerk.post(base + "guardians/new/", given).status_code == 302
        with tenancy.use(school_a):
            father = Guardian.objects.get(name="Болат")
        assert father.phone == "+77052223344"
        page = clerk.get(f"{base}guardians/{father.pk}/")
        assert page.status_code == 200
        assert clerk.post(f"{base}guardians/{father.pk}/", given | {"post": "мұғалім"}).status_code == 302
        assert (
            clerk.post(base + "statuses/new/", {"code": "orphan", "since": "2026-11-01"}).status_code == 302
        )
        assert clerk.get(base + "?tab=statuses").status_code == 200
        assert clerk.post(f"{base}guardians/{father.pk}/unlink/").status_code == 302
        with tenancy.use(school_a):
            assert list(pupil.guardianships.values_list("guardian__name", flat=True)) == ["Гүлнар"]
            status = pupil.statuses.get()
        assert clerk.post(f"{base}statuses/{status.pk}/end/").status_code == 302


@pytest.mark.requirement("SIS-17", screen="contingent:classes")
class TestClasses:
    def test_opens_changes_and_deletes_a_class(self, client_for: ClientFor, school_a: TenantRef) -> None:
        clerk = client_for(Role.SECRETARY)
        given = {"grade": "5", "letter": "ә", "language": "kk", "shift": "1", "kind": "general"}
        assert clerk.post("/contingent/classes/new/", given).status_code == 302
        assert clerk.post("/contingent/classes/new/", given).status_code == 422
        with tenancy.use(school_a):
            row = SchoolClass.objects.get()
        assert row.label == "5Ә"
        url = f"/contingent/classes/{row.pk}/"
        assert clerk.post(url + "edit/", given | {"set_code": "5-6", "capacity": "12"}).status_code == 302
        assert "5Ә" in text_of(clerk.get(url))
        assert clerk.post(url + "delete/").status_code == 302
        with tenancy.use(school_a):
            assert SchoolClass.objects.count() == 0

    def test_a_class_without_a_grade_is_not_taken_for_the_preschool(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        refused = client_for(Role.SECRETARY).post(
            "/contingent/classes/new/", {"letter": "А", "language": "kk", "shift": "1", "kind": "general"}
        )
        assert refused.status_code == 422
        assert refused.context["form"].errors.as_data().keys() == {"grade"}

    def test_a_senior_class_has_a_direction_and_any_class_a_room(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        given = {"grade": "9", "letter": "А", "language": "kk", "shift": "1", "kind": "general"}
        given |= {"direction": "natural", "room": "каб.  214"}
        refused = clerk.post("/contingent/classes/new/", given)
        assert refused.status_code == 422
        assert refused.context["form"].errors.as_data().keys() == {"direction"}
        assert clerk.post("/contingent/classes/new/", given | {"grade": "10"}).status_code == 302
        with tenancy.use(school_a):
            row = SchoolClass.objects.get()
        assert (row.direction, row.room) == ("natural", "каб. 214")
        url = f"/contingent/classes/{row.pk}/"
        page = text_of(clerk.get(url))
        assert "каб. 214" in page
        assert str(row.get_direction_display()) in page
        assert clerk.post(url + "edit/", given | {"grade": "9"}).status_code == 422
        with tenancy.use(school_a):
            assert SchoolClass.objects.get().grade == 10
        moved = given | {"grade": "9", "direction": "", "room": "7"}
        assert clerk.post(url + "edit/", moved).status_code == 302
        with tenancy.use(school_a):
            changed = AuditEntry.objects.get(action="contingent.class.changed")
        assert set(changed.details["fields"]) == {"grade", "direction", "room"}

    def test_another_schools_class_is_not_here(
        self, client_for: ClientFor, school_b: TenantRef, seven: SchoolClass
    ) -> None:
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        assert zhanna.get(f"/contingent/classes/{seven.pk}/").status_code == 404

    def test_a_class_with_pupils_stays(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass, pupil: Pupil
    ) -> None:
        client_for(Role.SECRETARY).post(f"/contingent/classes/{seven.pk}/delete/")
        with tenancy.use(school_a):
            assert SchoolClass.objects.filter(pk=seven.pk).exists()

    def test_the_list_of_a_class_opens_in_a_spreadsheet(
        self, client_for: ClientFor, seven: SchoolClass, pupil: Pupil
    ) -> None:
        answer = client_for(Role.SECRETARY).get(f"/contingent/classes/{seven.pk}/?as=excel")
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(
            0
        )
        assert sheet.to_python()[1][1:3] == ["Ахметов", "Ерлан"]


@pytest.mark.requirement("SIS-04")
class TestLoginSlipsByClass:
    def test_a_class_brings_its_pupils_and_their_parents(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass
    ) -> None:
        with tenancy.use(school_a):
            here = new_pupil(seven, guardians=(mother(),))
            there = new_pupil(
                new_class(10, "Ә"), surname="Басқа", guardians=(mother(surname="Басқа", phone=""),)
            )
            people = [("pupil", here), ("pupil", there)]
            people += [("guardian", one.guardianships.get().guardian) for one in (here, there)]
            for kind, one in people:
                identity.create_account(
                    actor=Actor.system_actor("test"),
                    person_kind=kind,
                    person_id=one.pk,
                    surname=one.surname,
                    name=one.name,
                    language="kk",
                    roles=[Role.PUPIL if kind == "pupil" else Role.PARENT],
                )
        director = client_for(Role.DIRECTOR)
        page = director.get("/school/slips/")
        assert page.context["places"] == ["7А", "10Ә"]
        assert len(page.context["people"]) == 4
        page = director.get("/school/slips/?place=7А")
        assert {one.account.full_name.split()[0] for one in page.context["people"]} == {"Ахметов", "Ахметова"}
