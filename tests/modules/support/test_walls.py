"""Deny by default: a visitor meets only the pages of the lent rights, only by looking, and takes nothing along."""

from __future__ import annotations

from typing import Any

import pytest

from identity import api as identity
from identity import visiting
from infra.isolation.routes import Route, routes
from kernel import tenancy
from kernel.access import REGISTER
from kernel.models import AuditEntry
from registers.api import REGISTERS
from tests.modules.support.conftest import Scene

CODES = [one.code for one in identity.lendable()]
# What shows nothing of the school: the way out, the own page, and the frame's switches.
ALWAYS = {"identity:sign_out", "support:visit", "support:leave"}
# Served before any tenant, to nobody in particular.
WITHOUT_TENANT = {"healthz", "readyz", "metrics"}
# Hundreds of refusals: a program is told in a line what a person is told on a page with all its frame.
SHORT = "application/json"
FRAME = {"identity:enter_visit", "ui:language", "ui:theme", "ui:help", "ui:offline", "ui:worker"}


def lent(route: Route, codes: set[str]) -> bool:
    return any(one.code in codes for one in getattr(route.view, "permissions", ()))


@pytest.mark.requirement("SUP-01", "SEC-04")
@pytest.mark.parametrize(
    "codes",
    [["contingent.view", "contingent.lists"], ["journal.view"], CODES],
    ids=["lists", "journal", "all"],
)
def test_only_the_pages_of_the_lent_rights_answer(codes: list[str], scene: Scene) -> None:
    client = scene.visitor(*codes)
    client.raise_request_exception = False
    wrong: list[Any] = []
    opened = 0
    for route in routes("school"):
        if route.name in ALWAYS | FRAME | WITHOUT_TENANT:
            continue
        answer = client.get(route.address, CONTENT_TYPE=SHORT)
        expected = lent(route, set(codes)) and not route.is_ninja
        if answer.status_code == 200 and (
            not expected or not answer.headers["Content-Type"].startswith("text/html")
        ):
            wrong.append((route.name, answer.status_code, answer.headers["Content-Type"]))
        if not expected and answer.status_code not in (302, 401, 403):
            wrong.append((route.name, answer.status_code, "not lent"))
        if answer.status_code == 302 and not expected and not route.name.endswith(":home"):
            wrong.append((route.name, 302, answer.headers["Location"]))
        if answer.status_code >= 500:
            wrong.append((route.name, answer.status_code, ""))
        opened += answer.status_code == 200
    assert wrong == [], "\n".join(map(str, wrong))
    assert opened >= 1


@pytest.mark.requirement("SUP-01", "SEC-04")
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_whatever_is_lent(method: str, scene: Scene) -> None:
    client = scene.visitor(*CODES)
    client.raise_request_exception = False
    done = [
        (route.name, status)
        for route in routes("school")
        if route.name not in ALWAYS | FRAME | WITHOUT_TENANT
        and (status := getattr(client, method)(route.address, CONTENT_TYPE=SHORT).status_code)
        not in (302, 401, 403)
    ]
    assert done == []


@pytest.mark.requirement("SUP-01")
def test_no_list_is_taken_away_whatever_is_lent(scene: Scene) -> None:
    client = scene.visitor(*CODES)
    names = {one.export_url for one in REGISTERS.values() if one.export_url}
    exports = [route for route in routes("school") if route.name in names]
    assert len(exports) > 5
    assert {client.get(route.address).status_code for route in exports} == {403}
    assert client.get("/contingent/pupils/", {"as": "excel"}).status_code == 403
    assert client.get("/contingent/pupils/").status_code == 200


@pytest.mark.requirement("SUP-01")
def test_the_api_knows_no_visitor_and_gives_no_token(scene: Scene) -> None:
    client = scene.visitor(*CODES)
    assert client.get("/api/v1/me").status_code == 403
    assert client.get("/api/v1/classes?year=2026-27").status_code == 403
    assert client.get("/me/tokens/").status_code == 403
    assert client.post("/me/tokens/", {"label": "x"}).status_code == 403


def test_what_can_be_lent_gives_no_power(in_school: Any) -> None:
    """The mark in the register is for pages alone: none of the dangerous families carries it."""
    assert len(CODES) > 20
    assert not [
        code for code in CODES if code.startswith(("identity.", "imports.", "support.", "registers."))
    ]
    writes = {
        "contingent.edit",
        "journal.set_marks",
        "orders.sign",
        "contingent.export",
        "contingent.reveal_iin",
    }
    assert writes <= set(REGISTER)
    assert not writes & set(CODES)


@pytest.mark.requirement("SUP-01")
def test_personal_fields_that_were_not_named_stay_closed(scene: Scene) -> None:
    """With the lists alone no card opens; with the card alone neither health nor documents."""
    client = scene.visitor("contingent.lists")
    with tenancy.use(scene.school):
        card = next(r for r in routes("school") if r.name == "contingent:pupil").address
    assert client.get(card).status_code == 403
    assert "contingent.card" not in client.get("/support/visit/").content.decode()


@pytest.mark.requirement("SUP-01", "SEC-04")
def test_every_page_is_in_the_chained_log_and_no_query_is(scene: Scene) -> None:
    client = scene.visitor("contingent.view", "contingent.lists")
    client.get("/contingent/pupils/", {"q": "Ахметов"})
    client.get("/orders/")
    with tenancy.use(scene.school):
        rows = list(AuditEntry.objects.filter(action=visiting.PAGE).order_by("id"))
    assert [(row.details["path"], row.outcome) for row in rows] == [
        ("/contingent/pupils/", "ok"),
        ("/orders/", "refused"),
    ]
    assert "Бақыт" in rows[0].actor_name
    assert "Ахметов" not in str([row.details for row in rows])
