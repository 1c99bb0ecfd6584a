"""Bolat signs with eGov Mobile: two addresses, one token for a few minutes, and the same strictness as in the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.test import Client

from documents.models import PhoneSession, Signature
from documents.signing import phones
from documents.signing.data import Unreadable
from integrations.eds_simulator.phone import Answer, NotASquare, Phone
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.errors import NotFound
from kernel.tenancy import TenantRef
from modules.journal import services as journal
from modules.schedule.year import services as year
from modules.staff.models import Employee
from tests import eds
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-36", "INT-05")
MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=ALMATY)
ClientFor = Callable[..., Client]


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    settings.SIGNATURE_TRUST = eds.authority().publish(tmp_path / "trust")


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(MOMENT, tick=True) as traveller:
        yield traveller


@pytest.fixture
def place(in_school: TenantRef, clock: Any, actor_of: Any, client_for: ClientFor) -> tuple[Client, Signature]:
    """Bolat at his screen, and his place under the prepared sheet of a closed quarter."""
    scene = make.scene()
    Employee.objects.filter(pk=scene.teacher.pk).update(iin=eds.BOLAT.iin)
    year.close_period(actor=actor_of(Role.DIRECTOR), period_id=scene.quarter.id)
    client = client_for(Role.TEACHER, person_id=scene.teacher.pk)
    actor: Actor = actor_of(Role.TEACHER, person_id=scene.teacher.pk, user_id=client.user.pk)  # type: ignore[attr-defined]
    frozen = journal.prepare_sheet(actor=actor, course_id=scene.course.pk, period_id=scene.quarter.id)
    return client, Signature.objects.get(pk=frozen.signatures[0].id)


def show(client: Client, row: Signature) -> str:
    """Press the button; the token in the address is what the square says."""
    answer = client.post(f"/documents/sign/{row.pk}/phone/", "{}", content_type="application/json")
    assert answer.status_code == 200
    told = answer.json()
    assert told["svg"].startswith("<svg")
    found = re.search(r"link=(.+)$", told["link"])
    assert found
    return f"mobileSign:{unquote(found[1])}"


def state(client: Client, row: Signature) -> dict[str, str]:
    told: dict[str, str] = client.get(f"/documents/sign/{row.pk}/phone/state/").json()
    return told


def phone(client_for: ClientFor, kind: str = "sign", language: str = "ru") -> Phone:
    """A phone on the street: no session, no cookie, no CSRF token."""
    stranger = client_for()
    stranger.handler.enforce_csrf_checks = True

    def send(method: str, url: str, headers: dict[str, str], body: Any) -> Answer:
        path = "/" + url.split("//", 1)[1].split("/", 1)[1]
        answer = stranger.generic(
            method, path, json.dumps(body) if body else "", "application/json", headers=headers
        )
        return answer.status_code, answer.json()

    return Phone(eds.authority(), eds.key(kind), send, language)


def test_the_whole_way(place: tuple[Client, Signature], client_for: ClientFor) -> None:
    client, row = place
    square = show(client, row)
    assert state(client, row)["state"] == "waiting"
    assert phone(client_for).scan(square) == (200, {"code": "200", "message": "success"})
    row.refresh_from_db()
    assert (row.state, row.route, row.subject) == ("signed", "phone", "ЕРМЕКОВА БОЛАТ")
    told = state(client, row)
    assert told["state"] == "signed"
    assert client.get(told["next"], follow=True).status_code == 200


def test_the_screen_says_that_the_phone_has_read_the_document(
    place: tuple[Client, Signature], client_for: ClientFor
) -> None:
    client, row = place
    reader = phone(client_for)
    token = show(client, row).rstrip("/").rsplit("/", 1)[1]
    bearer = {"Authorization": f"Bearer {phones.bearer_of(token)}"}
    status, given = reader.send("GET", f"http://x/documents/phone/{token}/document/", bearer, None)
    assert (status, given["signMethod"]) == (200, "CMS_SIGN_ONLY")
    assert state(client, row)["state"] == "read"


@pytest.mark.parametrize(("kind", "word"), [("aigul", "ИИН"), ("auth", "AUTH"), ("expired", "истёк")])
def test_a_wrong_key_is_refused_on_the_phone_and_on_the_screen(
    place: tuple[Client, Signature], client_for: ClientFor, kind: str, word: str
) -> None:
    client, row = place
    status, told = phone(client_for, kind).scan(show(client, row))
    assert (status, told["code"]) == (403, "403")
    assert word in told["message"]
    told_here = state(client, row)
    assert told_here["state"] == "refused"
    assert "қабылданбады" in told_here["message"]
    assert told["message"] not in told_here["message"], "the screen speaks its own reader's language"
    row.refresh_from_db()
    assert row.state == "waiting"


def test_a_square_works_for_minutes_only(
    place: tuple[Client, Signature], client_for: ClientFor, clock: Any
) -> None:
    client, row = place
    square = show(client, row)
    clock.shift(phones.LASTS + timedelta(seconds=1))
    assert phone(client_for).scan(square)[0] == 404
    assert state(client, row)["state"] == "expired"


def test_a_new_square_ends_the_one_before(place: tuple[Client, Signature], client_for: ClientFor) -> None:
    client, row = place
    first, second = show(client, row), show(client, row)
    assert phone(client_for).scan(first)[0] == 404
    assert phone(client_for).scan(second)[0] == 200


def test_it_is_used_once(place: tuple[Client, Signature], client_for: ClientFor) -> None:
    client, row = place
    square = show(client, row)
    reader = phone(client_for)
    assert reader.scan(square)[0] == 200
    assert reader.scan(square)[0] == 409
    assert client.post(f"/documents/sign/{row.pk}/phone/").status_code == 409


def test_the_document_wants_the_second_word(place: tuple[Client, Signature], client_for: ClientFor) -> None:
    client, row = place
    token = show(client, row).rstrip("/").rsplit("/", 1)[1]
    path = f"http://x/documents/phone/{token}/document/"
    for header in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {token}"}):
        assert phone(client_for).send("GET", path, header, None)[0] == 401
        assert phone(client_for).send("PUT", path, header, {"documentsToSign": []})[0] == 401


def test_what_is_kept_opens_nothing(place: tuple[Client, Signature]) -> None:
    client, row = place
    token = show(client, row).rstrip("/").rsplit("/", 1)[1]
    kept = PhoneSession.objects.get()
    assert token not in json.dumps({name: str(value) for name, value in vars(kept).items()})
    with pytest.raises(NotFound):
        phones.opened(kept.token_digest)


def test_another_school_knows_no_such_square(
    place: tuple[Client, Signature], client_for: ClientFor, school_b: TenantRef
) -> None:
    client, row = place
    token = show(client, row).rstrip("/").rsplit("/", 1)[1]
    assert client_for(school=school_b).get(f"/documents/phone/{token}/").status_code == 404


def test_another_persons_square_cannot_be_shown(
    place: tuple[Client, Signature], client_for: ClientFor
) -> None:
    __, row = place
    other = client_for(Role.TEACHER, person_id=make.teacher("Сапаров", "Қанат").pk)
    assert other.post(f"/documents/sign/{row.pk}/phone/").status_code == 404
    assert other.get(f"/documents/sign/{row.pk}/phone/state/").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"documentsToSign": []},
        {"documentsToSign": [{}]},
        {"documentsToSign": [{"documentCms": 5}]},
    ],
    ids=str,
)
def test_what_is_no_signature_is_unreadable(body: Any) -> None:
    with pytest.raises(Unreadable):
        phones.cms_in(body)


def test_older_phones_put_the_signature_elsewhere() -> None:
    assert phones.cms_in({"documentsToSign": [{"documentCms": "QUJD"}]}) == b"ABC"


def test_a_phone_reads_only_its_own_kind_of_square(client_for: ClientFor) -> None:
    with pytest.raises(NotASquare):
        phone(client_for).scan("https://example.kz/")
