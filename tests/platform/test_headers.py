"""Every door of every kind of tenant answers with the same closed headers: pages, refusals, errors, programs, static files."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from infra.isolation.routes import routes
from kernel.access import Role
from kernel.tenancy import TenantRef
from tests.conftest import ClientFor

pytestmark = [pytest.mark.requirement("SEC-01"), pytest.mark.requirement("SEC-04")]
# What is the same for everybody and holds nothing of anybody.
JSON = {"content_type": "application/json"}
KEPT_BY_ALL = {"healthz", "readyz", "metrics", "ui:worker", "ui:offline", "ui:language", "ui:theme"}


def faults(answer: HttpResponse) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    named = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    found = []
    if named.get("default-src") != ["'none'"] or "unsafe" in policy or "*" in policy:
        found.append(f"policy: {policy}")
    if named.get("frame-ancestors") != ["'none'"]:
        found.append("frames")
    for name, wanted in (
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
    ):
        if answer.headers.get(name) != wanted:
            found.append(f"{name}: {answer.headers.get(name)}")
    if answer.headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        found.append(f"Referrer-Policy: {answer.headers.get('Referrer-Policy')}")
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        found.append("tells what it runs on")
    return found


def keeps_to_itself(answer: HttpResponse) -> bool:
    said = answer.headers.get("Cache-Control", "")
    return "no-store" in said or "private" in said or "no-cache" in said


@pytest.fixture
def places(
    school_a: TenantRef, authority: TenantRef, family: TenantRef, vendor: TenantRef
) -> dict[str, tuple[TenantRef, Role]]:
    return {
        "school": (school_a, Role.DIRECTOR),
        "authority": (authority, Role.AUTHORITY_HEAD),
        "family": (family, Role.GUARDIAN),
        "vendor": (vendor, Role.OPERATOR),
    }


@pytest.mark.parametrize("kind", ["school", "authority", "family", "vendor"])
def test_of_every_route(places: dict[str, tuple[TenantRef, Role]], client_for: ClientFor, kind: str) -> None:
    place, role = places[kind]
    known, nobody = client_for(role, school=place), client_for(school=place)
    # The gallery's trial stand breaks on a body that no page of its sends: the page of a fault is an answer too.
    known.raise_request_exception = nobody.raise_request_exception = False
    wrong: list[str] = []
    count = 0
    for route in routes(kind):
        if route.name == "identity:sign_out":  # it would end the walk
            continue
        # A refusal to a program is a line of JSON: a page for each of so many would take minutes.
        for client, method, sent in ((known, "GET", {}), (known, "POST", JSON), (nobody, "GET", {})):
            answer = client.generic(method, route.address, **sent)
            count += 1
            told = faults(answer)
            if client is known and route.name not in KEPT_BY_ALL and not keeps_to_itself(answer):
                told.append(f"kept: {answer.headers.get('Cache-Control')}")
            wrong += [f"{method} {route.name} {answer.status_code}: {one}" for one in told]
    assert wrong == []
    assert count > 30


def test_of_the_portal_strangers_and_files(tenants_db: None, school_a: TenantRef) -> None:
    for host, path, status in (
        ("mektep.localhost", "/", 200),
        ("mektep.localhost", "/no-such/", 404),
        ("nobody.mektep.localhost", "/", 421),
        ("files.mektep.localhost", "/", 404),
        (school_a.host, "/static/ui/quarantine.svg", 200),
        (school_a.host, "/static/nothing.js", 404),
    ):
        answer = Client(SERVER_NAME=host).get(path)
        assert answer.status_code == status, (host, path)
        assert faults(answer) == [], (host, path)
