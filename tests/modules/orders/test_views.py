"""Pages of orders: the books, a draft with its text beside it, signing, texts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import docx
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import tenancy
from kernel.access import Role
from kernel.models import AuditEntry, ViewEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Membership, Pupil
from modules.orders import api
from modules.orders.models import Order, OrderLine, OrderTemplate
from tests.conftest import ActorOf, ClientFor
from tests.modules.contingent.people import new_class, new_pupil
from tests.platform.registers.listed import sheet_of

MAIN, PUPILS = "/orders/main/", "/orders/contingent/"


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def director(client_for: ClientFor) -> Client:
    return client_for(Role.DIRECTOR)


@pytest.fixture
def clerk(client_for: ClientFor) -> Client:
    return client_for(Role.SECRETARY, username="clerk")


@pytest.fixture
def people(school_a: TenantRef) -> dict[str, object]:
    with tenancy.use(school_a):
        seven, other = new_class(7, "А"), new_class(7, "Ә")
        return {
            "seven": seven,
            "other": other,
            "pupils": [new_pupil(seven, surname=n) for n in ("Асанов", "Ғалымов")],
        }


def new(client: Client, kind: str) -> str:
    """The address of a fresh draft."""
    return client.post("/orders/new/", {"kind": kind})["Location"]


def about(**more: str) -> dict[str, str]:
    return {
        "about-date": "2026-11-23", "about-language": "kk", "about-title_kk": "Ауыстыру туралы",
        "about-title_ru": "О переводе", "about-ground": "", "about-executor": "Ахметова", **more,
    }  # fmt: skip


@pytest.mark.requirement("SIS-18")
class TestADraft:
    def test_from_the_list_of_kinds_to_the_signature(
        self, clerk: Client, director: Client, people: dict, school_a: TenantRef
    ) -> None:
        url = new(clerk, "contingent.move")
        assert clerk.get(url).status_code == 200
        assert "Ғалымов" in clerk.get(f"{url}people/?group={people['seven'].pk}").content.decode()
        chosen = [str(one.pk) for one in people["pupils"]]
        assert clerk.post(f"{url}people/", {"person": chosen}).status_code == 302
        with tenancy.use(school_a):
            lines = list(OrderLine.objects.order_by("position"))
        sent = about(
            **{
                "head-since": "2026-11-23",
                "head-class_id": str(people["other"].pk),
                "head-reason": "in_other_class",
            }
        )
        side = clerk.post(f"{url}save/", sent, headers={"HX-Request": "true"})
        assert "7 «Ә»" in side.content.decode()
        assert clerk.post(f"{url}save/", {**sent, "then": "submit"}).status_code == 302
        assert "signature" in director.get("/").content.decode()
        with tenancy.use(school_a):
            seen = Order.objects.get().changed_at.isoformat()
        assert director.post(f"{url}sign/", {"seen": seen}).status_code == 302
        with tenancy.use(school_a):
            assert Order.objects.get().state == "signed"
            assert {m.school_class_id for m in Membership.objects.filter(until=None)} == {people["other"].pk}
            assert [line.subject for line in lines] == ["Асанов Ерлан Болатұлы", "Ғалымов Ерлан Болатұлы"]

    @pytest.mark.parametrize(
        ("kind", "headings"),
        [
            ("contingent.move", ["Перевод"]),
            ("contingent.promote", ["Новый учебный год"]),
            ("contingent.leave", ["Академический отпуск"]),
            ("contingent.leave_end", ["Выход из отпуска"]),
            ("contingent.depart", ["Выбытие"]),
            ("staff.leave", ["Отпуск"]),
            ("staff.transfer", ["С какого дня"]),
            ("orders.plain", ["Текст приказа"]),
        ],
    )
    def test_stands_in_parts_with_headings(
        self, client_for: ClientFor, kind: str, headings: list[str]
    ) -> None:
        clerk = client_for(Role.SECRETARY, username="clerk", language="ru")
        page = clerk.get(new(clerk, kind)).content.decode()
        found = re.findall(r'<h2 id="(part-[\w-]+)">([^<]+)</h2>', page)
        assert [text for _id, text in found] == [*headings, "О приказе", "Основание и исполнитель"]
        assert len({one for one, _text in found}) == len(found)

    def test_a_long_line_stands_in_parts_and_a_short_one_under_the_name(
        self, client_for: ClientFor, people: dict, school_a: TenantRef
    ) -> None:
        clerk = client_for(Role.SECRETARY, username="clerk", language="ru")
        chosen = {"person": [str(one.pk) for one in people["pupils"]]}
        url = new(clerk, "contingent.depart")
        clerk.post(f"{url}people/", chosen)
        with tenancy.use(school_a):
            line = OrderLine.objects.order_by("position").first()
        page = clerk.get(f"{url}lines/{line.pk}/").content.decode()
        assert re.findall(r'<h2 id="part-[^>]+>([^<]+)</h2>', page) == ["Выбытие", "Куда, и талон"]
        url = new(clerk, "contingent.move")
        clerk.post(f"{url}people/", chosen)
        page = clerk.get(url).content.decode()
        assert page.count('<div class="order-line-form">') == 2
        assert len(re.findall(r'<select name="line-[\w-]+-class_id"', page)) == 2

    def test_a_newcomer_is_typed_on_a_page_of_its_own(
        self, clerk: Client, people: dict, school_a: TenantRef
    ) -> None:
        url = new(clerk, "contingent.enrol")
        given = {
            "line-surname": "жұмабекова", "line-name": "аружан", "line-sex": "f", "line-birth_date": "2013-05-06",
            "line-class_id": str(people["seven"].pk), "line-since": "2026-11-20", "line-reason": "arr_abroad",
            "line-country": "RU",
        }  # fmt: skip
        assert clerk.post(f"{url}lines/new/", {**given, "line-birth_date": ""}).status_code == 422
        assert clerk.post(f"{url}lines/new/", given).status_code == 302
        page = clerk.get(url).content.decode()
        assert "Жұмабекова Аружан" in page
        with tenancy.use(school_a):
            assert Pupil.objects.count() == 2
            line = OrderLine.objects.get()
        assert clerk.get(f"{url}lines/{line.pk}/").status_code == 200
        assert clerk.post(f"{url}lines/{line.pk}/drop/").status_code == 302
        with tenancy.use(school_a):
            assert not OrderLine.objects.exists()

    def test_a_wrong_value_comes_back_marked(self, clerk: Client) -> None:
        url = new(clerk, "contingent.move")
        answer = clerk.post(f"{url}save/", about(**{"about-date": "2027-01-01", "head-since": "2026-11-23"}))
        assert answer.status_code == 422
        assert answer.context["about"].errors.keys() == {"date"}

    def test_what_keeps_it_from_being_signed_is_said(self, director: Client) -> None:
        url = new(director, "contingent.move")
        assert director.get(url).context["faults"]
        assert director.post(f"{url}sign/").status_code == 302
        with_reason = director.get(url)
        assert with_reason.context["order"].is_draft

    def test_pdf_and_word_of_a_draft_may_be_looked_at(self, clerk: Client) -> None:
        url = new(clerk, "orders.plain")
        assert clerk.get(f"{url}paper/").content.startswith(b"%PDF")
        assert clerk.get(f"{url}word/").content.startswith(b"PK")

    def test_is_thrown_away(self, clerk: Client, school_a: TenantRef) -> None:
        url = new(clerk, "orders.plain")
        assert clerk.post(f"{url}discard/").status_code == 302
        with tenancy.use(school_a):
            assert not Order.objects.exists()


class TestASignedOrder:
    @pytest.fixture
    def order(self, school_a: TenantRef, actor_of: ActorOf, people: dict) -> api.OrderInfo:
        with tenancy.use(school_a):
            return api.draft_and_sign(
                actor=actor_of(Role.DIRECTOR),
                kind="contingent.move",
                lines=[api.NewLine(one.pk, "", {}) for one in people["pupils"]],
                values={"since": date(2026, 11, 23), "class_id": people["other"].pk},
            )

    def test_shows_its_frozen_text_and_its_people(self, clerk: Client, order: api.OrderInfo) -> None:
        page = clerk.get(f"/orders/{order.id}/").content.decode()
        for words in ("1-қ", "Асанов", "7 «Ә»", "/contingent/pupils/"):
            assert words in page

    def test_opening_its_paper_is_logged(
        self, clerk: Client, order: api.OrderInfo, school_a: TenantRef
    ) -> None:
        assert clerk.get(f"/orders/{order.id}/paper/").content.startswith(b"%PDF")
        assert clerk.get(f"/orders/{order.id}/word/").content.startswith(b"PK")
        with tenancy.use(school_a):
            assert AuditEntry.objects.filter(action="orders.order.opened").count() == 2
            assert ViewEntry.objects.filter(purpose="orders.order").count() == 4

    def test_is_cancelled_by_an_order(
        self, director: Client, order: api.OrderInfo, people: dict, school_a: TenantRef
    ) -> None:
        made = director.post(f"/orders/{order.id}/cancel/", {"ground": "қате"})["Location"]
        assert director.get(made).status_code == 200
        assert director.post(f"{made}sign/").status_code == 302
        with tenancy.use(school_a):
            assert {m.school_class_id for m in Membership.objects.filter(until=None)} == {people["seven"].pk}
        assert "2-қ" in director.get(f"/orders/{order.id}/").content.decode()

    def test_takes_no_more_changes(self, clerk: Client, order: api.OrderInfo) -> None:
        for path in ("save/", "people/", "submit/", "discard/"):
            assert clerk.post(f"/orders/{order.id}/{path}", about()).status_code == 409

    def test_of_this_school_is_not_in_the_other(
        self, client_for: ClientFor, school_b: TenantRef, order: api.OrderInfo
    ) -> None:
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        for path in ("", "paper/", "word/", "people/"):
            assert zhanna.get(f"/orders/{order.id}/{path}").status_code == 404
        for path in ("save/", "sign/", "cancel/", "discard/"):
            assert zhanna.post(f"/orders/{order.id}/{path}").status_code == 404

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PARENT, Role.PUPIL, Role.NURSE])
    def test_is_closed_to_others(self, client_for: ClientFor, order: api.OrderInfo, role: Role) -> None:
        assert client_for(role, username="other").get(f"/orders/{order.id}/").status_code == 403


@pytest.mark.requirement("SIS-18", screen="orders:book_contingent")
class TestTheBook:
    @pytest.fixture(autouse=True)
    def some(self, school_a: TenantRef, actor_of: ActorOf) -> None:
        with tenancy.use(school_a):
            director = actor_of(Role.DIRECTOR)
            for title in ("Кезекшілік туралы", "Каникул туралы"):
                api.draft_and_sign(
                    actor=director,
                    kind="orders.plain",
                    lines=(),
                    values={"text": "Мәтін."},
                    title_kk=title,
                    title_ru="О чём",
                )

    def numbers(self, page: Any) -> list[str]:
        return [line.label for line in page.context["list"].lines if not line.is_group]

    def test_is_searched_sorted_and_filtered(self, clerk: Client) -> None:
        assert self.numbers(clerk.get(MAIN)) == ["2", "1"]
        assert self.numbers(clerk.get(MAIN, {"sort": "number"})) == ["1", "2"]
        assert self.numbers(clerk.get(MAIN, {"sort": "title"})) == ["2", "1"]
        assert self.numbers(clerk.get(MAIN, {"q": "кезекшілік"})) == ["1"]
        assert self.numbers(clerk.get(MAIN, {"q": "2 каникул"})) == ["2"]
        assert self.numbers(clerk.get(MAIN, {"state": "draft"})) == []
        assert self.numbers(clerk.get(MAIN, {"kind": "orders.cancel"})) == []

    def test_is_of_this_calendar_year_until_another_is_chosen(self, client_for: ClientFor) -> None:
        with time_machine.travel("2027-01-11 09:00+05:00", tick=True):
            clerk = client_for(Role.SECRETARY)
            page = clerk.get(MAIN)
            assert self.numbers(page) == []
            assert [code for code, _words in page.context["list"].fields[0].choices] == [
                "2027",
                "2026",
                "all",
            ]
            assert self.numbers(clerk.get(MAIN, {"year": "2026"})) == ["2", "1"]
            assert self.numbers(clerk.get(MAIN, {"year": "all"})) == ["2", "1"]

    def test_finds_a_pupil_in_an_order_by_a_name_typed_otherwise(
        self, clerk: Client, director: Client, school_a: TenantRef, people: dict
    ) -> None:
        with tenancy.use(school_a):
            pupil = new_pupil(people["seven"], surname="Қожахметов", name="Нұрсұлтан")
        url = new(director, "contingent.leave")
        director.post(f"{url}people/", {"person": [str(pupil.pk)]})
        for typed, near in (("нурсултан кожах", False), ("кожахмтов", True)):
            page = clerk.get(PUPILS, {"q": typed})
            assert len(self.numbers(page)) == 1, typed
            assert page.context["list"].is_near == near
        assert self.numbers(clerk.get(PUPILS, {"q": "иванов"})) == []

    def test_drafts_laid_before_the_director_are_a_choice_of_their_own(
        self, clerk: Client, director: Client, school_a: TenantRef, actor_of: ActorOf
    ) -> None:
        url = new(clerk, "orders.plain")
        clerk.post(f"{url}save/", about() | {"head-text": "Мәтін."})
        assert self.numbers(clerk.get(MAIN, {"state": "waiting"})) == []
        with tenancy.use(school_a):
            api.submit(actor=actor_of(Role.SECRETARY), order_id=UUID(url.split("/")[2]))
        assert len(self.numbers(clerk.get(MAIN, {"state": "waiting"}))) == 1
        # What today's card of the director leads to.
        assert 'href="/orders/main/?state=waiting&amp;year=all"' in director.get("/").content.decode()

    def test_is_gathered_with_figures(self, clerk: Client) -> None:
        shown = clerk.get(MAIN, {"group": "month"}).context["list"]
        assert [one.label for one in shown.lines if one.is_group] == ["2026 ж. Қараша"]
        assert shown.totals[0].endswith(": 2")

    def test_a_view_of_a_book_is_kept(self, clerk: Client, client_for: ClientFor) -> None:
        made = clerk.post("/lists/orders.main/views/", {"name": "Каникул", "query": "q=каникул"})
        assert self.numbers(clerk.get(made.headers["Location"])) == ["2"]
        facilities = client_for(Role.DEPUTY_FACILITIES, username="zavhoz")
        assert facilities.post("/lists/orders.staff/views/", {"name": "x", "query": ""}).status_code == 404

    def test_goes_to_excel_as_shown_and_to_paper_whole(self, clerk: Client, school_a: TenantRef) -> None:
        rows = sheet_of(clerk.get(f"{MAIN}excel/"))
        assert [row[1] for row in rows[1:]] == ["2", "1"]
        asked = {"q": "каникул", "cols": "number,title,ground,people"}
        assert [row[1:3] for row in sheet_of(clerk.get(f"{MAIN}excel/", asked))[1:]] == [
            ["2", "Каникул туралы"]
        ]
        with tenancy.use(school_a):
            logged = AuditEntry.objects.filter(action="orders.book.exported").order_by("id")
            assert [(one.object_id, one.details["count"]) for one in logged] == [("main", 2), ("main", 1)]
        assert clerk.get(f"{MAIN}print/", {"year": "2026"}).content.startswith(b"%PDF")

    def test_costs_few_queries_however_many_orders(
        self, clerk: Client, school_a: TenantRef, actor_of: ActorOf
    ) -> None:
        with tenancy.use(school_a):
            director = actor_of(Role.DIRECTOR)
            for n in range(20):
                api.draft(actor=director, kind="orders.plain", title_kk=f"Жоба {n}", title_ru="Проект")
        clerk.get(MAIN)
        for asked in ({}, {"q": "жоба", "group": "kind"}):
            with tenancy.use(school_a), CaptureQueriesContext(connection) as queries:
                assert clerk.get(MAIN, asked).status_code == 200
            assert len(queries) <= 8, "\n".join(q["sql"][:150] for q in queries)

    def test_the_old_address_leads_to_the_book(self, clerk: Client) -> None:
        answer = clerk.get("/orders/", {"register": "main", "q": "каникул"})
        assert answer.headers["Location"] == "/orders/main/?q=%D0%BA%D0%B0%D0%BD%D0%B8%D0%BA%D1%83%D0%BB"
        assert clerk.get("/orders/").headers["Location"] == PUPILS

    def test_a_closed_book_stays_closed(self, client_for: ClientFor) -> None:
        facilities = client_for(Role.DEPUTY_FACILITIES, username="zavhoz")
        assert facilities.get("/orders/").headers["Location"] == MAIN
        for page in ("", "excel/", "print/"):
            assert facilities.get(f"{MAIN}{page}").status_code == 200
            assert facilities.get(f"/orders/staff/{page}").status_code == 403
            assert client_for(Role.TEACHER).get(f"{MAIN}{page}").status_code == 403

    def test_another_school_has_a_book_of_its_own(self, client_for: ClientFor, school_b: TenantRef) -> None:
        assert self.numbers(client_for(Role.DIRECTOR, school=school_b).get(MAIN)) == []

    def test_numbers_begin_after_the_paper_book(self, clerk: Client, director: Client) -> None:
        assert (
            clerk.post(
                "/orders/numbers/", {"register": "contingent", "year": "2026", "last": "86"}
            ).status_code
            == 302
        )
        url = new(director, "contingent.leave")
        assert UUID(url.split("/")[2])


class TestTexts:
    def upload(self, text: str) -> SimpleUploadedFile:
        made = docx.Document()
        made.add_paragraph(text)
        target = io.BytesIO()
        made.save(target)
        return SimpleUploadedFile("біздің.docx", target.getvalue())

    def test_are_taken_edited_looked_at_and_put_into_force(self, clerk: Client, school_a: TenantRef) -> None:
        url = "/orders/texts/contingent.move/kk/"
        assert clerk.get("/orders/texts/").status_code == 200
        assert clerk.get(url + "file/").content.startswith(b"PK")
        shown = clerk.post(
            url, {"file": self.upload("Біздікі {{number}} {{line.name}}"), "since": "2026-11-23"}
        )
        assert "Біздікі 87-қ" in shown.content.decode()
        with tenancy.use(school_a):
            assert not OrderTemplate.objects.exists()
        held = shown.context["pending"]["held"]
        assert clerk.post(url + "take/", {"held": str(held), "since": "2026-11-23"}).status_code == 302
        with tenancy.use(school_a):
            made = OrderTemplate.objects.get()
        assert clerk.get(f"{url}file/{made.pk}/").content.startswith(b"PK")
        assert clerk.post(url + "take/", {"held": str(held), "since": "2026-11-23"}).status_code in (302, 404)
        assert clerk.post(url + "given/").status_code == 302

    def test_unknown_words_are_named(self, clerk: Client) -> None:
        url = "/orders/texts/contingent.move/kk/"
        answer = clerk.post(url, {"file": self.upload("{{number}} {{оқушы}}"), "since": "2026-11-23"})
        assert answer.status_code == 422
        assert "{{оқушы}}" in answer.content.decode()

    def test_anothers_held_file_is_not_there(
        self, clerk: Client, director: Client, school_a: TenantRef
    ) -> None:
        url = "/orders/texts/contingent.move/kk/"
        shown = clerk.post(url, {"file": self.upload("{{number}}"), "since": "2026-11-23"})
        held = str(shown.context["pending"]["held"])
        director.post(url + "take/", {"held": held, "since": "2026-11-23"})
        with tenancy.use(school_a):
            assert not OrderTemplate.objects.exists()

    def test_a_kind_that_is_not_there_is_not_found(self, clerk: Client) -> None:
        assert clerk.get("/orders/texts/contingent.fly/kk/").status_code == 404
        assert clerk.get("/orders/texts/contingent.move/en/").status_code == 404
