"""Passkeys: added, used, and refused wherever something does not fit."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from identity.models import Passkey, Session
from kernel import tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef
from tests.conftest import Accounts, ClientFor
from tests.identity.authenticator import Authenticator

ADD, SIGN_IN = "/me/factors/passkeys/", "/sign-in/passkey/"


def post(client: Client, url: str, body: Any = None) -> Any:
    return client.post(url, body or {}, content_type="application/json")


def sign_in(client: Client, device: Authenticator) -> Any:
    options = post(client, f"{SIGN_IN}options/").json()
    return post(client, f"{SIGN_IN}?next=/me/", device.sign(options))


@pytest.fixture
def phone(client_for: ClientFor, account: Accounts, school_a: TenantRef) -> Authenticator:
    """Bolat's phone with a passkey of school A."""
    client = client_for(user=account(Role.TEACHER, username="bolat"))
    device = Authenticator(f"http://{school_a.host}")
    answer = post(client, ADD, device.make(post(client, f"{ADD}options/").json()))
    assert answer.json() == {"next": "/me/factors/?done=passkey"}
    return device


class TestPasskey:
    def test_opens_without_a_password_and_counts_as_strong(
        self, client_for: ClientFor, phone: Authenticator, school_a: TenantRef
    ) -> None:
        client = client_for()
        assert sign_in(client, phone).json() == {"next": "/me/"}
        assert client.get("/me/").status_code == 200
        with tenancy.use(school_a):
            row = Session.objects.latest("id")
            assert row.methods == "passkey"
            assert row.strong_at is not None

    def test_without_finger_face_or_pin_is_refused(self, client_for: ClientFor, phone: Authenticator) -> None:
        phone.verifies = False
        assert sign_in(client_for(), phone).status_code == 422

    def test_answer_made_for_another_page_is_refused(
        self, client_for: ClientFor, phone: Authenticator
    ) -> None:
        phone.origin = "http://school-a.mektep.localhost.evil.kz"
        assert sign_in(client_for(), phone).status_code == 422

    def test_same_answer_a_second_time_is_refused(self, client_for: ClientFor, phone: Authenticator) -> None:
        client, thief = client_for(), client_for()
        answer = phone.sign(post(client, f"{SIGN_IN}options/").json())
        thief.cookies["step"] = client.cookies["step"].value
        assert post(client, SIGN_IN, answer).status_code == 200
        assert post(thief, SIGN_IN, answer).status_code == 422

    def test_a_cloned_key_is_noticed_by_its_counter(
        self, client_for: ClientFor, phone: Authenticator
    ) -> None:
        assert sign_in(client_for(), phone).status_code == 200
        phone.counter = 0
        assert sign_in(client_for(), phone).status_code == 422

    def test_another_key_is_refused(self, client_for: ClientFor, phone: Authenticator) -> None:
        other = Authenticator(phone.origin, user=phone.user, key_id=phone.key_id)
        assert sign_in(client_for(), other).status_code == 422

    def test_opens_nothing_in_the_other_school(
        self, client_for: ClientFor, account: Accounts, phone: Authenticator, school_b: TenantRef
    ) -> None:
        account(Role.TEACHER, school=school_b, username="bolat")
        phone.origin = f"http://{school_b.host}"
        assert sign_in(client_for(school=school_b), phone).status_code == 422

    def test_of_a_blocked_person_is_refused(
        self, client_for: ClientFor, phone: Authenticator, school_a: TenantRef
    ) -> None:
        director = client_for(Role.DIRECTOR, username="aigul")
        with tenancy.use(school_a):
            owner = Passkey.objects.get().user_id
        director.post(f"/accounts/{owner}/block/")
        assert sign_in(client_for(), phone).status_code == 422

    def test_is_not_locked_by_others_guessing_the_password(
        self, client_for: ClientFor, phone: Authenticator
    ) -> None:
        for _ in range(6):
            client_for().post("/sign-in/", {"username": "bolat", "password": "guess"})
        assert sign_in(client_for(), phone).status_code == 200

    def test_is_removed_by_its_owner_only(
        self, client_for: ClientFor, phone: Authenticator, school_a: TenantRef
    ) -> None:
        with tenancy.use(school_a):
            row = Passkey.objects.get()
            [row_id, owner] = [row.pk, row.user]
        client_for(Role.DIRECTOR, username="aigul").post(f"{ADD}{row_id}/remove/")
        assert sign_in(client_for(), phone).status_code == 200
        client_for(user=owner).post(f"{ADD}{row_id}/remove/")
        assert sign_in(client_for(), phone).status_code == 422

    @pytest.mark.parametrize("body", [{}, {"id": "x"}, [], "text", {"rawId": "AA", "response": {}}])
    def test_rubbish_is_refused_calmly(self, client_for: ClientFor, body: Any, school_a: TenantRef) -> None:
        client = client_for()
        post(client, f"{SIGN_IN}options/")
        assert post(client, SIGN_IN, body).status_code == 422
