"""Ways in are changed by who has just shown who it is; at a computer left open nobody guesses either."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client

from identity.models import ApiToken, Session, User
from identity.services import proof
from identity.services.signing_in import TooManyFailures
from kernel import audit, clock, tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef
from tests.conftest import PASSWORD, ActorOf, ClientFor

GUARDED = ("/me/factors/", "/me/factors/totp/", "/me/tokens/")
ACTS = (
    "/me/factors/totp/remove/",
    "/me/factors/codes/",
    "/me/factors/passkeys/1/remove/",
    "/me/tokens/",
)


@pytest.fixture
def noon(tenants_db: None) -> Any:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=False) as clock:
        yield clock


@pytest.fixture
def later(noon: Any, client_for: ClientFor) -> Client:
    """A teacher signed in sixteen minutes ago, who has worked on since."""
    client = client_for(Role.TEACHER, username="bolat")
    noon.shift(16 * 60)
    return client


class TestAsking:
    @pytest.mark.parametrize("page", GUARDED)
    def test_whoever_has_just_signed_in_is_not_asked(
        self, noon: Any, client_for: ClientFor, page: str
    ) -> None:
        client = client_for(Role.TEACHER)
        noon.shift(14 * 60)
        assert client.get(page).status_code == 200

    @pytest.mark.parametrize("page", GUARDED)
    def test_later_the_password_comes_first_and_the_page_after_it(self, later: Client, page: str) -> None:
        asked = later.get(page)
        assert asked.status_code == 302
        assert asked.headers["Location"].startswith("/me/prove/?next=")
        assert later.get(asked.headers["Location"]).status_code == 200
        went_on = later.post("/me/prove/", {"proof": PASSWORD, "next": page})
        assert went_on.headers["Location"] == page
        assert later.get(page).status_code == 200

    @pytest.mark.parametrize("act", ACTS)
    def test_nothing_is_changed_without_it(self, later: Client, school_a: TenantRef, act: str) -> None:
        answer = later.post(act, {"label": "x", "days": "30"})
        assert answer.status_code == 403
        assert 'name="proof"' in answer.content.decode()
        with tenancy.use(school_a):
            assert not ApiToken.objects.exists()
            assert not [one for one in audit.entries() if one.action.startswith("identity.recovery")]

    def test_a_passkey_is_not_added_without_it(self, later: Client) -> None:
        for path in ("options/", ""):
            answer = later.post(f"/me/factors/passkeys/{path}", "{}", content_type="application/json")
            assert (answer.status_code, answer.json()["code"]) == (403, "prove")
            assert answer.json()["message"]

    def test_it_does_not_last_for_ever(self, later: Client, noon: Any) -> None:
        later.post("/me/prove/", {"proof": PASSWORD})
        noon.shift(16 * 60)
        assert later.get("/me/factors/").status_code == 302

    def test_it_counts_on_this_device_alone(self, later: Client, client_for: ClientFor, noon: Any) -> None:
        other = client_for(user=later.user)  # type: ignore[attr-defined]
        noon.shift(16 * 60)
        later.post("/me/prove/", {"proof": PASSWORD})
        assert later.get("/me/factors/").status_code == 200
        assert other.get("/me/factors/").status_code == 302

    def test_it_never_leads_to_another_host(self, later: Client) -> None:
        answer = later.post("/me/prove/", {"proof": PASSWORD, "next": "//evil.kz/"})
        assert answer.headers["Location"] == "/"

    @pytest.mark.parametrize(("language", "words"), [("kk", "Бұл сіз бе?"), ("ru", "Это вы?")])
    def test_it_asks_in_both_languages(self, client_for: ClientFor, language: str, words: str) -> None:
        page = client_for(Role.PARENT, language=language).get("/me/prove/").content.decode()
        assert words in page
        assert 'autocomplete="current-password"' in page


class TestGuessing:
    @pytest.mark.parametrize("place", ["/me/prove/", "/me/password/"])
    def test_five_wrong_ones_close_the_place_even_for_the_right_one(
        self, noon: Any, client_for: ClientFor, place: str
    ) -> None:
        client = client_for(Role.TEACHER)
        more = {"new": "zhana-qupiya-soz-1", "again": "zhana-qupiya-soz-1"}
        for _ in range(5):
            assert client.post(place, {"proof": "no", "present": "no", **more}).status_code == 422
        right = {"proof": PASSWORD, "present": PASSWORD, **more}
        assert client.post(place, right).status_code in (422, 429)
        assert "15" in client.post(place, right).content.decode()
        noon.shift(15 * 60 + 1)
        assert client.post(place, right).status_code == 302

    @pytest.mark.parametrize("place", ["/me/prove/", "/me/password/"])
    def test_a_wrong_one_stays_in_the_log(
        self, client_for: ClientFor, school_a: TenantRef, place: str
    ) -> None:
        client = client_for(Role.TEACHER)
        client.post(place, {"proof": "no", "present": "no", "new": "zhana-soz-12", "again": "zhana-soz-12"})
        with tenancy.use(school_a):
            [line] = [one for one in audit.entries() if one.action == "identity.self.proved"]
        assert (line.outcome, line.object_id) == ("refused", str(client.user.pk))  # type: ignore[attr-defined]

    def test_of_one_person_do_not_close_another(self, client_for: ClientFor) -> None:
        guesser, other = client_for(Role.TEACHER, username="a"), client_for(Role.TEACHER, username="b")
        for _ in range(6):
            guesser.post("/me/prove/", {"proof": "no"})
        assert other.post("/me/prove/", {"proof": PASSWORD}).status_code == 302

    def test_here_do_not_close_the_same_number_in_the_other_school(
        self, actor_of: ActorOf, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        """The same number of an account stands for another person there."""
        for school in (school_a, school_b):
            with tenancy.use(school):
                User.objects.create(
                    id=777, username="bolat", password=make_password(PASSWORD), created_at=clock.now()
                )
        here, there = (actor_of(Role.TEACHER, school=school, user_id=777) for school in (school_a, school_b))
        with tenancy.use(school_a):
            for _ in range(5):
                with pytest.raises(proof.WrongPassword):
                    proof.check_present(actor=here, password="no")
            with pytest.raises(TooManyFailures):
                proof.check_present(actor=here, password=PASSWORD)
        with tenancy.use(school_b):
            proof.check_present(actor=there, password=PASSWORD)


def test_the_password_is_nowhere_in_the_session(client_for: ClientFor, school_a: TenantRef) -> None:
    client = client_for(Role.TEACHER)
    client.post("/me/prove/", {"proof": PASSWORD})
    with tenancy.use(school_a):
        assert PASSWORD not in str(list(Session.objects.values()))
