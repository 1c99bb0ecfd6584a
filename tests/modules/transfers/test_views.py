"""Pages of transfers: who opens them, what they show, and the papers."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pypdf import PdfReader

from kernel import audit, tenancy
from kernel.access import Role
from modules.orders import api as orders
from modules.transfers.data import State
from modules.transfers.models import Transfer
from tests.modules.transfers.conftest import AIARU, World

ClientFor = Callable[..., Client]
OFFICE = (Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.SECRETARY)
OTHERS = (Role.TEACHER, Role.CLASS_TEACHER, Role.NURSE, Role.PARENT, Role.PUPIL, Role.OBSERVER)

pytestmark = pytest.mark.requirement("SIS-18")


def text_of(response: Any) -> str:
    return response.content.decode()


def pdf_of(response: Any) -> str:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


class TestTheOfficesWay:
    def test_asks_answers_and_takes_in_through_the_pages(
        self, world: World, aiaru: UUID, client_for: ClientFor
    ) -> None:
        large = client_for(Role.SECRETARY, school=world.large.ref)
        village = client_for(Role.SECRETARY, school=world.village.ref)
        asked = large.post(
            f"/transfers/ask/{world.village.ref.id}/",
            {
                "iin": AIARU, "class_id": str(world.large.seven), "arrival_date": "2026-11-25",
                "ground": "residence", "contact": "Сағадат",
            },
        )  # fmt: skip
        assert asked.status_code == 302
        page = asked.headers["Location"]
        world.deliver()
        assert world.large.ref.name_kk in text_of(village.get("/"))
        shown = text_of(village.get(page))
        assert "Қожахметова Айару Серікқызы" in shown
        agreed = village.post(f"{page}agree/", {"pupil_id": str(aiaru), "last_day": "2026-11-23"})
        assert agreed.status_code == 302
        world.village.sign(UUID(page.split("/")[2]))
        world.deliver()
        assert page in text_of(large.get("/"))
        assert "Гүлнар" in text_of(large.get(f"{page}dossier/"))
        taken = large.post(f"{page}take-in/", {"class_id": str(world.large.seven), "first_day": "2026-11-23"})
        assert taken.status_code == 302
        row = world.large.the(UUID(page.split("/")[2]))
        with tenancy.use(world.large.ref):
            order = orders.get_order(actor=world.large.director, order_id=row.order_id)
            assert order.submitted_at is not None
            assert order.lines[0].values["address"] == "Орталық көшесі 17"
        assert f"/orders/{order.id}/" in text_of(large.get(page))

    def test_a_refusal_comes_back_with_its_form(self, world: World, client_for: ClientFor) -> None:
        large = client_for(Role.SECRETARY, school=world.large.ref)
        given = {"class_id": str(world.large.seven), "arrival_date": "2026-11-25", "ground": "holidays"}
        url = f"/transfers/ask/{world.village.ref.id}/"
        assert large.post(url, given | {"iin": "123"}).status_code == 422
        assert large.post(url, given | {"surname": "Қожахметова"}).status_code == 422
        assert large.post(url, given | {"iin": AIARU}).status_code == 422
        with tenancy.use(world.large.ref):
            assert Transfer.objects.count() == 0

    def test_other_is_no_reason_without_words(self, world: World, aiaru: UUID, client_for: ClientFor) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        village = client_for(Role.SECRETARY, school=world.village.ref)
        assert village.post(f"/transfers/{asked.pk}/refuse/", {"refusal": "other"}).status_code == 422
        assert world.village.the(asked.pk).state == State.ASKED

    def test_asks_the_next_school_with_the_same_child(
        self, world: World, aiaru: UUID, client_for: ClientFor
    ) -> None:
        asked = world.large.ask(world.third)
        large = client_for(Role.SECRETARY, school=world.large.ref)
        page = text_of(large.get(f"/transfers/ask/{world.village.ref.id}/?again={asked.pk}"))
        assert AIARU in page

    def test_finds_schools_by_a_word_and_not_itself(self, world: World, client_for: ClientFor) -> None:
        large = client_for(Role.SECRETARY, school=world.large.ref)
        page = text_of(large.get("/transfers/ask/?q=мектеп", headers={"HX-Request": "true"}))
        assert "<html" not in page
        assert str(world.village.ref.id) in page
        assert str(world.large.ref.id) not in page


class TestWhoMay:
    @pytest.mark.parametrize("role", OFFICE)
    def test_the_office_opens_everything(
        self, world: World, aiaru: UUID, client_for: ClientFor, role: Role
    ) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        client = client_for(role, school=world.village.ref)
        for path in ("", "ask/", "?side=out", f"{asked.pk}/", "ask/outside/", f"pupils/{aiaru}/let-go/"):
            assert client.get(f"/transfers/{path}").status_code == 200, path

    @pytest.mark.parametrize("role", OTHERS)
    def test_the_others_open_nothing(
        self, world: World, aiaru: UUID, client_for: ClientFor, role: Role
    ) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        client = client_for(role, school=world.village.ref, person_id=uuid4())
        for path in ("", "ask/", f"{asked.pk}/", f"pupils/{aiaru}/let-go/", f"{asked.pk}/extract.pdf"):
            assert client.get(f"/transfers/{path}").status_code == 403, path
        assert client.post(f"/transfers/{asked.pk}/agree/").status_code == 403

    def test_another_schools_transfer_is_not_there(
        self, world: World, aiaru: UUID, client_for: ClientFor
    ) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        stranger = client_for(Role.DIRECTOR, school=world.third.ref)
        for path in ("", "dossier/", "accepting-slip.pdf", "departure-slip.pdf", "extract.pdf"):
            assert stranger.get(f"/transfers/{asked.pk}/{path}").status_code == 404, path
        assert stranger.post(f"/transfers/{asked.pk}/refuse/", {"refusal": "parents"}).status_code == 404

    def test_there_is_no_dossier_before_it_came_and_none_at_the_sender(
        self, world: World, aiaru: UUID, client_for: ClientFor
    ) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        for school in (world.large, world.village):
            client = client_for(Role.DIRECTOR, school=school.ref)
            assert client.get(f"/transfers/{asked.pk}/dossier/").status_code == 404


@pytest.mark.requirement("GEN-02")
class TestPapers:
    def test_both_slips_and_the_extract_in_both_languages(
        self, world: World, aiaru: UUID, client_for: ClientFor
    ) -> None:
        asked = world.large.ask(world.village, ground_paper="мекенжай анықтамасы")
        world.deliver()
        world.village.agree(asked.pk, aiaru)
        large = client_for(Role.SECRETARY, school=world.large.ref)
        village = client_for(Role.SECRETARY, school=world.village.ref)
        slip = pdf_of(large.get(f"/transfers/{asked.pk}/accepting-slip.pdf?lang=ru"))
        assert "Талон о прибытии № 1" in slip
        assert "26.11.2026" in slip
        assert "Келу туралы № 1 талон" in pdf_of(
            large.get(f"/transfers/{asked.pk}/accepting-slip.pdf?lang=kk")
        )
        gone = pdf_of(village.get(f"/transfers/{asked.pk}/departure-slip.pdf?lang=kk"))
        assert "Қожахметова Айару Серікқызы" in gone
        assert "7А" in gone
        extract = pdf_of(village.get(f"/transfers/{asked.pk}/extract.pdf?lang=ru"))
        assert "Выписка" in extract
        assert "Личное дело" in extract
        with tenancy.use(world.village.ref):
            purposes = [one.purpose for one in audit.views_of(subject="pupil", subject_id=aiaru)]
            assert "transfers.extract" in purposes

    def test_a_slip_of_the_other_side_is_not_here(
        self, world: World, aiaru: UUID, client_for: ClientFor
    ) -> None:
        asked = world.large.ask(world.village)
        world.deliver()
        village = client_for(Role.SECRETARY, school=world.village.ref)
        assert village.get(f"/transfers/{asked.pk}/accepting-slip.pdf").status_code == 404
        assert village.get(f"/transfers/{asked.pk}/departure-slip.pdf").status_code == 404


class TestOutside:
    def test_the_forms_of_schools_outside(self, world: World, aiaru: UUID, client_for: ClientFor) -> None:
        village = client_for(Role.SECRETARY, school=world.village.ref)
        gone = village.post(
            f"/transfers/pupils/{aiaru}/let-go/",
            {
                "partner": "Гимназия № 5", "place": "Омск", "reason": "dep_abroad", "ground": "abroad",
                "last_day": "2026-11-23",
            },
        )  # fmt: skip
        assert gone.status_code == 302
        assert village.get(gone.headers["Location"]).status_code == 200
        large = client_for(Role.SECRETARY, school=world.large.ref)
        given = {
            "partner": "№ 3 мектеп", "place": "Павлодар", "reason": "arr_other_region", "surname": "Бекенова",
            "name": "Дана", "sex": "f", "birth_date": "2013-03-01", "class_id": str(world.large.seven),
            "arrival_date": "2026-11-24", "ground": "residence",
        }  # fmt: skip
        came = large.post("/transfers/ask/outside/", given)
        assert came.status_code == 302
        row = world.large.the(UUID(came.headers["Location"].split("/")[2]))
        assert (row.is_outside, row.arrival_date) == (True, date(2026, 11, 24))
        assert large.get(came.headers["Location"]).status_code == 200
        assert "Дана" in pdf_of(large.get(f"/transfers/{row.pk}/accepting-slip.pdf"))


def test_leads_to_the_order_those_whose_book_it_is(world: World, aiaru: UUID, client_for: ClientFor) -> None:
    asked = world.large.ask(world.village)
    world.deliver()
    page = f"/transfers/{asked.pk}/"
    clerk = client_for(Role.SECRETARY, school=world.village.ref)
    clerk.post(f"{page}agree/", {"pupil_id": str(aiaru), "last_day": "2026-11-23"})
    order = f"/orders/{world.village.the(asked.pk).order_id}/"
    assert order in text_of(clerk.get(page))
    pedagogue = client_for(Role.SOCIAL_PEDAGOGUE, school=world.village.ref)
    assert pedagogue.get(order).status_code == 403
    assert order not in text_of(pedagogue.get(page))


def test_a_page_costs_few_queries(world: World, aiaru: UUID, client_for: ClientFor) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = world.large.ask(world.village)
    world.deliver()
    clerk = client_for(Role.SECRETARY, school=world.village.ref)
    for path, most in (("/transfers/?side=out", 8), (f"/transfers/{asked.pk}/", 22)):
        clerk.get(path)
        with tenancy.use(world.village.ref), CaptureQueriesContext(connection) as queries:
            assert clerk.get(path).status_code == 200
        assert len(queries) <= most, "\n".join(q["sql"][:120] for q in queries)
