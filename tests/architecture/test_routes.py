"""No door without a guard, and each guard lets in exactly whom the register of permissions names."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from identity import api as identity
from infra.isolation.routes import KINDS, Route, routes
from kernel.access import ROLES_OF_KIND, Role
from kernel.tenancy import Kind, TenantRef
from modules.orders.data import Register as Book
from registers.api import REGISTERS, Register
from tests.conftest import ClientFor

# Whatever is added here can be opened by anybody on the internet: it shows no person's data.
PUBLIC = {
    "healthz",
    "readyz",
    "metrics",
    "identity:sign_in",
    "identity:second_step",
    "identity:forgotten",
    "identity:passkey_sign_in_options",
    "identity:passkey_sign_in",
    "identity:sign_out",
    "identity:enter_visit",  # the page that a one-use way in leads to: shows nothing, opens by the ticket alone
    "schedule:feed_read",  # a calendar by its unguessable address: lessons without a name
    "documents:phone",  # a document for one phone by its unguessable link that lives minutes; what is brought is verified
    "documents:phone_document",
    "records:verify",  # a certificate of study by its unguessable link: masked
    "ui:gallery",  # the gallery of components and the journal's trial stand: not there in live installations
    "ui:journal_harness",
    "ui:journal_history",
    "ui:journal_save",
    "ui:language",
    "ui:theme",
    "ui:offline",
    "ui:worker",
    "ui:help",
}
PUBLIC_SPACES = ("tenants:", "portal:")  # the portal host, where nobody is signed in


@pytest.mark.parametrize("kind", KINDS)
def test_every_route_says_who_may_open_it(kind: str) -> None:
    silent = [
        route.name
        for route in routes(kind)
        if not route.is_ninja
        and not getattr(route.view, "permissions", ())
        and not getattr(route.view, "signed_in", False)
        and not getattr(route.view, "is_public", False)
    ]
    assert silent == [], "add @requires(P), @signed_in or @public_view"


@pytest.mark.parametrize("kind", KINDS)
def test_public_routes_are_the_few_that_we_named(kind: str) -> None:
    opened = {r.name for r in routes(kind) if getattr(r.view, "is_public", False)}
    if kind == "portal":
        opened = {name for name in opened if not name.startswith(PUBLIC_SPACES)}
    assert opened <= PUBLIC


def guarded(kind: str) -> list[Route]:
    """Routes that ask for a permission; those with arguments are asked for things that are not there."""
    return [r for r in routes(kind) if getattr(r.view, "permissions", ())]


def may_open(role: Role, route: Route) -> bool:
    return any(p.defaults.get(role) for p in route.view.permissions)  # type: ignore[attr-defined]


def fixture_of(kind: str) -> str:
    return {"school": "school_a", "authority": "authority", "vendor": "vendor", "family": "family"}[kind]


CASES = [(kind, role) for kind in Kind if kind is not Kind.PUBLIC for role in sorted(ROLES_OF_KIND[kind])]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("kind", "role"), CASES, ids=[f"{kind}-{role}" for kind, role in CASES])
def test_each_role_is_refused_exactly_where_the_register_says_so(
    kind: Kind, role: Role, method: str, client_for: ClientFor, request: pytest.FixtureRequest
) -> None:
    school: TenantRef = request.getfixturevalue(fixture_of(kind.value))
    client = client_for(role, school=school)
    client.raise_request_exception = False
    wrong: list[Any] = []
    for route in guarded(kind.value):
        # A refusal to a program is a line of JSON: a page for each of so many would take minutes.
        status = client.generic(method, route.address, CONTENT_TYPE="application/json").status_code
        if status == 405:  # not served by this method
            continue
        if (status == 403) == may_open(role, route) or status >= 500:
            wrong.append((route.name, status, "may" if may_open(role, route) else "may not"))
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("kind", [k.value for k in Kind if k is not Kind.PUBLIC])
def test_nobody_signed_in_is_led_to_the_sign_in_page(
    kind: str, method: str, client_for: ClientFor, request: pytest.FixtureRequest
) -> None:
    client = client_for(school=request.getfixturevalue(fixture_of(kind)))
    for route in routes(kind):
        if route.is_ninja or getattr(route.view, "is_public", False):
            continue
        response = getattr(client, method)(route.address)
        assert response.status_code in (302, 405), route.name
        if response.status_code == 302:
            assert response.headers["Location"].startswith("/sign-in/"), route.name


# What is done only by who has just shown who it is (identity.proving); of lists, when they are taken away as a file.
PROVED = {
    *("identity:factors", "identity:set_up_totp", "identity:remove_totp", "identity:recovery_codes"),
    *("identity:passkey_add_options", "identity:passkey_add", "identity:passkey_remove", "identity:tokens"),
    *("identity:give_role", "identity:take_role", "identity:approve_role", "identity:drop_factors"),
    *("identity:role", "identity:copy_role", "identity:rename_role", "identity:remove_role"),
    *("identity:export", "identity:act_on_accounts"),
    *("school:access_workbook", "school:access_paper", "school:edit_setting"),
    *(
        "contingent:pupils_excel",
        "contingent:classes_excel",
        "contingent:charges_excel",
        "contingent:act_on_pupils",
        "contingent:school_class",
        "contingent:class_health",
    ),
    *(
        "staff:add",
        "staff:give_login",
        "staff:excel",
        "staff:act_on_employees",
        "staff:service",
        "staff:dates",
    ),
    *("records:alphabet", "records:movement", "records:certificates", "journal:export"),
    *("schedule:close", "schedule:reopen", "schedule:book_excel", "schedule:book_pdf", "schedule:hours"),
    *(f"orders:excel_{book}" for book in Book),
    *("journal:sheets_excel", "journal:planner_watch_excel", "journal:year_failing_excel"),
    *("journal:openings_excel", "journal:remarks_excel", "journal:changes_excel"),
    *("journal:cards_pdf", "journal:card_book_pdf", "journal:card_book_excel"),
    *("journal:course_pdf", "journal:course_excel", "journal:archive", "journal:archive_file"),
    "journal:print_remarks",
    "journal:journals_excel",
    "journal:class_summary",
    "journal:report_achievement",
    "journal:report_class",
    "journal:report_class_list",
    "journal:report_filling_list",
    "journal:report_mentor",
    "journal:report_mentor_list",
    "journal:report_pupils",
    "journal:report_work",
    "journal:report_works",
    "journal:report_years",
    "journal:report_years_pupils",
    *("plans:excel", "plans:lesson_plans_excel"),
    *("support:grant", "breaches:workbook"),
    *("school:take_along", "school:take_along_file"),
}
PROVED_OF_VENDOR = {"ops:export", "desk:way_in"}
POWER = {identity.permissions.GIVE_ROLES, identity.permissions.EDIT_ROLES, identity.permissions.APPROVE_ROLES}
# Lists whose workbook tells of no person.
NOT_OF_PEOPLE = {"schedule:timetable_rooms_excel", *PROVED_OF_VENDOR}
# Refusing, or taking one's own request back, gives nobody anything.
HARMLESS = {"identity:roles", "identity:role_requests", "identity:refuse_role", "identity:withdraw_role"}


def proving(kind: str) -> dict[str, Route]:
    return {r.name: r for r in routes(kind) if getattr(r.view, "wants_proof", False)}


def test_what_matters_wants_the_password_once_more() -> None:
    assert set(proving("school")) == PROVED
    for kind in ("authority", "family", "vendor"):
        assert set(proving(kind)) == (PROVED | PROVED_OF_VENDOR) & {r.name for r in routes(kind)}


def test_no_power_over_roles_is_used_without_it() -> None:
    used = {r.name for r in routes("school") if POWER & set(getattr(r.view, "permissions", ()))}
    assert used - HARMLESS <= set(proving("school"))


def test_every_list_with_a_workbook_of_people_wants_it() -> None:
    urls = {one for register in REGISTERS.values() for one in (register.export_url, register.act_url) if one}
    wanted = {one for one in urls if register_of(one).export_permission}
    assert wanted - NOT_OF_PEOPLE <= set(proving("school"))


def register_of(url_name: str) -> Register:
    return next(one for one in REGISTERS.values() if url_name in (one.export_url, one.act_url))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_asked_after_the_permission_and_carries_no_upload(kind: str) -> None:
    for route in proving(kind).values():
        assert "FILES" not in inspect.getsource(inspect.unwrap(route.view)), route.name
        wrapped = [Path(one.__code__.co_filename).stem for one in layers(route.view)]
        assert wrapped.index("access") < wrapped.index("proving"), route.name


def layers(view: Any) -> Iterator[Any]:
    """The view's decorators from outside in, and the view."""
    while view is not None:
        yield view
        view = getattr(view, "__wrapped__", None)
