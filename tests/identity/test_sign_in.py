"""The way in, and what stands against guessing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity import api, queries
from identity.middleware import SignedIn
from identity.models import Session, User
from kernel import clock, memo, tenancy
from kernel.access import Actor, Role
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from tests.conftest import PASSWORD, Accounts, ClientFor

SIGN_IN = "/sign-in/"


def come(client: Client, username: str, password: str, address: str = "10.0.0.1", **more: str) -> Any:
    return client.post(SIGN_IN, {"username": username, "password": password, **more}, REMOTE_ADDR=address)


class TestSignIn:
    def test_lets_a_teacher_in_by_login(self, client_for: ClientFor, account: Accounts) -> None:
        account(Role.TEACHER, username="bolat")
        client = client_for()
        response = come(client, " Bolat ", PASSWORD)
        assert (response.status_code, response.headers["Location"]) == (302, "/")
        assert client.get("/me/").status_code == 200

    def test_a_shared_computer_speaks_the_language_of_who_came_in(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        user = account(Role.TEACHER, username="bolat")
        with tenancy.use(school_a):
            User.objects.filter(pk=user.pk).update(language="kk")
        client = client_for()
        client.cookies["lang"] = "ru"
        assert 'lang="ru"' in client.get(SIGN_IN).content.decode()
        come(client, "bolat", PASSWORD)
        assert 'lang="kk"' in client.get("/me/").content.decode()
        client.cookies["lang"] = "ru"
        assert client.post("/sign-out/").cookies["lang"].value == ""

    def test_lets_in_by_phone_written_as_people_write_it(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        user = account(Role.PARENT, username="gulnar")
        with tenancy.use(school_a):
            User.objects.filter(pk=user.pk).update(phone="+77011234567")
        assert come(client_for(), "8 (701) 123-45-67", PASSWORD).status_code == 302

    def test_a_phone_of_two_accounts_names_nobody(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        users = [account(Role.PARENT, username=name).pk for name in ("gulnar", "kairat")]
        with tenancy.use(school_a):
            User.objects.filter(pk__in=users).update(phone="+77011234567")
        assert come(client_for(), "+77011234567", PASSWORD).status_code == 422

    def test_refuses_a_wrong_password_and_an_unknown_login_with_the_same_words(
        self, client_for: ClientFor, account: Accounts
    ) -> None:
        account(Role.TEACHER, username="bolat")
        wrong = come(client_for(), "bolat", "not-this-one")
        unknown = come(client_for(), "nobody", "not-this-one")
        assert wrong.status_code == unknown.status_code == 422
        assert wrong.context["refusal"] == unknown.context["refusal"] != ""

    def test_the_same_login_in_the_other_school_is_another_person(
        self, client_for: ClientFor, account: Accounts, school_b: TenantRef
    ) -> None:
        account(Role.TEACHER, username="bolat")
        assert come(client_for(school=school_b), "bolat", PASSWORD).status_code == 422

    @pytest.mark.parametrize(
        "wish", ["//evil.kz/", "https://evil.kz/", "/\\evil.kz", "javascript:alert(1)", "http:evil.kz"]
    )
    def test_never_leads_to_another_host(self, client_for: ClientFor, account: Accounts, wish: str) -> None:
        account(Role.TEACHER, username="bolat")
        assert come(client_for(), "bolat", PASSWORD, next=wish).headers["Location"] == "/"

    def test_leads_back_to_the_page_asked_for(self, client_for: ClientFor, account: Accounts) -> None:
        account(Role.TEACHER, username="bolat")
        asked = client_for().get("/me/?a=1")
        assert asked.headers["Location"] == "/sign-in/?next=%2Fme%2F%3Fa%3D1"
        assert come(client_for(), "bolat", PASSWORD, next="/me/?a=1").headers["Location"] == "/me/?a=1"

    def test_says_that_a_session_has_ended_and_nothing_of_others(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        user, client = account(Role.TEACHER, username="bolat"), client_for()
        come(client, "bolat", PASSWORD)
        with tenancy.use(school_a):
            Session.objects.filter(user=user).update(ended_at=clock.now())
        led = client.get("/me/")
        assert led.headers["Location"] == "/sign-in/?over=session&next=%2Fme%2F"
        assert "Қайта кіріңіз, ештеңе жоғалған жоқ" in client.get(led.headers["Location"]).text
        assert "ештеңе жоғалған жоқ" not in client.get("/sign-in/?over=anything").text
        client.cookies[settings.SESSION_COOKIE_NAME] = "of-nobody"
        assert client.get("/me/").headers["Location"] == "/sign-in/?next=%2Fme%2F"

    def test_leads_back_to_the_page_of_a_form_that_came_too_late(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        client, here = client_for(), f"http://{school_a.host}/contingent/pupils/new/?class=7"
        back = "/sign-in/?next=%2Fcontingent%2Fpupils%2Fnew%2F%3Fclass%3D7"
        sent = client.post("/me/language/", headers={"referer": here})
        assert sent.headers["Location"] == back
        fragment = client.post("/me/language/", headers={"hx-request": "true", "hx-current-url": here})
        assert (fragment.status_code, fragment.headers["Location"]) == (401, back)
        foreign = client.post("/me/language/", headers={"referer": "https://evil.kz/me/"})
        assert foreign.headers["Location"] == "/sign-in/"

    def test_writes_the_security_log_without_login_or_password(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        user = account(Role.TEACHER, username="bolat")
        come(client_for(), "bolat", "wrong-password")
        come(client_for(), "bolat", PASSWORD)
        with tenancy.use(school_a):
            lines = list(AuditEntry.objects.filter(action="identity.sign_in").order_by("id"))
        assert [(x.outcome, x.object_id, x.address) for x in lines] == [
            ("refused", str(user.pk), "10.0.0.1"),
            ("ok", str(user.pk), "10.0.0.1"),
        ]
        assert not any("wrong-password" in str(vars(x)) or PASSWORD in str(vars(x)) for x in lines)

    def test_the_cookie_is_kept_from_scripts_and_the_database_has_only_its_hash(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        account(Role.TEACHER, username="bolat")
        client = client_for()
        cookie = come(client, "bolat", PASSWORD).cookies[settings.SESSION_COOKIE_NAME]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["domain"] == ""
        with tenancy.use(school_a):
            assert cookie.value not in str(list(Session.objects.values_list()))


@pytest.mark.requirement("SIS-04")
class TestByNumber:
    IIN = "150612700018"

    @pytest.fixture
    def numbers(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[UUID]]:
        """Whose numbers a school's module knows."""
        known: dict[str, list[UUID]] = {}
        monkeypatch.setattr("identity.queries._PEOPLE", [lambda iin: known.get(iin, [])])
        return known

    def test_lets_in_by_iin_in_the_own_school_only(
        self, client_for: ClientFor, account: Accounts, numbers: dict[str, list[UUID]], school_b: TenantRef
    ) -> None:
        person = uuid4()
        account(Role.PUPIL, username="aruzhan", person_id=person)
        numbers[self.IIN] = [person]
        assert come(client_for(), "150612 700018", PASSWORD).status_code == 302
        assert come(client_for(school=school_b), self.IIN, PASSWORD).status_code == 422

    def test_of_two_open_accounts_it_opens_none_and_of_one_blocked_the_other(
        self, client_for: ClientFor, account: Accounts, numbers: dict[str, list[UUID]], school_a: TenantRef
    ) -> None:
        teacher, mother = uuid4(), uuid4()
        user = account(Role.TEACHER, username="gulnar", person_id=teacher)
        account(Role.PARENT, username="gulnar2", person_id=mother)
        numbers[self.IIN] = [teacher, mother]
        assert come(client_for(), self.IIN, PASSWORD).status_code == 422
        with tenancy.use(school_a):
            api.block(actor=Actor.system_actor("tests"), user_id=user.pk)
        assert come(client_for(), self.IIN, PASSWORD).status_code == 302

    @pytest.mark.parametrize(("known", "unknown"), [(IIN, "150612700019"), ("+77011234567", "+77011234568")])
    def test_refuses_in_the_same_words_and_with_the_same_work_whether_it_is_known(
        self,
        client_for: ClientFor,
        account: Accounts,
        numbers: dict[str, list[UUID]],
        school_a: TenantRef,
        known: str,
        unknown: str,
    ) -> None:
        person = uuid4()
        user = account(Role.PUPIL, username="aruzhan", person_id=person)
        numbers[self.IIN] = [person]
        work = {}
        with tenancy.use(school_a):
            User.objects.filter(pk=user.pk).update(phone="+77011234567")
            for number in (known, unknown):
                with CaptureQueriesContext(connection) as asked:
                    queries.user_by_login(number)
                work[number] = len(asked)
        assert work[known] == work[unknown]
        said = {number: come(client_for(), number, "wrong").context["refusal"] for number in (known, unknown)}
        assert said[known] == said[unknown] != ""

    def test_five_failures_close_a_phone_however_it_is_written(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        user = account(Role.PARENT, username="gulnar")
        with tenancy.use(school_a):
            User.objects.filter(pk=user.pk).update(phone="+77011234567")
        for written in ("87011234567", "+7 701 123 45 67", "8-701-123-45-67", "7011234567", "8(701)1234567"):
            assert come(client_for(), written, "wrong").status_code == 422
        assert come(client_for(), "+77011234567", PASSWORD).status_code == 429
        # The login is not closed by it, or trying both would tell whose the phone is.
        assert come(client_for(), "gulnar", PASSWORD).status_code == 302


class TestLockOut:
    def test_five_failures_close_the_login_for_that_address_only(
        self, client_for: ClientFor, account: Accounts
    ) -> None:
        account(Role.TEACHER, username="bolat")
        client = client_for()
        for _ in range(5):
            assert come(client, "bolat", "wrong").status_code == 422
        assert come(client, "bolat", PASSWORD).status_code == 429
        assert come(client, "bolat", PASSWORD, address="10.0.0.2").status_code == 302

    def test_opens_again_after_a_quarter_of_an_hour(self, client_for: ClientFor, account: Accounts) -> None:
        account(Role.TEACHER, username="bolat")
        client = client_for()
        with time_machine.travel(clock.now(), tick=False) as traveller:
            for _ in range(5):
                come(client, "bolat", "wrong")
            assert come(client, "bolat", PASSWORD).status_code == 429
            traveller.shift(timedelta(minutes=15, seconds=1))
            assert come(client, "bolat", PASSWORD).status_code == 302

    def test_others_behind_the_same_address_come_in(self, client_for: ClientFor, account: Accounts) -> None:
        account(Role.TEACHER, username="bolat")
        account(Role.TEACHER, username="dana")
        for _ in range(6):
            come(client_for(), "bolat", "wrong")
        assert come(client_for(), "dana", PASSWORD).status_code == 302

    def test_guessing_from_many_addresses_makes_the_login_wait(
        self, client_for: ClientFor, account: Accounts
    ) -> None:
        account(Role.TEACHER, username="bolat")
        with time_machine.travel(clock.now(), tick=False) as traveller:
            for number in range(12):
                come(client_for(), "bolat", "wrong", address=f"10.0.1.{number}")
                traveller.shift(timedelta(seconds=5))
            come(client_for(), "bolat", "wrong", address="10.0.1.99")
            assert come(client_for(), "bolat", PASSWORD, address="10.9.9.9").status_code == 429
            traveller.shift(timedelta(seconds=31))
            assert come(client_for(), "bolat", PASSWORD, address="10.9.9.9").status_code == 302

    def test_three_hundred_pupils_behind_one_address_in_five_minutes(
        self, client_for: ClientFor, school_a: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with tenancy.use(school_a):
            pupils = [
                api.NewAccount("pupil", None, "Оқушы", str(number), roles=(Role.PUPIL,))
                for number in range(300)
            ]
            slips = api.create_accounts(
                actor=Actor.system_actor("tests"), accounts=pupils, password=PASSWORD, password_hash="x"
            )
        monkeypatch.setattr(  # the limits are under trial here, not the price of a hash
            "identity.services.signing_in.check_password", lambda raw, encoded, setter=None: raw == PASSWORD
        )
        with time_machine.travel(clock.now(), tick=False) as traveller:
            for number, slip in enumerate(slips):
                traveller.shift(timedelta(seconds=1))
                for _ in range(number % 3):
                    assert come(client_for(), slip.username, "typed wrong").status_code == 422
                assert come(client_for(), slip.username, PASSWORD).status_code == 302


class TestOneTimePassword:
    def slip(self, school: TenantRef) -> api.Slip:
        with tenancy.use(school):
            return api.create_account(
                actor=Actor.system_actor("tests"),
                person_kind="staff",
                person_id=None,
                surname="Қасымов",
                name="Болат",
                roles=[Role.TEACHER],
            )

    @pytest.mark.requirement("SIS-04")
    def test_opens_only_the_page_for_a_new_password(self, client_for: ClientFor, school_a: TenantRef) -> None:
        slip = self.slip(school_a)
        client = client_for()
        come(client, slip.username, slip.password)
        assert client.get("/me/").headers["Location"] == "/me/password/?next=%2Fme%2F"
        # It was shown a moment ago and is not asked for again; but it cannot become one's own.
        assert "present" not in client.get("/me/password/").context["form"].fields
        same = {"new": slip.password, "again": slip.password}
        assert client.post("/me/password/", same).status_code == 422
        new = {"new": "kok-tobe-2026-x", "again": "kok-tobe-2026-x", "next": "/me/"}
        assert client.post("/me/password/", new).headers["Location"] == "/me/"
        assert client.get("/me/").status_code == 200
        assert come(client_for(), slip.username, slip.password).status_code == 422

    def test_is_asked_for_again_at_a_computer_left_open(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        slip = self.slip(school_a)
        new = {"new": "kok-tobe-2026-x", "again": "kok-tobe-2026-x"}
        with time_machine.travel("2026-11-23 09:00+05:00", tick=False) as moment:
            client = client_for()
            come(client, slip.username, slip.password)
            moment.shift(16 * 60)
            assert client.post("/me/password/", new).status_code == 422
            assert client.post("/me/password/", new | {"present": slip.password}).status_code == 302

    def test_dies_after_its_day(self, client_for: ClientFor, school_a: TenantRef) -> None:
        slip = self.slip(school_a)
        with time_machine.travel(clock.now() + timedelta(hours=24, minutes=1), tick=False):
            response = come(client_for(), slip.username, slip.password)
        assert response.status_code == 422
        assert settings.SESSION_COOKIE_NAME not in response.cookies

    @pytest.mark.parametrize("weak", ["short1", "1234567890", "password123", "kasymov1"])
    def test_does_not_become_a_weak_one(self, client_for: ClientFor, school_a: TenantRef, weak: str) -> None:
        slip = self.slip(school_a)
        client = client_for()
        come(client, slip.username, slip.password)
        response = client.post("/me/password/", {"new": weak, "again": weak})
        assert response.status_code == 422
        assert response.context["form"].errors["new"]


class TestSession:
    def test_of_another_school_is_worth_nothing_here(
        self, client_for: ClientFor, account: Accounts, school_b: TenantRef
    ) -> None:
        client = client_for(Role.DIRECTOR, username="aigul")
        stranger = account(Role.DIRECTOR, school=school_b, username="aigul")
        assert stranger.pk is not None
        assert client.get("/me/").status_code == 200
        client.defaults["SERVER_NAME"] = school_b.host
        assert client.get("/me/").status_code == 302

    def test_row_copied_into_another_school_is_refused(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        client = client_for(Role.DIRECTOR, username="aigul")
        stranger = account(Role.DIRECTOR, school=school_b, username="aigul")
        with tenancy.use(school_a):
            [values] = Session.objects.filter(user_id=client.user.pk).values()  # type: ignore[attr-defined]
        with tenancy.use(school_b):
            Session.objects.create(**values | {"id": None, "user_id": stranger.pk})
        client.defaults["SERVER_NAME"] = school_b.host
        assert client.get("/me/").status_code == 302

    def test_ends_when_nobody_touches_it(self, client_for: ClientFor) -> None:
        with time_machine.travel(clock.now(), tick=False) as traveller:
            client = client_for(Role.DIRECTOR)
            traveller.shift(timedelta(minutes=29))
            assert client.get("/me/").status_code == 200
            traveller.shift(timedelta(minutes=29))
            assert client.get("/me/").status_code == 200
            traveller.shift(timedelta(minutes=31))
            assert client.get("/me/").status_code == 302

    def test_ends_after_twelve_hours_at_work(self, client_for: ClientFor) -> None:
        with time_machine.travel(clock.now(), tick=False) as traveller:
            client = client_for(Role.TEACHER)
            for _ in range(24):
                assert client.get("/me/").status_code == 200
                traveller.shift(timedelta(minutes=30))
            traveller.shift(timedelta(seconds=1))
            assert client.get("/me/").status_code == 302

    def test_of_a_blocked_person_is_thrown_out_at_once(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        client = client_for(Role.TEACHER)
        assert client.get("/me/").status_code == 200
        with tenancy.use(school_a):
            api.block(actor=Actor.system_actor("tests"), user_id=client.user.pk)  # type: ignore[attr-defined]
        assert client.get("/me/").status_code == 302

    def test_signing_out_ends_it(self, client_for: ClientFor) -> None:
        client = client_for(Role.TEACHER)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        assert client.post("/sign-out/").status_code == 302
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        assert client.get("/me/").status_code == 302

    def test_costs_two_queries_and_one_when_the_grants_are_remembered(
        self, client_for: ClientFor, school_a: TenantRef, rf: Any, django_assert_num_queries: Any
    ) -> None:
        client = client_for(Role.DIRECTOR)
        request = rf.get("/me/")
        request.COOKIES[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        served = SignedIn(lambda _request: HttpResponse())
        memo.clear_all()
        with tenancy.use(school_a):
            with django_assert_num_queries(2):
                served(request)
            with django_assert_num_queries(1):
                served(request)
            assert request.actor.user_id == client.user.pk  # type: ignore[attr-defined]
            assert request.actor.may(api.permissions.GIVE_ROLES)
