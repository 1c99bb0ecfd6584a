"""Every page of every role: readable by everybody, whole at 375 px, in both languages, light and dark."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.walking import Walk, menu_of

# One person for every menu that there is; test_every_menu_is_walked keeps the list whole.
ROLES = [
    ("karkaraly-1", "director"),
    ("karkaraly-1", "secretary"),
    ("karkaraly-1", "class_teacher"),
    ("karkaraly-1", "teacher"),
    ("karkaraly-1", "observer"),
    ("karkaraly-1", "psychologist"),
    ("karkaraly-1", "educator"),
    ("karkaraly-1", "deputy_facilities"),
    ("karkaraly-1", "parent"),
    ("karkaraly-1", "pupil"),
    ("tegisshildik", "deputy_academic"),
    ("karkaraly", "authority_head"),
    ("karaganda", "authority_head"),
    ("karaganda", "authority_analyst"),
    ("my", "guardian"),
    ("ops", "operator"),
    ("ops", "support"),
]
# Pages to which no link leads: the gallery of components, the list of what was found, the first steps of a school.
BY_ADDRESS = {"director": ["/ui/", "/ui/search?q=ая", "/school/start/"]}


@pytest.mark.requirement("GEN-05", "MOB-06")
@pytest.mark.parametrize(("tenant", "role"), ROLES, ids=[f"{t}-{r}" for t, r in ROLES])
def test_pages_of_the_menu_and_behind_it(visitors: Any, walk: Walk, tenant: str, role: str) -> None:
    visitor = visitors()
    login = visitor.sign_in(tenant, role)
    menu = walk.menus[role] = menu_of(visitor.page)
    pages, troubles = walk.pages(visitor.page, login.kind, [*menu, *BY_ADDRESS.get(role, [])])
    for view, path in pages.items():
        # What lies behind the menu looks the same for everybody who may open it.
        if path in menu or view not in walk.parts:
            troubles += walk.examine(visitor.page, visitor.district.url(login.host, path), view)
    assert not troubles, "\n".join(troubles)


def test_every_menu_is_walked(visitors: Any, district: Any, walk: Walk) -> None:
    """Whatever a role of the demo has in its menu, somebody of ROLES has walked it in a tenant of that kind."""
    people = {login.role: login for login in district.logins}
    for role in people.keys() - walk.menus.keys():
        visitor = visitors()
        visitor.sign_in_as(people[role].host, people[role].username, people[role].password)
        walk.menus[role] = menu_of(visitor.page)
    walked = {(people[role].kind, line) for _, role in ROLES for line in walk.menus[role]}
    assert {(p.kind, line) for role, p in people.items() for line in walk.menus[role]} - walked == set()


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("mektep.localhost", "/"),
        ("karkaraly-1.mektep.localhost", "/sign-in/"),
        ("karkaraly-1.mektep.localhost", "/sign-in/forgotten/"),
        ("karkaraly-1.mektep.localhost", "/ui/offline"),
        ("karkaraly-1.mektep.localhost", "/nowhere/"),
        ("karkaraly-1.mektep.localhost", "/records/genuine/AAAAAAAAAAAAAAAAAAAAAA/"),
        ("nobody.mektep.localhost", "/"),
    ],
)
def test_pages_without_sign_in(visitors: Any, walk: Walk, host: str, path: str) -> None:
    visitor = visitors()
    troubles = walk.examine(visitor.page, visitor.district.url(host, path), host + path)
    assert not troubles, "\n".join(troubles)
