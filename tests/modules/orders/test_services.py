"""Drafts, signing, numbers, cancelling: who may, what stays, what is refused."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader

from documents.models import IssuedDocument, RegisterCounter
from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry, OutboxEvent
from kernel.tenancy import TenantRef
from modules.orders import api, queries, services
from modules.orders.data import Register, State
from modules.orders.models import Order, OrderLine
from modules.orders.services import papers
from modules.school import api as school
from tests.conftest import ActorOf

pytestmark = pytest.mark.usefixtures("in_school")
KIND = "orders.plain"


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


TEXT = "Кезекшілік кестесі бекітілсін.\nХат жазылсын."


def draft(actor: Actor, **more: Any) -> api.OrderInfo:
    return api.draft(actor=actor, kind=KIND, values={"text": TEXT}, **more)


class TestDraft:
    def test_changes_nothing_and_has_no_number(self, actor_of: ActorOf) -> None:
        made = draft(actor_of(Role.SECRETARY))
        assert (made.state, made.number, made.date) == (State.DRAFT, "", date(2026, 11, 23))
        assert not RegisterCounter.objects.filter(register__startswith="orders.").exists()

    def test_has_its_titles_in_both_languages(self, actor_of: ActorOf) -> None:
        made = draft(actor_of(Role.SECRETARY))
        assert made.title_kk
        assert made.title_ru
        assert made.title_kk != made.title_ru

    def test_is_thrown_away(self, actor_of: ActorOf) -> None:
        clerk = actor_of(Role.SECRETARY)
        made = draft(clerk)
        api.discard(actor=clerk, order_id=made.id)
        assert not Order.objects.exists()

    def test_is_not_changed_by_who_looked_at_an_older_one(self, actor_of: ActorOf) -> None:
        clerk = actor_of(Role.SECRETARY)
        made = draft(clerk)
        api.change(actor=clerk, order_id=made.id, ground="хат")
        with pytest.raises(api.StaleOrder):
            api.change(actor=clerk, order_id=made.id, seen=made.changed_at.isoformat(), ground="басқа")

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PARENT, Role.PUPIL, Role.NURSE, Role.OBSERVER])
    def test_is_not_for_everybody(self, actor_of: ActorOf, role: Role) -> None:
        with pytest.raises(NotAllowed):
            draft(actor_of(role))

    def test_of_another_school_is_not_there(self, actor_of: ActorOf, school_b: TenantRef) -> None:
        made = draft(actor_of(Role.SECRETARY))
        with tenancy.use(school_b), pytest.raises(NotFound):
            queries.get_order(actor=actor_of(Role.DIRECTOR, school=school_b), order_id=made.id)


class TestSigning:
    def test_gives_the_next_number_of_the_book(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        first, second = (api.sign(actor=director, order_id=draft(director).id) for _ in range(2))
        assert (first.number, second.number, second.state) == ("1", "2", State.SIGNED)

    def test_writes_the_number_as_the_school_wants(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        school.change_setting(actor=director, code="orders.number_main", value="01-03/{n}")
        assert api.sign(actor=director, order_id=draft(director).id).number == "01-03/1"

    @pytest.mark.requirement("GEN-02")
    def test_freezes_text_and_paper(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR, name="Серікқызы Айгүл Маратқызы")
        made = api.sign(actor=director, order_id=draft(director).id)
        row = Order.objects.get(pk=made.id)
        assert (
            row.sha256
            == hashlib.sha256(json.dumps(row.text, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
        )
        paper = papers.signed_pdf(row)
        issued = IssuedDocument.objects.get(pk=row.document_id)
        assert issued.sha256 == hashlib.sha256(paper).hexdigest()
        assert (issued.register, issued.year, issued.number) == ("orders.main", "2026", 1)
        said = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
        assert "БҰЙРЫҚ" in said
        assert "Кезекшілік кестесі бекітілсін." in said
        assert "Серікқызы А. М." in said.replace("\u00a0", " ")

    @pytest.mark.parametrize("role", [r for r in Role if r is not Role.DIRECTOR])
    def test_is_the_directors(self, actor_of: ActorOf, role: Role) -> None:
        made = draft(actor_of(Role.DIRECTOR))
        with pytest.raises(NotAllowed):
            api.sign(actor=actor_of(role), order_id=made.id)
        assert Order.objects.get(pk=made.id).state == State.DRAFT

    def test_twice_is_refused(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        made = api.sign(actor=director, order_id=draft(director).id)
        with pytest.raises(api.NotADraft):
            api.sign(actor=director, order_id=made.id)

    def test_ahead_of_its_day_is_refused(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        with pytest.raises(services.InTheFuture):
            api.sign(actor=director, order_id=draft(director, date=date(2026, 11, 24)).id)

    def test_before_the_last_of_the_book_is_refused_and_leaves_no_gap(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        api.sign(actor=director, order_id=draft(director).id)
        with pytest.raises(services.EarlierThanLast):
            api.sign(actor=director, order_id=draft(director, date=date(2026, 11, 20)).id)
        assert api.sign(actor=director, order_id=draft(director).id).number == "2"

    def test_refuses_what_the_director_has_not_read(self, actor_of: ActorOf) -> None:
        clerk, director = actor_of(Role.SECRETARY), actor_of(Role.DIRECTOR)
        made = draft(clerk)
        api.change(actor=clerk, order_id=made.id, values={"text": "Басқа мәтін."})
        with pytest.raises(api.StaleOrder):
            api.sign(actor=director, order_id=made.id, seen=made.changed_at.isoformat())

    def test_is_told_and_logged(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        made = api.sign(actor=director, order_id=draft(director).id)
        told = OutboxEvent.objects.get(name="orders.order.signed.v1")
        assert told.payload["order_id"] == str(made.id)
        assert AuditEntry.objects.filter(action="orders.order.signed", object_id=str(made.id)).exists()

    def test_counts_on_from_the_paper_book(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        services.begin_numbers(actor=director, register=Register.MAIN, year=2026, last=86)
        assert api.sign(actor=director, order_id=draft(director).id).number == "87"
        with pytest.raises(services.NumbersGiven):
            services.begin_numbers(actor=director, register=Register.MAIN, year=2026, last=3)

    def test_begins_again_in_january(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        api.sign(actor=director, order_id=draft(director).id)
        with time_machine.travel("2027-01-11 09:00+05:00"):
            assert api.sign(actor=director, order_id=draft(director).id).number == "1"


class TestFrozen:
    """The database itself keeps what was signed, whatever the program does."""

    def test_a_signed_order_is_never_changed(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        made = api.sign(actor=director, order_id=draft(director).id)
        for change in (
            {"title_kk": "басқа"},
            {"number": 7},
            {"state": "draft", "number": None, "signed_at": None},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Order.objects.filter(pk=made.id).update(**change)

    def test_nor_deleted(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        made = api.sign(actor=director, order_id=draft(director).id)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM orders_order WHERE id = %s", [made.id])

    def test_nor_given_other_lines(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        made = api.sign(actor=director, order_id=draft(director).id)
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderLine.objects.create(order_id=made.id, position=1, subject="Бөтен")


class TestCancelling:
    def test_is_an_order_of_the_same_book(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        made = api.sign(actor=director, order_id=draft(director).id)
        by = api.draft_cancellation(actor=director, order_id=made.id, ground="қате")
        assert Order.objects.get(pk=made.id).state == State.SIGNED
        by = api.sign(actor=director, order_id=by.id)
        assert (by.number, by.register) == ("2", Register.MAIN)
        assert Order.objects.get(pk=made.id).state == State.CANCELLED
        assert made.number in str(Order.objects.get(pk=by.id).text)

    def test_twice_is_refused(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        made = api.sign(actor=director, order_id=draft(director).id)
        first, second = (api.draft_cancellation(actor=director, order_id=made.id) for _ in range(2))
        api.sign(actor=director, order_id=first.id)
        with pytest.raises(api.FaultyOrder):
            api.sign(actor=director, order_id=second.id)

    def test_of_a_draft_or_of_a_cancelling_order_is_refused(self, actor_of: ActorOf) -> None:
        director = actor_of(Role.DIRECTOR)
        made = draft(director)
        with pytest.raises(services.NotInForce):
            api.draft_cancellation(actor=director, order_id=made.id)
        api.sign(actor=director, order_id=made.id)
        by = api.sign(actor=director, order_id=api.draft_cancellation(actor=director, order_id=made.id).id)
        with pytest.raises(services.NotInForce):
            api.draft_cancellation(actor=director, order_id=by.id)
