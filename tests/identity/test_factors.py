"""Second factors: codes, the recovery sheet, and roles that must have one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from identity import policy
from kernel import clock, tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef
from modules.school import api as school
from modules.school.settings_register import WrongValue
from tests.conftest import PASSWORD, Accounts, ActorOf, ClientFor


def code_now(device: TOTPDevice) -> str:
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits)
    generator.time = clock.now().timestamp()
    return f"{generator.token():06d}"


@pytest.fixture
def protected(client_for: ClientFor, account: Accounts, school_a: TenantRef) -> tuple[TOTPDevice, list[str]]:
    """Bolat has switched codes on; answer his device and his recovery codes."""
    client = client_for(user=account(Role.TEACHER, username="bolat"))
    client.get("/me/factors/totp/")
    with tenancy.use(school_a):
        device = TOTPDevice.objects.get()
    response = client.post("/me/factors/totp/", {"code": code_now(device)})
    assert response.status_code == 200
    return device, response.context["codes"]


def password_step(client: Client) -> Any:
    return client.post("/sign-in/", {"username": "bolat", "password": PASSWORD, "next": "/me/"})


class TestCodes:
    def test_a_password_alone_no_longer_opens(
        self, client_for: ClientFor, protected: tuple[TOTPDevice, list[str]]
    ) -> None:
        client = client_for()
        assert password_step(client).headers["Location"] == "/sign-in/code/?next=%2Fme%2F"
        assert client.get("/me/").status_code == 302

    def test_the_code_opens_and_the_same_code_never_again(
        self, client_for: ClientFor, protected: tuple[TOTPDevice, list[str]]
    ) -> None:
        device, __ = protected
        with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
            client, thief = client_for(), client_for()
            password_step(client)
            password_step(thief)
            code = code_now(device)
            answer = client.post("/sign-in/code/", {"code": code, "next": "/me/"})
            assert answer.headers["Location"] == "/me/"
            assert client.get("/me/").status_code == 200
            assert thief.post("/sign-in/code/", {"code": code}).status_code == 422

    def test_a_recovery_code_opens_once(
        self, client_for: ClientFor, protected: tuple[TOTPDevice, list[str]]
    ) -> None:
        __, codes = protected
        for expected in (302, 422):
            client = client_for()
            password_step(client)
            assert client.post("/sign-in/code/", {"code": codes[3].upper()}).status_code == expected

    def test_the_second_step_needs_the_first(
        self, client_for: ClientFor, protected: tuple[TOTPDevice, list[str]]
    ) -> None:
        __, codes = protected
        response = client_for().post("/sign-in/code/", {"code": codes[0]})
        assert response.headers["Location"] == "/sign-in/"

    def test_the_first_step_of_another_school_is_not_ours(
        self,
        client_for: ClientFor,
        account: Accounts,
        school_b: TenantRef,
        protected: tuple[TOTPDevice, list[str]],
    ) -> None:
        client = client_for()
        password_step(client)
        client.defaults["SERVER_NAME"] = school_b.host
        assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"

    def test_five_wrong_codes_close_the_step(
        self, client_for: ClientFor, protected: tuple[TOTPDevice, list[str]]
    ) -> None:
        __, codes = protected
        client = client_for()
        password_step(client)
        for _ in range(5):
            assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
        assert client.post("/sign-in/code/", {"code": codes[0]}).status_code == 429

    def test_director_removes_the_factors_of_a_lost_phone(
        self, client_for: ClientFor, school_a: TenantRef, protected: tuple[TOTPDevice, list[str]]
    ) -> None:
        device, __ = protected
        director = client_for(Role.DIRECTOR, username="aigul")
        assert director.post(f"/accounts/{device.user_id}/drop-factors/").status_code == 302
        assert password_step(client_for()).headers["Location"] == "/me/"

    def test_wrong_first_code_switches_nothing_on(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef
    ) -> None:
        client = client_for(user=account(Role.TEACHER, username="bolat"))
        client.get("/me/factors/totp/")
        assert client.post("/me/factors/totp/", {"code": "000000"}).status_code == 422
        assert password_step(client_for()).headers["Location"] == "/me/"


class TestDemandedFactor:
    def test_roles_with_closed_data_are_led_to_set_one_up(
        self, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        strict = replace(policy.of(_ref()), demands_factor=True)
        monkeypatch.setattr(policy, "of", lambda tenant: strict)
        director, librarian = client_for(Role.DIRECTOR), client_for(Role.LAB_ASSISTANT, username="lab")
        assert director.get("/accounts/").headers["Location"].startswith("/me/factors/?next=")
        assert director.get("/me/factors/").status_code == 200
        assert librarian.get("/me/").status_code == 200

    @pytest.mark.requirement("SIS-04")
    def test_the_school_chooses_of_whom_it_is_demanded(
        self, client_for: ClientFor, in_school: TenantRef, actor_of: ActorOf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        strict = replace(policy.of(_ref()), demands_factor=True)
        monkeypatch.setattr(policy, "of", lambda tenant: strict)
        people = {
            "director": client_for(Role.DIRECTOR, person_kind="staff"),
            "lab": client_for(Role.LAB_ASSISTANT, username="lab", person_kind="staff"),
            "mother": client_for(Role.PARENT, username="mother", person_kind="guardian"),
        }

        def led() -> set[str]:
            return {
                name
                for name, one in people.items()
                if "factors" in one.get("/me/devices/").headers.get("Location", "")
            }

        assert led() == {"director"}
        for chosen, asked in (("staff", {"director", "lab"}), ("nobody", set()), ("sensitive", {"director"})):
            school.change_setting(actor=actor_of(Role.DIRECTOR), code="identity.factor_for", value=chosen)
            assert led() == asked
        with pytest.raises(WrongValue):
            school.change_setting(actor=actor_of(Role.DIRECTOR), code="identity.factor_for", value="robots")

    def test_the_factor_just_set_up_opens_the_session_at_hand(
        self, client_for: ClientFor, school_a: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        strict = replace(policy.of(_ref()), demands_factor=True)
        monkeypatch.setattr(policy, "of", lambda tenant: strict)
        director = client_for(Role.DIRECTOR)
        director.get("/me/factors/totp/")
        with tenancy.use(school_a):
            device = TOTPDevice.objects.get()
        assert director.post("/me/factors/totp/", {"code": code_now(device)}).status_code == 200
        assert director.get("/accounts/").status_code == 200

    def test_is_on_in_live_tenants_and_off_in_the_demo(self) -> None:
        modes = {mode: policy.of(replace(_ref(), mode=mode)) for mode in ("live", "demo", "test")}
        assert modes["live"].demands_factor
        assert not modes["demo"].demands_factor
        assert modes["demo"].one_time_password is None
        assert modes["live"].passwords.staff_length == 12


def _ref() -> TenantRef:
    return TenantRef(id=UUID(int=1), code="x", schema="s_x", kind=tenancy.Kind.SCHOOL, mode="test")
