"""The one list of the product, tried on pupils, accounts and employees: address, columns, groups, Excel."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import audit, tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef
from modules.contingent.models import Pupil
from tests.modules.contingent.people import mother, new_pupil
from tests.platform.registers.listed import (
    PUPILS,
    VIEWS,
    ClientFor,
    heads,
    names,
    sheet_of,
    text_of,
)


@pytest.mark.requirement("SIS-16")
class TestAddress:
    def test_the_order_is_kazakh_and_turns(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        clerk = client_for(Role.SECRETARY)
        assert names(clerk.get(PUPILS)) == ["Алмасова", "Әлиева", "Ғалымов", "Іңкәров", "Яковлева"]
        assert names(clerk.get(PUPILS, {"sort": "-name"}))[0] == "Яковлева"
        assert names(clerk.get(PUPILS, {"sort": "class"}))[:2] == ["Іңкәров", "Яковлева"]

    def test_who_has_no_number_comes_first_where_numbers_are_sealed(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        with tenancy.use(school_a):
            Pupil.objects.filter(surname="Ғалымов").update(iin="")
        clerk = client_for(Role.SECRETARY)
        assert names(clerk.get(PUPILS, {"sort": "iin"})) == [
            "Ғалымов",
            "Алмасова",
            "Әлиева",
            "Іңкәров",
            "Яковлева",
        ]
        assert names(clerk.get(PUPILS, {"sort": "-iin"}))[-1] == "Ғалымов"

    def test_a_number_is_found_whole_and_not_in_part(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        with tenancy.use(school_a):
            number = Pupil.objects.get(surname="Әлиева").iin
        clerk = client_for(Role.SECRETARY)
        assert names(clerk.get(PUPILS, {"q": number})) == ["Әлиева"]
        assert names(clerk.get(PUPILS, {"q": f"{number[:6]} {number[6:]}"})) == ["Әлиева"]
        assert names(clerk.get(PUPILS, {"q": number[:11]})) == []

    def test_filters_and_search_narrow_and_are_chips(
        self, client_for: ClientFor, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        page = clerk.get(PUPILS, {"class": str(people["seven"].pk), "sex": "f", "q": "дана"})
        assert names(page) == ["Әлиева"]
        chips = page.context["list"].chips
        assert len(chips) == 3
        assert names(clerk.get(PUPILS + chips[0].without)) == ["Алмасова", "Әлиева"]
        assert len(names(clerk.get(PUPILS + page.context["list"].everything_url))) == 5

    def test_what_the_list_does_not_know_narrows_nothing(
        self, client_for: ClientFor, people: dict[str, Any]
    ) -> None:
        asked = {
            "class": "1",
            "sex": "x",
            "sort": "secret",
            "group": "x",
            "cols": "a,b",
            "size": "9",
            "page": "z",
        }
        page = client_for(Role.SECRETARY).get(PUPILS, asked)
        assert len(names(page)) == 5
        assert page.context["list"].chips == []

    def test_nearly_the_name_is_found_and_said(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        page = client_for(Role.SECRETARY).get(PUPILS, {"q": "нурслутан"})
        assert names(page) == ["Ғалымов"]
        assert page.context["list"].is_near

    def test_a_fragment_pushes_the_short_address(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        clerk = client_for(Role.SECRETARY)
        asked = {"q": "дана", "class": "", "sex": "", "state": "here", "group": "", "size": "50", "view": ""}
        answer = clerk.get(PUPILS, asked, headers={"HX-Request": "true"})
        assert answer.headers["HX-Push-Url"] == f"{PUPILS}?q=%D0%B4%D0%B0%D0%BD%D0%B0"
        assert "<html" not in text_of(answer)

    def test_pages_are_as_long_as_asked(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        with tenancy.use(school_a):
            for n in range(30):
                new_pupil(people["five"], surname=f"Бекова{chr(1072 + n)}")
        clerk = client_for(Role.SECRETARY)
        assert len(names(clerk.get(PUPILS, {"size": "25"}))) == 25
        assert len(names(clerk.get(PUPILS, {"size": "25", "page": "2"}))) == 10

    def test_the_other_school_is_not_in_it(
        self, client_for: ClientFor, school_b: TenantRef, people: dict[str, Any]
    ) -> None:
        assert names(client_for(Role.DIRECTOR, school=school_b).get(PUPILS)) == []


@pytest.mark.requirement("SIS-16")
class TestGroups:
    def test_rows_are_gathered_with_their_figures(
        self, client_for: ClientFor, people: dict[str, Any]
    ) -> None:
        page = client_for(Role.SECRETARY).get(PUPILS, {"group": "class"})
        shown = page.context["list"]
        groups = [(line.label, line.figures) for line in shown.lines if line.is_group]
        assert [label for label, _figures in groups] == ["5Ә", "7А"]
        assert [figures[0][0] for _label, figures in groups] == ["2", "3"]
        assert groups[1][1][1].endswith(": 2")  # girls
        assert names(page) == ["Іңкәров", "Яковлева", "Алмасова", "Әлиева", "Ғалымов"]
        assert shown.page.paginator.count == 5

    def test_a_group_that_began_on_the_page_before_says_so(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        with tenancy.use(school_a):
            for n in range(30):
                new_pupil(people["five"], surname=f"Бекова{chr(1072 + n)}")
        page = client_for(Role.SECRETARY).get(PUPILS, {"group": "class", "size": "25", "page": "2"})
        first = page.context["list"].lines[0]
        assert first.is_group
        assert first.label == "5Ә"
        assert first.goes_on

    @pytest.mark.parametrize(
        ("path", "groups"),
        [
            (PUPILS, ("class", "grade", "language", "sex", "born")),
            ("/staff/", ("post", "category", "sex")),
            ("/accounts/", ("kind", "used")),
        ],
    )
    def test_every_group_and_every_sort_works(
        self, client_for: ClientFor, people: dict[str, Any], path: str, groups: tuple[str, ...]
    ) -> None:
        director = client_for(Role.DIRECTOR)
        register = director.get(path).context["list"].register
        assert {one.code for one in register.groups} == set(groups)
        for group in groups:
            assert director.get(path, {"group": group}).status_code == 200
        every = ",".join(one.code for one in register.columns)
        for column in register.columns:
            for sort in (column.code, f"-{column.code}"):
                assert director.get(path, {"sort": sort, "cols": every}).status_code == 200


@pytest.mark.requirement("SIS-16")
class TestColumns:
    def test_are_kept_for_the_person(
        self, client_for: ClientFor, account: Any, people: dict[str, Any]
    ) -> None:
        clerk, other = client_for(Role.SECRETARY), client_for(Role.SECRETARY)
        clerk.post("/lists/contingent.pupils/columns/", {"column": ["age", "class"], "query": ""})
        assert heads(clerk.get(PUPILS)) == ["name", "age", "class"]
        assert heads(other.get(PUPILS)) == ["name", "class", "sex", "birth_date", "iin"]
        clerk.post("/lists/contingent.pupils/columns/", {"column": ["age"], "reset": "1", "query": ""})
        assert heads(clerk.get(PUPILS)) == heads(other.get(PUPILS))

    def test_move_without_a_script(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        clerk = client_for(Role.SECRETARY)
        clerk.post(
            "/lists/contingent.pupils/columns/", {"column": ["age", "class"], "up": "class", "query": ""}
        )
        assert heads(clerk.get(PUPILS)) == ["name", "class", "age"]

    def test_of_the_address_win_and_change_there(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        clerk = client_for(Role.SECRETARY)
        answer = clerk.post("/lists/contingent.pupils/columns/", {"column": ["sex"], "query": "cols=age"})
        assert answer.headers["Location"] == f"{PUPILS}?cols=sex"
        assert heads(clerk.get(PUPILS)) == ["name", "class", "sex", "birth_date", "iin"]

    def test_nobody_gets_a_column_above_her_rights(
        self, client_for: ClientFor, people: dict[str, Any]
    ) -> None:
        teacher = client_for(Role.LIBRARIAN)
        asked = {"cols": "iin,address,guardians,class"}
        assert heads(teacher.get(PUPILS, asked)) == ["name", "class"]
        assert names(teacher.get(PUPILS, {"sort": "-iin"})) == names(teacher.get(PUPILS))
        teacher.post("/lists/contingent.pupils/columns/", {"column": ["iin", "class"], "query": ""})
        assert heads(teacher.get(PUPILS)) == ["name", "class"]

    def test_what_stands_on_the_card_is_shown_of_ones_own_class_only(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        with tenancy.use(school_a):
            for key in ("Әлиева", "Іңкәров"):
                people[key].address = f"көшесі {key}"
                people[key].save()
        teacher = client_for(Role.TEACHER, person_id=UUID(int=5))
        page = text_of(teacher.get(PUPILS, {"cols": "address,guardians"}))
        assert "көшесі" not in page
        assert "Гүлнар" not in page
        clerk = text_of(client_for(Role.SECRETARY).get(PUPILS, {"cols": "address,guardians"}))
        assert "көшесі Әлиева" in clerk
        assert "Гүлнар" in clerk


@pytest.mark.requirement("SIS-16")
class TestWorkbook:
    def test_is_exactly_what_is_shown(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        asked = {"cols": "class,age", "sex": "f", "sort": "-name"}
        rows = sheet_of(clerk.get(f"{PUPILS}excel/", asked))
        assert [row[1].split()[0] for row in rows[1:]] == names(clerk.get(PUPILS, asked))
        assert rows[1][2:] == ["5Ә", 13.0]
        with tenancy.use(school_a):
            line = audit.entries()[0]
        assert line.action == "contingent.pupils.exported"
        assert line.details == {"count": 3, "columns": ["name", "class", "age"], "with_iin": False}

    def test_keeps_the_groups(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        rows = sheet_of(client_for(Role.SECRETARY).get(f"{PUPILS}excel/", {"group": "class"}))
        texts = [row[1] for row in rows]
        assert texts[1].startswith("5Ә: 2")
        assert texts[4].startswith("7А: 3")
        assert "5" in texts[-1]  # the whole

    def test_shows_no_more_of_the_iin_than_the_person_may_see(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        number = people["Әлиева"].iin
        whole = sheet_of(client_for(Role.SECRETARY).get(f"{PUPILS}excel/", {"cols": "iin"}))
        assert number in [row[2] for row in whole]
        without = client_for(Role.PSYCHOLOGIST).get(f"{PUPILS}excel/", {"cols": "iin"})
        assert all(number not in str(cell) for row in sheet_of(without) for cell in row)

    def test_of_the_chosen_holds_the_chosen(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        clerk = client_for(Role.SECRETARY)
        chosen = [str(people[key].pk) for key in ("Яковлева", "Әлиева")]
        answer = clerk.post(f"{PUPILS}act/", {"do": "export", "one": chosen, "query": "cols=class"})
        assert [row[1].split()[0] for row in sheet_of(answer)[1:]] == ["Әлиева", "Яковлева"]

    def test_needs_the_right(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        librarian = client_for(Role.LIBRARIAN)
        assert librarian.get(f"{PUPILS}excel/").status_code == 403
        asked = {"do": "export", "one": str(people["Әлиева"].pk)}
        assert librarian.post(f"{PUPILS}act/", asked).status_code == 404


@pytest.mark.requirement("SIS-16")
class TestCost:
    @pytest.mark.parametrize("query", ["", "group=class", "cols=class,status,guardians", "q=ахмет"])
    def test_a_page_is_at_most_so_many_queries(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any], query: str
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        with tenancy.use(school_a):
            for n in range(30):
                new_pupil(people["seven"], surname=f"Ахметов{chr(1072 + n)}", guardians=(mother(),))
        clerk.post(VIEWS, {"name": "Көрініс", "query": ""})
        clerk.get(f"{PUPILS}?{query}&view=all")
        with tenancy.use(school_a), CaptureQueriesContext(connection) as queries:
            assert clerk.get(f"{PUPILS}?{query}&view=all").status_code == 200
        assert len(queries) <= 9, "\n".join(q["sql"][:150] for q in queries)
