"""On how many devices at once: the one not used longest makes room, and the person is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.test import Client

from identity import api as identity
from identity import policy, queries
from identity.models import Session, User
from identity.services import sessions
from kernel import audit, clock, tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from tests.conftest import PASSWORD, Accounts, ClientFor


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def come(client_for: ClientFor, device: str, login: str = "bolat", school: TenantRef | None = None) -> Client:
    client = client_for(school=school)
    client.defaults["HTTP_USER_AGENT"] = device
    assert client.post("/sign-in/", {"username": login, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def noon(tenants_db: None) -> Any:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=False) as clock_:
        yield clock_


class TestLimit:
    def test_the_device_not_used_longest_makes_room(
        self, noon: Any, client_for: ClientFor, account: Accounts
    ) -> None:
        account(Role.TEACHER, username="bolat")
        classroom, phone, library = (
            come(client_for, name) for name in ("Chrome/140 Windows", "Chrome/140 Android", "Firefox/140")
        )
        noon.shift(300)
        assert is_in(classroom)
        assert is_in(library)
        fourth = come(client_for, "Chrome/140 Linux")
        assert [is_in(one) for one in (classroom, phone, library, fourth)] == [True, False, True, True]

    @pytest.mark.parametrize(
        ("role", "most"), [(Role.TEACHER, 3), (Role.DIRECTOR, 3), (Role.PARENT, 5), (Role.PUPIL, 5)]
    )
    def test_is_that_of_the_policy(
        self, noon: Any, school_a: TenantRef, client_for: ClientFor, account: Accounts, role: Role, most: int
    ) -> None:
        account(role, username="bolat")
        clients = [come(client_for, f"Chrome/{n} Windows") for n in range(most + 2)]
        assert policy.most_sessions(school_a, {role}) == most
        assert sum(is_in(one) for one in clients) == most
        assert is_in(clients[-1])

    def test_the_vendor_has_one_and_a_demo_many(self, school_a: TenantRef, vendor: TenantRef) -> None:
        assert policy.most_sessions(vendor, {Role.OPERATOR}) == 1
        assert policy.most_sessions(vendor, {Role.SUPPORT, Role.OPERATOR}) == 1
        demo = TenantRef(school_a.id, school_a.code, school_a.schema, school_a.kind, mode="demo")
        assert policy.most_sessions(demo, {Role.TEACHER}) == 20

    def test_a_teacher_who_is_a_parent_too_is_staff(self, school_a: TenantRef) -> None:
        assert policy.most_sessions(school_a, {Role.PARENT, Role.TEACHER}) == 3

    def test_a_session_left_alone_too_long_takes_no_room(
        self, noon: Any, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        user = account(Role.TEACHER, username="bolat")
        for _ in range(3):
            come(client_for, "Chrome/140 Windows")
        noon.shift(2 * 3600)
        fresh = come(client_for, "Chrome/140 Android")
        with tenancy.use(school_a):
            assert not Session.objects.filter(data__ended_by=queries.CROWD).exists()
            assert len(queries.sessions_of(user.pk, at=clock.now())) == 1
        assert "Android" in fresh.get("/me/devices/").content.decode()

    def test_the_same_login_of_the_other_school_is_somebody_else(
        self, noon: Any, client_for: ClientFor, account: Accounts, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        for school in (school_a, school_b):
            account(Role.TEACHER, username="bolat", school=school)
        here = [come(client_for, "Chrome/140 Windows") for _ in range(3)]
        for _ in range(3):
            come(client_for, "Chrome/140 Windows", school=school_b)
        assert all(is_in(one) for one in here)


class TestTelling:
    @pytest.mark.parametrize(
        ("language", "words"),
        [("kk", "ең ұзақ пайдаланылмаған құрылғыдан"), ("ru", "с 3 устройств")],
    )
    def test_the_page_of_devices_says_which_one_and_why(
        self, noon: Any, client_for: ClientFor, account: Accounts, language: str, words: str
    ) -> None:
        account(Role.TEACHER, username="bolat", language=language)
        come(client_for, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
        noon.shift(60)
        clients = [come(client_for, "Chrome/140 Windows") for _ in range(3)]
        page = clients[-1].get("/me/devices/").content.decode()
        assert words in page
        assert "Firefox" in page.split("<table")[0]

    def test_it_does_not_when_nobody_was_signed_out(self, client_for: ClientFor, account: Accounts) -> None:
        account(Role.TEACHER, username="bolat")
        come(client_for, "Chrome/140 Windows")
        response = come(client_for, "Chrome/140 Android").get("/me/devices/")
        assert response.context["crowded_out"] == []

    def test_it_is_logged(
        self, noon: Any, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        user = account(Role.TEACHER, username="bolat")
        for _ in range(4):
            come(client_for, "Chrome/140 Windows")
        with tenancy.use(school_a):
            [line] = [one for one in audit.entries() if one.action == "identity.session.ended"]
            [ended] = Session.objects.filter(user=user, ended_at__isnull=False)
        assert (line.object_id, line.details, line.actor_id) == (
            str(ended.pk),
            {"by": "crowd", "most": 3},
            user.pk,
        )


def test_of_devices_that_come_at_one_moment_no_more_than_the_limit_stay(committed_school: Any) -> None:
    school = committed_school()
    with tenancy.use(school):
        [slip] = identity.create_accounts(
            actor=Actor.system_actor("tests"),
            accounts=[
                identity.NewAccount(
                    person_kind="staff", person_id=None, surname="Ермекова", name="Б", roles=("teacher",)
                )
            ],
        )
    gate = Barrier(6)

    def begin(number: int) -> None:
        with tenancy.use(school):
            user = User.objects.get(pk=slip.user_id)
            gate.wait()
            sessions.begin(user=user, methods="password", device=str(number))
        tenancy.forget()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(begin, range(6)))
    with tenancy.use(school):
        assert len(queries.sessions_of(slip.user_id, at=clock.now())) == 3
