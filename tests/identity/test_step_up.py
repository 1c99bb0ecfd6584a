"""Before what matters the password is asked for once more: what was typed stays, and the same request goes on."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from identity import api, figures
from identity.models import User
from identity.proving import proved
from identity.services import proof
from identity.services.signing_in import count_guess
from kernel import audit, tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef
from modules.school import api as school
from modules.school.settings_register import WrongValue
from tests.conftest import PASSWORD, Accounts, ActorOf, ClientFor
from tests.identity.authenticator import Authenticator

pytestmark = pytest.mark.requirement("SIS-04", "TEN-03")
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
WORKBOOK = "/accounts/export.xlsx"


@pytest.fixture
def noon(tenants_db: None) -> Any:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=False) as clock:
        yield clock


@pytest.fixture
def director(noon: Any, client_for: ClientFor) -> Client:
    """A director signed in sixteen minutes ago, who has worked on since."""
    client = client_for(Role.DIRECTOR, username="aigul")
    noon.shift(16 * 60)
    return client


@pytest.fixture
def bolat(noon: Any, account: Accounts) -> User:
    return account(Role.TEACHER, username="bolat", name="Болат")


def carried(answer: Any) -> dict[str, Any]:
    """What the page sends on, as a browser would; a name that comes twice has a list."""
    found: dict[str, list[str]] = {}
    [form] = re.findall(r"<form[^>]+data-(?:proves|file)>.*?</form>", answer.content.decode(), re.DOTALL)
    for name, value in _FIELD.findall(form):
        found.setdefault(name, []).append(unescape(value))
    return {name: values for name, values in found.items() if name != "csrfmiddlewaretoken"}


def roles(school_: TenantRef, user: User) -> set[str]:
    with tenancy.use(school_):
        return set(api.actor_of_user(user.pk).roles)


class TestForm:
    def test_nothing_is_done_before_the_password_and_nothing_is_typed_twice(
        self, director: Client, bolat: User, school_a: TenantRef
    ) -> None:
        where = f"/accounts/{bolat.pk}/roles/give/"
        typed = {"role": "librarian", "since": "2026-11-24", "until": "2026-12-01"}
        asked = director.post(
            where, typed, headers={"referer": f"http://{school_a.host}/accounts/{bolat.pk}/"}
        )
        assert asked.status_code == 403
        assert carried(asked) == {
            **{name: [value] for name, value in typed.items()},
            "proof-back": [f"/accounts/{bolat.pk}/"],
        }
        assert f'action="{where}"' in asked.content.decode()
        with tenancy.use(school_a):
            assert len(User.objects.get(pk=bolat.pk).user_roles.all()) == 1
        done = director.post(where, {**carried(asked), "proof": PASSWORD})
        assert done.headers["Location"] == f"/accounts/{bolat.pk}/?done=given"
        with tenancy.use(school_a):
            given = User.objects.get(pk=bolat.pk).user_roles.get(role__code="librarian")
            assert (f"{given.since}", f"{given.until}") == ("2026-11-24", "2026-12-01")
            [line] = [one for one in audit.entries() if one.action == "identity.self.proved"]
        assert (line.outcome, line.details) == ("ok", {"method": "password", "act": "identity:give_role"})

    def test_fields_of_one_name_all_come_through(self, director: Client, school_a: TenantRef) -> None:
        kept = ["journal.view:school", "contingent.lists:school"]
        asked = director.post("/roles/librarian/", {"grant": kept})
        assert carried(asked)["grant"] == kept

    def test_a_wrong_password_keeps_all_and_is_said(self, director: Client, bolat: User) -> None:
        where = f"/accounts/{bolat.pk}/roles/give/"
        again = director.post(where, {"role": "librarian", "proof": "no", "proof-back": "/accounts/"})
        assert again.status_code == 422
        assert 'role="alert"' in again.content.decode()
        assert carried(again) == {"role": ["librarian"], "proof-back": ["/accounts/"]}

    def test_whoever_has_just_signed_in_is_not_asked(
        self, noon: Any, client_for: ClientFor, bolat: User, school_a: TenantRef
    ) -> None:
        client = client_for(Role.DIRECTOR, username="aigul")
        client.post(f"/accounts/{bolat.pk}/roles/give/", {"role": "librarian"})
        assert "librarian" in roles(school_a, bolat)

    def test_the_way_back_leads_to_no_other_host(self, director: Client, bolat: User) -> None:
        where = f"/accounts/{bolat.pk}/roles/give/"
        for given in ({"headers": {"referer": "https://evil.kz/x"}}, {}):
            asked = director.post(where, {"role": "librarian"}, **given)
            assert carried(asked)["proof-back"] == ["/"]
        asked = director.post(where, {"proof": "no", "proof-back": "//evil.kz/"})
        assert carried(asked)["proof-back"] == ["/"]

    def test_a_fragment_gives_way_to_the_page_that_asks(
        self, director: Client, bolat: User, school_a: TenantRef
    ) -> None:
        answer = director.post(
            f"/accounts/{bolat.pk}/roles/give/", {"role": "librarian"}, headers={"hx-request": "true"}
        )
        assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "body")
        assert carried(answer)["role"] == ["librarian"]
        page = f"http://{school_a.host}/accounts/?q=1"
        led = director.get(WORKBOOK, headers={"hx-request": "true", "hx-current-url": page})
        assert led.headers["HX-Redirect"] == "/me/prove/?next=%2Faccounts%2F%3Fq%3D1"

    @pytest.mark.parametrize(("language", "words"), [("kk", "Бұл сіз бе?"), ("ru", "Это вы?")])
    def test_it_asks_in_both_languages(
        self, noon: Any, client_for: ClientFor, language: str, words: str
    ) -> None:
        client = client_for(Role.DIRECTOR, language=language)
        noon.shift(16 * 60)
        page = client.post("/roles/librarian/copy/", {"name_kk": "а", "name_ru": "б"}).content.decode()
        assert words in page
        assert "15 минут" in page


class TestFile:
    def test_comes_after_the_password(self, director: Client) -> None:
        asked = director.get(f"{WORKBOOK}?q=%D0%B1%D0%BE%D0%BB", headers={"referer": "http://x/"})
        assert asked.status_code == 302
        page = director.get(asked.headers["Location"])
        ready = director.post("/me/prove/", {**carried(page), "proof": PASSWORD})
        assert ready.status_code == 200
        assert f'content="0; url={WORKBOOK}?q=%D0%B1%D0%BE%D0%BB"' in ready.content.decode()
        assert director.get(WORKBOOK).headers["Content-Type"].endswith("sheet")

    def test_of_chosen_rows_comes_by_a_button(self, director: Client, bolat: User) -> None:
        asked = director.post("/accounts/act/", {"do": "export", "one": [str(bolat.pk)], "query": ""})
        assert asked.status_code == 403
        ready = director.post("/accounts/act/", {**carried(asked), "proof": PASSWORD})
        assert ready.status_code == 200
        assert "data-file" in ready.content.decode()
        book = director.post("/accounts/act/", carried(ready))
        assert book.headers["Content-Type"].endswith("sheet")

    def test_looking_at_the_list_wants_nothing(self, director: Client) -> None:
        assert director.get("/accounts/").status_code == 200
        assert director.post("/accounts/act/", {"do": "block", "query": ""}).status_code == 302


class TestGuessing:
    def test_wrong_ones_close_the_door_as_well(
        self, director: Client, client_for: ClientFor, bolat: User
    ) -> None:
        where = f"/accounts/{bolat.pk}/roles/give/"
        for _ in range(5):
            assert director.post(where, {"role": "librarian", "proof": "no"}).status_code == 422
        closed = director.post(where, {"role": "librarian", "proof": PASSWORD})
        assert closed.status_code == 429
        assert carried(closed)["role"] == ["librarian"]
        door = client_for().post("/sign-in/", {"username": "aigul", "password": PASSWORD})
        assert door.status_code == 429

    def test_of_one_school_close_nothing_in_the_other(
        self, client_for: ClientFor, account: Accounts, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        account(Role.DIRECTOR, username="aigul", school=school_b)
        with tenancy.use(school_a):
            user = account(Role.DIRECTOR, username="aigul")
            for _ in range(5):
                count_guess(user, address="127.0.0.1")
        typed = {"username": "aigul", "password": PASSWORD}
        assert client_for().post("/sign-in/", typed).status_code == 429
        assert client_for(school=school_b).post("/sign-in/", typed).status_code == 302

    def test_an_empty_field_is_no_guess(self, director: Client, school_a: TenantRef) -> None:
        for _ in range(6):
            director.post("/me/prove/", {"proof": ""})
        assert director.post("/me/prove/", {"proof": PASSWORD}).status_code == 302


class TestOtherWays:
    def test_six_digits_of_the_application_do(self, director: Client, noon: Any, school_a: TenantRef) -> None:
        with tenancy.use(school_a):
            device = TOTPDevice.objects.create(user=director.user, confirmed=True)
        generator = TOTP(device.bin_key, device.step, device.t0, device.digits)
        assert director.post("/me/prove/", {"proof": "000000"}).status_code == 422
        page = director.get("/me/prove/").content.decode()
        assert "алты сан" in page
        noon.shift(5)
        assert director.post("/me/prove/", {"proof": f"{generator.token():06d}"}).status_code == 302
        assert director.get(WORKBOOK).status_code == 200

    def test_digits_of_somebody_without_the_application_are_a_password(self, director: Client) -> None:
        assert director.post("/me/prove/", {"proof": "123456"}).status_code == 422

    def test_ones_own_passkey_does_and_another_persons_does_not(
        self, noon: Any, client_for: ClientFor, bolat: User, school_a: TenantRef
    ) -> None:
        devices = []
        for client in (own := client_for(Role.DIRECTOR, username="aigul"), client_for(user=bolat)):
            device = Authenticator(f"http://{school_a.host}")
            asked = client.post("/me/factors/passkeys/options/", {}, content_type="application/json")
            made = device.make(asked.json())
            client.post("/me/factors/passkeys/", made, content_type="application/json")
            devices.append(device)
        noon.shift(16 * 60)
        assert "prove-passkey" in own.get("/me/prove/").content.decode()
        statuses = []
        for device in reversed(devices):
            asked = own.post("/sign-in/passkey/options/", {}, content_type="application/json")
            shown = device.sign(asked.json())
            answer = own.post("/me/prove/passkey/", shown, content_type="application/json")
            statuses.append((answer.status_code, own.get(WORKBOOK).status_code))
        assert statuses == [(403, 302), (200, 200)]
        # The form in the page goes on by itself, with an empty field.
        own.post(f"/accounts/{bolat.pk}/roles/give/", {"role": "librarian", "proof": ""})
        assert "librarian" in roles(school_a, bolat)

    def test_a_token_is_told_in_a_code(self, in_school: TenantRef, actor_of: ActorOf) -> None:
        request: Any = RequestFactory().get("/api/v1/x", headers={"authorization": "Bearer mk_x"})
        request.actor, request.session = actor_of(Role.DIRECTOR), None
        with pytest.raises(proof.ProofNeeded) as refusal:
            proved(lambda request: HttpResponse("list"))(request)
        assert (refusal.value.code, refusal.value.status) == ("prove", 403)

    def test_a_program_in_the_browser_is_told_in_a_code(self, director: Client, bolat: User) -> None:
        answer = director.post(f"/accounts/{bolat.pk}/roles/give/", {}, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "prove")


class TestFigures:
    @pytest.fixture
    def vice(self, in_school: TenantRef, actor_of: ActorOf) -> Any:
        return actor_of(Role.DIRECTOR)

    def test_the_school_chooses_how_long_a_password_counts_and_the_other_is_not_touched(
        self, noon: Any, client_for: ClientFor, vice: Any, school_b: TenantRef
    ) -> None:
        school.change_setting(actor=vice, code="identity.proof_minutes", value=5)
        here, there = client_for(Role.DIRECTOR), client_for(Role.DIRECTOR, school=school_b)
        noon.shift(6 * 60)
        assert (here.get(WORKBOOK).status_code, there.get(WORKBOOK).status_code) == (302, 200)

    @pytest.mark.parametrize("figure", figures.FIGURES, ids=lambda one: one.code)
    def test_each_stands_among_the_rules_with_bounds_and_source(
        self, client_for: ClientFor, vice: Any, figure: figures.Figure
    ) -> None:
        for value in (figure.minimum - 1, figure.maximum + 1):
            with pytest.raises(WrongValue):
                school.change_setting(actor=vice, code=figure.code, value=value)
        client = client_for(Role.DIRECTOR, language="ru")
        page = client.get(f"/school/settings/{figure.code}/").content.decode()
        for said in (figure.minimum, figure.maximum, figure.default):
            assert re.search(rf"<dd[^>]*>\s*{said}\b", page)

    def test_a_figure_is_not_loosened_at_a_computer_left_open(self, director: Client) -> None:
        page = "/school/settings/identity.proof_minutes/"
        assert director.get(page).status_code == 200
        assert director.post(page, {"value": "30"}).status_code == 403
        assert director.post("/school/settings/journal.pass_from/", {"value": "50"}).status_code == 302
        assert director.post(page, {"value": "30", "proof": PASSWORD}).status_code == 302
