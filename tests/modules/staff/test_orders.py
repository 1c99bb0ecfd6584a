"""Orders on staff: nothing changes before the signature, the paper says it, another order takes it back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from identity import api as identity
from identity.models import RoleRequest, Session, User, UserRole
from identity.services.second_person import approve
from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.ids import uuid7
from kernel.tenancy import TenantRef
from modules.contingent import api as contingent
from modules.orders import api as orders
from modules.orders.models import Order
from modules.orders.services import papers
from modules.schedule.models import Course
from modules.staff import api, services
from modules.staff.models import Acting, Dismissal, Employee, Leave, Position
from tests.conftest import Accounts, ActorOf
from tests.factories.schedule import course, lead, school_class

ClientFor = Callable[..., Client]
SYSTEM = Actor.system_actor
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 12:00+05:00", tick=True):
        yield


@pytest.fixture
def director(in_school: TenantRef, actor_of: ActorOf) -> Actor:
    return actor_of(Role.DIRECTOR, name="Мюллер Дмитрий Юрьевич")


def works(surname: str = "Оспанова", rate: str = "1", **more: Any) -> Employee:
    return services.take_on(
        actor=SYSTEM("test"),
        employee=api.NewEmployee(surname=surname, name="Аружан", sex="f"),
        posts=[api.Post("teacher_subject", Decimal(rate), **more)],
        since=date(2024, 9, 1),
    )


def account_of(row: Employee, *roles: str) -> User:
    slip = identity.create_account(
        actor=SYSTEM("test"),
        person_kind="staff",
        person_id=row.pk,
        surname=row.surname,
        name=row.name,
        roles=list(roles) or ["teacher"],
    )
    return User.objects.get(pk=slip.user_id)


def signed(director: Actor, code: str, row: Employee, *, line: Any = None, **values: Any) -> orders.OrderInfo:
    lines = [orders.NewLine(row.pk, row.person_name.full, line or {})]
    return orders.draft_and_sign(actor=director, kind=code, lines=lines, values=values)


def cancelled(director: Actor, order: orders.OrderInfo) -> None:
    orders.sign(actor=director, order_id=orders.draft_cancellation(actor=director, order_id=order.id).id)


def text_of(order: orders.OrderInfo) -> str:
    paper = papers.signed_pdf(Order.objects.get(pk=order.id))
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)


def posts(row: Employee) -> list[tuple[str, Decimal, date, date | None]]:
    return [(p.post_code, p.rate, p.since, p.until) for p in row.positions.order_by("since", "post_code")]


NEWCOMER = {
    "surname": "Ермекова", "name": "Айгүл", "patronymic": "Серікқызы", "sex": "f", "iin": "", "phone": "+77051112233",
    "birth_date": date(1990, 5, 4), "since": TODAY, "post_0": "teacher_subject", "rate_0": Decimal("1.25"),
    "post_1": "laboratory_assistant", "rate_1": Decimal("0.5"), "form": "main", "agreed_until": None,
    "subject_0": "chemistry", "education": "bachelor", "category": "moderator", "category_date": date(2024, 8, 25),
}  # fmt: skip


@pytest.mark.requirement("SIS-19", screen="orders:new")
class TestHiring:
    def test_opens_the_card_and_begins_the_posts_when_signed(self, director: Actor) -> None:
        newcomer = uuid7()
        line = orders.NewLine(newcomer, "Ермекова Айгүл Серікқызы", NEWCOMER)
        draft = orders.draft(actor=director, kind=services.HIRE, lines=[line])
        assert not Employee.objects.exists()
        order = orders.sign(actor=director, order_id=draft.id)
        row = Employee.objects.get(pk=newcomer)
        assert posts(row) == [
            ("laboratory_assistant", Decimal("0.50"), TODAY, None),
            ("teacher_subject", Decimal("1.25"), TODAY, None),
        ]
        assert {p.form for p in row.positions.all()} == {"main", "internal"}
        assert row.attestations.get().category == "moderator"
        assert row.educations.get().level == "bachelor"
        assert row.subjects.get().subject_code == "chemistry"
        said = text_of(order)
        for part in ("Ермекова", "1,25", "23.11.2026", order.number):
            assert part in said

    def test_of_a_newcomer_with_a_known_iin_is_refused(self, director: Actor) -> None:
        known = works()
        Employee.objects.filter(pk=known.pk).update(iin="860916800981")
        line = orders.NewLine(uuid7(), "Ермекова Айгүл", NEWCOMER | {"iin": "860916800981"})
        with pytest.raises(orders.FaultyOrder) as refusal:
            orders.draft_and_sign(actor=director, kind=services.HIRE, lines=[line])
        assert "Оспанова" in str(refusal.value)

    def test_taken_back_leaves_nobody_on_the_list_and_no_open_login(self, director: Actor) -> None:
        row, order, slip = services.hire_at_once(
            actor=SYSTEM("test"), values=NEWCOMER, roles=["teacher"], language="kk"
        )
        assert order.in_force
        assert slip is not None
        cancelled(director, order)
        assert posts(row) == []
        assert api.employees(actor=director) == []
        assert not User.objects.get(person_id=row.pk).is_active

    def test_again_begins_a_new_term(self, director: Actor) -> None:
        row = works()
        services.let_go(actor=SYSTEM("test"), employee_id=row.pk, last_day=date(2025, 5, 31))
        line = {
            "surname": "Оспанова",
            "name": "А",
            "sex": "f",
            "since": TODAY,
            "post_0": "librarian",
            "rate_0": 1,
        }
        order = signed(director, services.HIRE, row, line=line)
        assert posts(row)[-1] == ("librarian", Decimal(1), TODAY, None)
        assert [one.id for one in api.employees(actor=director)] == [row.pk]
        cancelled(director, order)
        row.refresh_from_db()
        assert row.left_date == date(2025, 5, 31)

    def test_of_somebody_who_works_here_is_refused(self, director: Actor) -> None:
        line = {"surname": "О", "name": "А", "sex": "f", "since": TODAY, "post_0": "librarian"}
        with pytest.raises(orders.FaultyOrder):
            signed(director, services.HIRE, works(), line=line)


class TestQuickWay:
    given = {
        "surname": "Оспанова", "name": "Аружан", "sex": "f", "since": "2026-11-23", "post_0": "teacher_subject",
        "rate_0": "1", "subject_0": "algebra", "once": "q1",
    }  # fmt: skip

    def test_of_a_director_leaves_a_signed_order(self, client_for: ClientFor, school_a: TenantRef) -> None:
        director = client_for(Role.DIRECTOR)
        login = {"give_login": "on", "roles": ["teacher"], "language": "kk"}
        page = director.post("/staff/new/", self.given | login)
        assert page.status_code == 200
        with tenancy.use(school_a):
            position = Position.objects.select_related("order").get()
            assert position.order.state == "signed"
            assert position.order.number_text in page.content.decode()

    def test_of_a_clerk_waits_for_the_signature(self, client_for: ClientFor, school_a: TenantRef) -> None:
        clerk = client_for(Role.SECRETARY)
        assert clerk.post("/staff/new/", self.given).status_code == 302
        with tenancy.use(school_a):
            row, order = Employee.objects.get(), Order.objects.get()
            assert not Position.objects.exists()
            assert order.submitted_at is not None
        director = client_for(Role.DIRECTOR)
        assert director.post(f"/orders/{order.pk}/sign/").status_code == 302
        with tenancy.use(school_a):
            assert Position.objects.get().order_id == order.pk
            assert Position.objects.get().employee_id == row.pk

    def test_a_card_that_waits_is_removed_when_nobody_came(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        clerk.post("/staff/new/", self.given)
        with tenancy.use(school_a):
            row = Employee.objects.get()
        assert clerk.post(f"/staff/{row.pk}/remove/").status_code == 302
        assert clerk.get(f"/staff/{row.pk}/").status_code == 404


class TestTransfer:
    def test_changes_the_post_from_its_day_on_and_is_taken_back(self, director: Actor) -> None:
        row = works()
        line = {"post": "deputy_academic", "rate": "1.5", "from_post": ""}
        order = signed(director, services.TRANSFER, row, line=line, since=date(2026, 12, 1))
        after = [
            ("teacher_subject", Decimal(1), date(2024, 9, 1), date(2026, 11, 30)),
            ("deputy_academic", Decimal("1.50"), date(2026, 12, 1), None),
        ]
        assert posts(row) == after
        # The post of tomorrow is not held today.
        assert [p.code for p in api.teacher(actor=director, employee_id=row.pk).posts] == ["teacher_subject"]
        cancelled(director, order)
        assert posts(row) == [("teacher_subject", Decimal(1), date(2024, 9, 1), None)]

    def test_is_not_cancelled_under_a_later_order(self, director: Actor) -> None:
        row = works()
        first = signed(
            director, services.TRANSFER, row, line={"post": "deputy_academic", "rate": 1}, since=TODAY
        )
        later = signed(
            director,
            services.TRANSFER,
            row,
            line={"post": "deputy_academic", "rate": "0.5"},
            since=date(2026, 12, 1),
        )
        with pytest.raises(orders.FaultyOrder) as refusal:
            cancelled(director, first)
        assert later.number in str(refusal.value)
        cancelled(director, later)
        cancelled(director, first)
        assert posts(row) == [("teacher_subject", Decimal(1), date(2024, 9, 1), None)]

    def test_of_whom_no_post_is_held_is_refused(self, director: Actor) -> None:
        row = works()
        services.let_go(actor=SYSTEM("test"), employee_id=row.pk, last_day=date(2025, 5, 31))
        with pytest.raises(orders.FaultyOrder):
            signed(director, services.TRANSFER, row, line={"post": "librarian", "rate": 1}, since=TODAY)

    def test_of_a_post_that_an_order_ends_later_is_refused(self, director: Actor) -> None:
        row = works()
        later = signed(
            director, services.TRANSFER, row, line={"post": "librarian", "rate": 1}, since=date(2027, 5, 31)
        )
        before = posts(row)
        line = {"post": "deputy_academic", "rate": 1, "from_post": "teacher_subject"}
        with pytest.raises(orders.FaultyOrder, match="30.05.2027"):
            signed(director, services.TRANSFER, row, line=line, since=TODAY)
        assert posts(row) == before
        cancelled(director, later)
        signed(director, services.TRANSFER, row, line=line, since=TODAY)

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.NURSE, Role.PARENT])
    def test_is_not_drafted_by_everybody(self, in_school: TenantRef, actor_of: ActorOf, role: Role) -> None:
        with pytest.raises(NotAllowed):
            orders.draft(actor=actor_of(role), kind=services.TRANSFER)


class TestPartTime:
    def test_of_the_same_post_stands_beside_the_main_one(self, director: Actor) -> None:
        row = works()
        line = {
            "post": "teacher_subject",
            "rate": "0.5",
            "form": "internal",
            "agreed_until": date(2027, 5, 31),
        }
        order = signed(director, services.PART_TIME, row, line=line, since=TODAY)
        assert posts(row)[-1] == ("teacher_subject", Decimal("0.50"), TODAY, date(2027, 5, 31))
        assert api.teacher(actor=director, employee_id=row.pk).rate == Decimal("1.50")
        assert "31.05.2027" in text_of(order)
        cancelled(director, order)
        assert row.positions.count() == 1


@pytest.mark.parametrize("tab", ["main", "leaves"])
def test_the_card_leads_to_the_papers_those_whose_book_they_are_in(
    client_for: ClientFor, school_a: TenantRef, actor_of: ActorOf, tab: str
) -> None:
    with tenancy.use(school_a):
        director = actor_of(Role.DIRECTOR)
        lines = [orders.NewLine(uuid7(), "Ермекова Айгүл", NEWCOMER)]
        hired = orders.draft_and_sign(actor=director, kind=services.HIRE, lines=lines)
        row = Employee.objects.get()
        line = {"since": TODAY, "until": date(2026, 12, 22)}
        left = signed(director, services.LEAVE, row, line=line, kind="annual")
    order = {"main": hired, "leaves": left}[tab]
    card = f"/staff/{row.pk}/?tab={tab}"
    way = f"/orders/{order.id}/"
    assert way in client_for(Role.DIRECTOR).get(card).content.decode()
    newcomer = client_for(Role.TEACHER, person_id=row.pk)
    page = newcomer.get(card).content.decode()
    assert f"№ {order.number}" in page
    assert way not in page
    assert newcomer.get(way).status_code == 403


class TestLeave:
    def test_is_on_the_card_and_overlaps_no_other(self, director: Actor) -> None:
        row = works()
        line = {"since": TODAY, "until": date(2026, 12, 22)}
        order = signed(director, services.LEAVE, row, line=line, kind="annual")
        leave = Leave.objects.get()
        assert (leave.kind, leave.since, leave.until, leave.order_id) == (
            "annual",
            TODAY,
            date(2026, 12, 22),
            order.id,
        )
        assert "30" in text_of(order)
        assert [one.id for one in api.employees(actor=director, state="away")] == [row.pk]
        with pytest.raises(orders.FaultyOrder):
            signed(director, services.LEAVE, row, line=line, kind="unpaid")
        cancelled(director, order)
        assert not Leave.objects.exists()


class TestDismissal:
    line = {"last_day": TODAY, "ground": "own_wish", "closing": "at_once"}

    def test_at_noon_ends_sessions_and_closes_the_login(
        self, client_for: ClientFor, school_a: TenantRef, account: Accounts
    ) -> None:
        with tenancy.use(school_a):
            row = works()
        user = account(Role.TEACHER, person_id=row.pk)
        teacher = client_for(user=user)
        assert teacher.get("/").status_code == 200
        director = client_for(Role.DIRECTOR)
        given = {"last_day": "2026-11-23", "ground": "own_wish", "closing": "at_once", "sign": "1"}
        assert director.post(f"/staff/{row.pk}/leave/", given).status_code == 302
        assert "/sign-in/" in teacher.get("/").headers["Location"]
        with tenancy.use(school_a):
            assert not User.objects.get(pk=user.pk).is_active
            assert posts(row) == [("teacher_subject", Decimal(1), date(2024, 9, 1), TODAY)]

    def test_may_leave_the_login_until_the_day_is_over(self, director: Actor) -> None:
        row = works()
        user = account_of(row)
        signed(director, services.DISMISS, row, line=self.line | {"closing": "evening"})
        assert User.objects.get(pk=user.pk).is_active
        assert services.close_ended() == 0
        with time_machine.travel("2026-11-24 00:01+05:00"):
            assert services.close_ended() == 1
            assert not User.objects.get(pk=user.pk).is_active
            assert services.close_ended() == 0

    def test_signs_out_every_device_even_when_the_login_stays_until_evening(
        self, client_for: ClientFor, school_a: TenantRef, actor_of: ActorOf
    ) -> None:
        with tenancy.use(school_a):
            row = works()
            user = account_of(row)
        teacher = client_for(user=user)
        with tenancy.use(school_a):
            signed(actor_of(Role.DIRECTOR), services.DISMISS, row, line=self.line | {"closing": "evening"})
            assert not Session.objects.filter(user=user, ended_at=None).exists()
        assert "/sign-in/" in teacher.get("/").headers["Location"]

    def test_of_a_later_day_leaves_the_login_until_then(self, director: Actor) -> None:
        row = works()
        user = account_of(row)
        signed(director, services.DISMISS, row, line=self.line | {"last_day": date(2026, 11, 30)})
        assert User.objects.get(pk=user.pk).is_active
        assert [one.id for one in api.employees(actor=director)] == [row.pk]
        with time_machine.travel("2026-12-01 00:01+05:00"):
            services.close_ended()
            assert not User.objects.get(pk=user.pk).is_active
            assert api.employees(actor=director) == []

    def test_taken_back_gives_posts_and_login_back(self, director: Actor) -> None:
        row = works(until=date(2027, 5, 31))
        user = account_of(row)
        order = signed(director, services.DISMISS, row, line=self.line)
        assert not User.objects.get(pk=user.pk).is_active
        cancelled(director, order)
        row.refresh_from_db()
        assert row.left_date is None
        assert posts(row) == [("teacher_subject", Decimal(1), date(2024, 9, 1), date(2027, 5, 31))]
        assert User.objects.get(pk=user.pk).is_active
        assert not Dismissal.objects.exists()

    def test_of_whoever_is_taken_on_again_leaves_the_login_open(self, director: Actor) -> None:
        row = works()
        user = account_of(row)
        signed(director, services.DISMISS, row, line=self.line | {"last_day": date(2026, 11, 30)})
        line = {"surname": "О", "name": "А", "sex": "f", "since": date(2026, 12, 1), "post_0": "librarian"}
        signed(director, services.HIRE, row, line=line)
        with time_machine.travel("2026-12-01 00:01+05:00"):
            services.close_ended()
            assert User.objects.get(pk=user.pk).is_active

    def test_no_post_goes_beyond_it_or_begins_after_it(self, director: Actor) -> None:
        row, other = works(), works("Қалиева")
        last, later = date(2026, 11, 30), date(2026, 12, 7)
        post = {"post": "librarian", "rate": "0.5", "form": "internal"}
        signed(director, services.DISMISS, row, line=self.line | {"last_day": last})
        for line in (post, post | {"agreed_until": later}):
            with pytest.raises(orders.FaultyOrder, match="30.11.2026"):
                signed(director, services.PART_TIME, row, line=line, since=TODAY)
        with pytest.raises(orders.FaultyOrder, match="30.11.2026"):
            signed(director, services.TRANSFER, row, line={"post": "librarian", "rate": 1}, since=TODAY)
        signed(director, services.PART_TIME, row, line=post | {"agreed_until": last}, since=TODAY)
        signed(director, services.TRANSFER, other, line={"post": "librarian", "rate": 1}, since=later)
        with pytest.raises(orders.FaultyOrder, match="07.12.2026"):
            signed(director, services.DISMISS, other, line=self.line | {"last_day": last})

    def test_twice_is_refused(self, director: Actor) -> None:
        row = works()
        signed(director, services.DISMISS, row, line=self.line)
        with pytest.raises(orders.FaultyOrder):
            signed(director, services.DISMISS, row, line=self.line)

    def test_of_oneself_is_signed_by_somebody_else(self, in_school: TenantRef, actor_of: ActorOf) -> None:
        row = works()
        with pytest.raises(orders.FaultyOrder):
            signed(actor_of(Role.DIRECTOR, person_id=row.pk), services.DISMISS, row, line=self.line)

    @pytest.mark.requirement("SIS-12", screen="staff:hand_overs")
    def test_leaves_a_list_of_what_is_to_be_handed_over(
        self, client_for: ClientFor, school_a: TenantRef, actor_of: ActorOf
    ) -> None:
        with tenancy.use(school_a):
            row, other = works(), works("Басқаева")
            led = school_class()
            lead(led, row.pk)
            taught = course(led, row)
            signed(actor_of(Role.DIRECTOR), services.DISMISS, row, line=self.line)
        director = client_for(Role.DIRECTOR)
        [left] = director.get("/staff/hand-overs/").context["people"]
        assert (left.employee_id, left.last_day) == (row.pk, TODAY)
        assert [duty.what for duty in left.duties] == ["7А", "7А · Алгебра"]
        assert "Оспанова" in director.get("/").content.decode()
        with tenancy.use(school_a):
            contingent.appoint(
                actor=SYSTEM("test"), class_id=led.pk, employee_id=other.pk, since=date(2026, 11, 24)
            )
            Course.objects.filter(pk=taught.pk).update(teacher_id=other.pk)
        with time_machine.travel("2026-11-24 09:00+05:00"):
            assert client_for(Role.DIRECTOR).get("/staff/hand-overs/").context["people"] == []


class TestActingDirector:
    values = {"since": TODAY, "until": date(2026, 12, 6), "reason": "еңбек демалысы"}

    @pytest.fixture
    def head(self, in_school: TenantRef, account: Accounts) -> Actor:
        """The director with an account: the role of an acting one is asked for in his name."""
        return identity.actor_of_user(account(Role.DIRECTOR, username="dmitry").pk)

    @pytest.fixture
    def deputy(self, in_school: TenantRef, account: Accounts) -> Actor:
        return identity.actor_of_user(account(Role.DEPUTY_ACADEMIC, username="saule").pk)

    def roles(self, row: Employee) -> list[str]:
        return [one.code for one in identity.accounts_of([row.pk])[row.pk].roles]

    def test_has_the_role_for_the_term_once_a_second_person_agrees(self, head: Actor, deputy: Actor) -> None:
        row = works()
        user = account_of(row, "deputy_academic")
        order = signed(head, services.ACT, row, **self.values)
        assert Acting.objects.get().order_id == order.id
        assert "06.12.2026" in text_of(order)
        assert self.roles(row) == ["deputy_academic"]
        approve(actor=deputy, request_id=RoleRequest.objects.get().pk)
        given = UserRole.objects.get(user=user, role__code="director")
        assert (given.since, given.until) == (TODAY, date(2026, 12, 6))
        cancelled(head, order)
        assert self.roles(row) == ["deputy_academic"]
        assert not Acting.objects.exists()

    def test_a_cancelled_order_takes_its_request_back(self, head: Actor) -> None:
        row = works()
        account_of(row, "deputy_academic")
        cancelled(head, signed(head, services.ACT, row, **self.values))
        assert RoleRequest.objects.get().outcome == RoleRequest.Outcome.WITHDRAWN

    def test_is_prolonged_and_the_prolonging_cancelled_alone(self, head: Actor, deputy: Actor) -> None:
        row = works()
        user = account_of(row, "deputy_academic")
        signed(head, services.ACT, row, **self.values)
        more = {"since": date(2026, 12, 7), "until": date(2026, 12, 20), "reason": "сырқат"}
        with pytest.raises(orders.FaultyOrder):
            signed(head, services.ACT, row, **more)
        approve(actor=deputy, request_id=RoleRequest.objects.get().pk)
        longer = signed(head, services.ACT, row, **more)
        approve(actor=deputy, request_id=RoleRequest.objects.get(outcome="").pk)
        assert self.roles(row).count("director") == 2
        cancelled(head, longer)
        assert self.roles(row).count("director") == 1
        assert UserRole.objects.get(user=user, role__code="director").until == date(2026, 12, 6)

    def test_the_card_says_how_the_role_stands(
        self, client_for: ClientFor, school_a: TenantRef, account: Accounts
    ) -> None:
        with tenancy.use(school_a):
            head = identity.actor_of_user(account(Role.DIRECTOR, username="dmitry").pk)
            deputy = identity.actor_of_user(account(Role.DEPUTY_ACADEMIC, username="saule").pk)
            row = works()
            account_of(row, "deputy_academic")
            signed(head, services.ACT, row, **self.values)
        page = f"/staff/{row.pk}/?tab=leaves"
        secretary = client_for(Role.SECRETARY)
        assert "екінші адамды күтуде" in secretary.get(page).content.decode()
        with tenancy.use(school_a):
            approve(actor=deputy, request_id=RoleRequest.objects.get().pk)
        shown = secretary.get(page).content.decode()
        assert "екінші адамды күтуде" not in shown
        assert ">берілген<" in shown

    def test_without_a_login_is_refused(self, director: Actor) -> None:
        with pytest.raises(orders.FaultyOrder):
            signed(director, services.ACT, works(), **self.values)

    def test_is_one_person(self, director: Actor) -> None:
        rows = [works("Оспанова"), works("Басқаева")]
        for row in rows:
            account_of(row)
        lines = [orders.NewLine(row.pk, row.surname) for row in rows]
        with pytest.raises(orders.FaultyOrder):
            orders.draft_and_sign(actor=director, kind=services.ACT, lines=lines, values=self.values)


class TestPages:
    @pytest.mark.parametrize("page", ["transfer", "part-time", "away", "leave", "acting", "hire"])
    def test_of_each_order_opens_for_the_office_alone(
        self, client_for: ClientFor, school_a: TenantRef, page: str
    ) -> None:
        with tenancy.use(school_a):
            row = works()
        assert client_for(Role.SECRETARY).get(f"/staff/{row.pk}/{page}/").status_code == 200
        assert client_for(Role.TEACHER, person_id=row.pk).get(f"/staff/{row.pk}/{page}/").status_code == 403

    def test_a_clerk_drafts_and_cannot_sign(self, client_for: ClientFor, school_a: TenantRef) -> None:
        with tenancy.use(school_a):
            row = works()
        given = {"post": "librarian", "rate": "1", "since": "2026-12-01", "from_post": ""}
        answer = client_for(Role.SECRETARY).post(f"/staff/{row.pk}/transfer/", given)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/orders/")
        with tenancy.use(school_a):
            assert Order.objects.get().state == "draft"
            assert posts(row) == [("teacher_subject", Decimal(1), date(2024, 9, 1), None)]

    def test_the_draft_of_each_kind_is_worked_on_in_the_book(
        self, client_for: ClientFor, school_a: TenantRef, actor_of: ActorOf
    ) -> None:
        with tenancy.use(school_a):
            row = works()
        clerk = client_for(Role.SECRETARY)
        for kind in (services.TRANSFER, services.PART_TIME, services.LEAVE, services.DISMISS, services.ACT):
            made = clerk.post("/orders/new/", {"kind": kind})
            assert made.status_code == 302, kind
            page = made.headers["Location"]
            assert clerk.get(page).status_code == 200, kind
            chosen = clerk.get(f"{page}people/?q=Оспан").content.decode()
            assert str(row.pk) in chosen, kind
            assert clerk.post(f"{page}people/", {"person": [str(row.pk)]}).status_code == 302
            assert "Оспанова" in clerk.get(page).content.decode(), kind
        made = clerk.post("/orders/new/", {"kind": services.HIRE})
        assert clerk.get(f"{made.headers['Location']}lines/new/").status_code == 200

    def test_the_other_school_has_none_of_it(
        self, client_for: ClientFor, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        with tenancy.use(school_a):
            row = works()
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        for page in ("transfer", "part-time", "away", "leave", "acting", "hire"):
            assert zhanna.get(f"/staff/{row.pk}/{page}/").status_code == 404
