"""The one list of the product, tried on pupils, accounts and employees: address, columns, groups, views, acts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import python_calamine
import time_machine
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity.models import User
from kernel import audit, tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef
from modules.contingent.models import PupilStatus, SchoolClass
from modules.orders.models import Order
from registers.models import BulkAct, Habit, SavedView
from tests.modules.contingent.people import mother, new_class, new_pupil

ClientFor = Callable[..., Client]
PUPILS = "/contingent/pupils/"


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def people(school_a: TenantRef) -> dict[str, Any]:
    """Two classes: three pupils of 7А, two of 5Ә, and one who has left no class yet."""
    with tenancy.use(school_a):
        seven, five = new_class(), new_class(5, "Ә")
        made = {
            "Ғалымов": new_pupil(seven, surname="Ғалымов", name="Нұрсұлтан"),
            "Әлиева": new_pupil(seven, surname="Әлиева", name="Дана", sex="f", guardians=(mother(),)),
            "Алмасова": new_pupil(seven, surname="Алмасова", name="Әйгерім", sex="f"),
            "Іңкәров": new_pupil(five, surname="Іңкәров", name="Ерлан"),
            "Яковлева": new_pupil(five, surname="Яковлева", name="Анна", sex="f"),
        }
    return made | {"seven": seven, "five": five}


def names(response: Any) -> list[str]:
    return [line.label.split()[0] for line in response.context["list"].lines if not line.is_group]


def heads(response: Any) -> list[str]:
    return [one.code for one in response.context["list"].columns]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def sheet_of(response: Any) -> list[list[Any]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return book.get_sheet_by_index(0).to_python()


def toast_of(client: Client) -> str:
    """The undo's address in the toast that waits for the next page."""
    page = text_of(client.get(PUPILS))
    found = re.search(r'action="(/lists/undo/[^"]+)"', page)
    return found[1] if found else ""


@pytest.mark.requirement("SIS-16")
class TestAddress:
    def test_the_order_is_kazakh_and_turns(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        clerk = client_for(Role.SECRETARY)
        assert names(clerk.get(PUPILS)) == ["Алмасова", "Әлиева", "Ғалымов", "Іңкәров", "Яковлева"]
        assert names(clerk.get(PUPILS, {"sort": "-name"}))[0] == "Яковлева"
        assert names(clerk.get(PUPILS, {"sort": "class"}))[:2] == ["Іңкәров", "Яковлева"]

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
class TestViews:
    URL = "/lists/contingent.pupils/views/"

    def save(self, client: Client, **more: str) -> None:
        given = {"name": "Қыздар", "query": "sex=f&group=class&sort=-name"}
        assert client.post(self.URL, given | more).status_code == 302

    def test_are_one_press_away_with_all_they_keep(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        self.save(clerk)
        [tab] = clerk.get(PUPILS).context["list"].views
        page = clerk.get(PUPILS + tab.url)
        assert names(page) == ["Яковлева", "Әлиева", "Алмасова"]
        assert page.context["list"].active.row.name == "Қыздар"
        assert not page.context["list"].active.is_changed
        changed = clerk.get(f"{PUPILS}{tab.url}&q=дана")
        assert changed.context["list"].active.is_changed
        with tenancy.use(school_a):
            assert audit.entries()[0].action == "registers.view.saved"

    def test_opens_first_when_asked_and_everything_stays_reachable(
        self, client_for: ClientFor, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        self.save(clerk, first="on")
        answer = clerk.get(PUPILS)
        assert answer.status_code == 302
        assert len(names(clerk.get(answer.headers["Location"]))) == 3
        assert len(names(clerk.get(f"{PUPILS}?view=all"))) == 5

    def test_are_seen_by_others_only_when_shared(
        self, client_for: ClientFor, school_b: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk, other = client_for(Role.SECRETARY), client_for(Role.TEACHER)
        self.save(clerk)
        assert other.get(PUPILS).context["list"].views == []
        self.save(clerk, name="Ортақ", shared="on")
        assert [one.row.name for one in other.get(PUPILS).context["list"].views] == ["Ортақ"]
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        assert zhanna.get(PUPILS).context["list"].views == []

    def test_sharing_needs_the_right(self, client_for: ClientFor, people: dict[str, Any]) -> None:
        answer = client_for(Role.TEACHER).post(self.URL, {"name": "Ортақ", "query": "", "shared": "on"})
        assert answer.status_code == 403

    def test_of_another_person_or_school_are_not_there(
        self, client_for: ClientFor, school_a: TenantRef, school_b: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        self.save(clerk)
        with tenancy.use(school_a):
            view = SavedView.objects.get()
        strangers = (client_for(Role.SECRETARY), client_for(Role.DIRECTOR, school=school_b))
        for stranger in strangers:
            for act in ("", "remove/", "restore/", "first/"):
                answer = stranger.post(f"{self.URL}{view.pk}/{act}", {"name": "Менікі", "query": ""})
                assert answer.status_code == 404, act
        with tenancy.use(school_a):
            assert SavedView.objects.get().name == "Қыздар"

    def test_a_shared_one_is_looked_after_by_who_may_share(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        self.save(client_for(Role.SECRETARY), shared="on")
        with tenancy.use(school_a):
            view = SavedView.objects.get()
        asked = {"name": "Жаңа", "query": "", "shared": "on"}
        assert client_for(Role.TEACHER).post(f"{self.URL}{view.pk}/", asked).status_code == 404
        assert client_for(Role.DIRECTOR).post(f"{self.URL}{view.pk}/", asked).status_code == 302
        with tenancy.use(school_a):
            assert SavedView.objects.get().name == "Жаңа"

    def test_are_renamed_kept_anew_removed_and_brought_back(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        self.save(clerk, first="on")
        with tenancy.use(school_a):
            view = SavedView.objects.get()
        clerk.post(f"{self.URL}{view.pk}/", {"name": "7 сынып", "query": ""})
        clerk.post(f"{self.URL}{view.pk}/", {"keep": "1", "query": f"sex=m&view={view.pk}"})
        with tenancy.use(school_a):
            view.refresh_from_db()
            assert view.name == "7 сынып"
            assert view.query.startswith("sex=m&cols=")
        clerk.post(f"{self.URL}{view.pk}/remove/", {"query": ""})
        page = clerk.get(PUPILS)
        assert page.context["list"].views == []
        assert f"{view.pk}/restore/" in text_of(page)
        clerk.post(f"{self.URL}{view.pk}/restore/")
        assert [one.row.name for one in clerk.get(f"{PUPILS}?view=all").context["list"].views] == ["7 сынып"]
        with tenancy.use(school_a):
            assert Habit.objects.get().first_view_id is None

    def test_a_name_is_needed_and_is_ones_own_once(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        self.save(clerk)
        self.save(clerk)
        self.save(clerk, name="  ")
        with tenancy.use(school_a):
            assert SavedView.objects.count() == 1

    def test_of_a_list_that_is_not_open_to_one_are_not_there(
        self, client_for: ClientFor, people: dict[str, Any]
    ) -> None:
        parent = client_for(Role.PARENT)
        assert parent.post(self.URL, {"name": "х", "query": ""}).status_code == 404
        assert parent.post("/lists/no.such/columns/", {"query": ""}).status_code == 404


@pytest.mark.requirement("SIS-16")
class TestActs:
    def test_a_status_is_given_to_the_chosen_and_taken_back(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        chosen = [str(people[key].pk) for key in ("Әлиева", "Іңкәров")]
        asked = {"do": "status", "one": chosen, "query": "sort=-name"}
        page = clerk.post(f"{PUPILS}act/", asked)
        assert page.context["count"] == 2
        assert clerk.post(f"{PUPILS}act/", asked | {"go": "1", "code": "", "since": ""}).status_code == 422
        given = {"go": "1", "code": "many_children", "since": "2026-09-01", "ground": "№ 5"}
        answer = clerk.post(f"{PUPILS}act/", asked | given)
        assert answer.headers["Location"] == f"{PUPILS}?sort=-name"
        with tenancy.use(school_a):
            assert PupilStatus.objects.filter(code="many_children").count() == 2
            assert [line.action for line in audit.entries(limit=2)] == ["contingent.status.given"] * 2
        undo = toast_of(clerk)
        assert clerk.post(undo).status_code == 302
        with tenancy.use(school_a):
            assert not PupilStatus.objects.exists()
            assert audit.entries()[0].action == "registers.act.undone"
        assert clerk.post(undo).status_code == 404

    def test_who_had_it_keeps_it_after_the_undo(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        given = {"do": "status", "go": "1", "code": "many_children", "since": "2026-09-01", "query": ""}
        clerk.post(f"{PUPILS}act/", given | {"one": str(people["Әлиева"].pk)})
        clerk.post(f"{PUPILS}act/", given | {"all": "1"})
        with tenancy.use(school_a):
            assert PupilStatus.objects.count() == 5
        clerk.get(PUPILS)
        with tenancy.use(school_a):
            last = BulkAct.objects.latest("at")
        clerk.post(f"/lists/undo/{last.pk}/")
        with tenancy.use(school_a):
            assert [row.pupil_id for row in PupilStatus.objects.all()] == [people["Әлиева"].pk]

    def test_all_found_are_those_of_the_filters(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        page = client_for(Role.SECRETARY).post(
            f"{PUPILS}act/", {"do": "status", "all": "1", "query": f"class={people['five'].pk}"}
        )
        assert page.context["count"] == 2

    def test_the_undo_is_ones_own_and_lasts_an_hour(
        self, client_for: ClientFor, school_a: TenantRef, school_b: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        given = {"do": "status", "go": "1", "code": "many_children", "since": "2026-09-01", "query": ""}
        clerk.post(f"{PUPILS}act/", given | {"all": "1"})
        with tenancy.use(school_a):
            url = f"/lists/undo/{BulkAct.objects.get().pk}/"
        assert client_for(Role.SECRETARY).post(url).status_code == 404
        assert client_for(Role.DIRECTOR, school=school_b).post(url).status_code == 404
        with tenancy.use(school_a):
            BulkAct.objects.update(at=F("at") - timedelta(minutes=61))
        assert clerk.post(url).status_code == 404
        with tenancy.use(school_a):
            assert PupilStatus.objects.count() == 5

    @pytest.mark.requirement("SIS-18")
    def test_a_move_is_a_draft_of_an_order_that_the_undo_throws_away(
        self, client_for: ClientFor, school_a: TenantRef, people: dict[str, Any]
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        with tenancy.use(school_a):
            other: SchoolClass = new_class(7, "Б")
        asked = {"do": "move", "one": [str(people["Әлиева"].pk)], "query": "", "go": "1"}
        answer = clerk.post(f"{PUPILS}act/", asked | {"class_id": str(other.pk), "since": "2026-11-24"})
        with tenancy.use(school_a):
            order = Order.objects.get()
            assert order.state == "draft"
        assert answer.headers["Location"] == f"/orders/{order.pk}/"
        clerk.post(toast_of(clerk))
        with tenancy.use(school_a):
            assert not Order.objects.filter(state="draft").exists()

    def test_needs_the_right_and_somebody_chosen(
        self, client_for: ClientFor, school_b: TenantRef, people: dict[str, Any]
    ) -> None:
        one = str(people["Әлиева"].pk)
        assert (
            client_for(Role.LIBRARIAN).post(f"{PUPILS}act/", {"do": "status", "one": one}).status_code == 404
        )
        clerk = client_for(Role.SECRETARY)
        assert clerk.post(f"{PUPILS}act/", {"do": "status", "query": ""}).status_code == 302
        assert clerk.post(f"{PUPILS}act/", {"do": "burn", "one": one}).status_code == 404
        assert clerk.post(f"{PUPILS}act/", {"do": "status", "one": "x"}).status_code == 404
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        answer = zhanna.post(f"{PUPILS}act/", {"do": "status", "one": one, "query": ""})
        assert answer.status_code == 302  # nobody of hers is chosen

    @pytest.mark.requirement("SIS-04")
    def test_accounts_are_blocked_together_but_ones_own(
        self, client_for: ClientFor, account: Any, school_a: TenantRef
    ) -> None:
        director = client_for(Role.DIRECTOR)
        teachers = [account(Role.TEACHER, username=f"t{n}") for n in range(3)]
        asked = {"do": "block", "all": "1", "query": "", "go": "1"}
        director.post("/accounts/act/", asked)
        with tenancy.use(school_a):
            closed = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
            assert closed == {one.pk for one in teachers}
        director.post(toast_of(director))
        with tenancy.use(school_a):
            assert not User.objects.filter(is_active=False).exists()

    @pytest.mark.requirement("SIS-04")
    def test_slips_of_the_chosen_are_one_pdf_and_end_the_old_passwords(
        self, client_for: ClientFor, account: Any, school_a: TenantRef
    ) -> None:
        director, teacher = client_for(Role.DIRECTOR), account(Role.TEACHER)
        asked = {"do": "slips", "one": str(teacher.pk), "query": ""}
        assert director.post("/accounts/act/", asked).status_code == 200
        answer = director.post("/accounts/act/", asked | {"go": "1"})
        assert answer.content.startswith(b"%PDF")
        assert answer.headers["Cache-Control"].startswith(("no-store", "max-age=0"))
        with tenancy.use(school_a):
            assert User.objects.get(pk=teacher.pk).password != teacher.password

    def test_a_secretary_does_not_print_a_slip_of_the_director(
        self, client_for: ClientFor, account: Any, school_a: TenantRef
    ) -> None:
        director = account(Role.DIRECTOR)
        secretary = client_for(Role.SECRETARY)
        asked = {"do": "slips", "one": str(director.pk), "query": "", "go": "1"}
        assert secretary.post("/accounts/act/", asked).status_code == 422
        with tenancy.use(school_a):
            assert User.objects.get(pk=director.pk).password == director.password


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
        clerk.post(TestViews.URL, {"name": "Көрініс", "query": ""})
        clerk.get(f"{PUPILS}?{query}&view=all")
        with tenancy.use(school_a), CaptureQueriesContext(connection) as queries:
            assert clerk.get(f"{PUPILS}?{query}&view=all").status_code == 200
        assert len(queries) <= 9, "\n".join(q["sql"][:150] for q in queries)
