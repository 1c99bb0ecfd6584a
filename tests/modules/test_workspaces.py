"""Each role has a menu and a first page of its own, inside its rights; the rest is found by the search."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import set_urlconf

from identity import api as identity
from identity.services import role_rights
from kernel import tenancy
from kernel.access import ROLES_OF_KIND, Actor, Role
from kernel.tenancy import Kind, TenantRef
from tests.conftest import Accounts, ActorOf, ClientFor
from ui import registry

pytestmark = pytest.mark.requirement("SIS-05")
SPECIALISTS = (
    Role.PSYCHOLOGIST,
    Role.SOCIAL_PEDAGOGUE,
    Role.NURSE,
    Role.LIBRARIAN,
    Role.CANTEEN,
    Role.LAB_ASSISTANT,
)


@pytest.fixture(autouse=True)
def routes() -> Iterator[None]:
    set_urlconf("config.urls.school")
    yield
    set_urlconf(None)


def workspace(actor: Actor) -> tuple[str, ...]:
    menu = [line.url for section in registry.menu_for(actor) for line in section.lines]
    return (*menu, *(line.url for line in registry.actions_for(actor)))


def test_no_two_specialists_have_the_same(in_school: TenantRef, actor_of: ActorOf) -> None:
    seen = {role: workspace(actor_of(role)) for role in SPECIALISTS}
    assert len(set(seen.values())) == len(SPECIALISTS), seen


@pytest.mark.parametrize("role", sorted(ROLES_OF_KIND[Kind.SCHOOL]))
def test_everybody_has_the_first_page_and_nothing_above_the_own_rights(
    in_school: TenantRef, actor_of: ActorOf, role: Role
) -> None:
    actor = actor_of(role)
    assert workspace(actor)[0] == "/"
    for item in (*registry.register.menu, *registry.register.actions):
        if item.is_daily_for(actor):
            assert registry.allowed(actor, item.permission)


def test_daily_roles_may_open_what_is_theirs() -> None:
    """A page is nobody's daily work who may never open it."""
    for item in (*registry.register.menu, *registry.register.actions):
        needed = item.permission if isinstance(item.permission, tuple) else (item.permission,)
        if item.daily and None not in needed:
            assert item.daily <= {role for one in needed if one for role in one.ceiling}, item.url_name


def test_the_social_pedagogue_begins_with_the_register_and_the_librarian_does_not(
    client_for: ClientFor,
) -> None:
    link = "/contingent/pupils/?status=internal_register"
    social, librarian = client_for(Role.SOCIAL_PEDAGOGUE), client_for(Role.LIBRARIAN, username="reader")
    assert link in social.get("/").content.decode()
    assert link not in librarian.get("/").content.decode()
    assert social.get(link).status_code == 200


def test_what_the_menu_leaves_out_is_found_by_the_search(in_school: TenantRef, actor_of: ActorOf) -> None:
    nurse = actor_of(Role.NURSE)
    [employees] = [item for item in registry.register.menu if item.url_name == "staff:employees"]
    assert employees.url not in workspace(nurse)
    found = [hit.url for group in registry.find(str(employees.label), actor=nurse) for hit in group.hits]
    assert employees.url in found


def test_two_roles_add_up(in_school: TenantRef, actor_of: ActorOf) -> None:
    both = set(workspace(actor_of(Role.LIBRARIAN, Role.NURSE)))
    assert both == set(workspace(actor_of(Role.LIBRARIAN))) | set(workspace(actor_of(Role.NURSE)))


def test_a_copy_works_where_its_original_works_and_may_be_narrowed(
    school_a: TenantRef, school_b: TenantRef, account: Accounts, client_for: ClientFor
) -> None:
    with tenancy.use(school_a):
        director = identity.actor_of_user(account(Role.DIRECTOR, username="aigul").pk)
        code = role_rights.copy_role(
            actor=director, role=Role.LIBRARIAN, name_kk="Оқулық қоры", name_ru="Фонд учебников"
        )
        user = account(code, username="reader", person_kind="staff")
        assert "/contingent/pupils/" in workspace(identity.actor_of_user(user.pk))
        role_rights.edit_role(actor=director, role=code, grants=[("school.view_profile", "school")])
        assert workspace(identity.actor_of_user(user.pk)) == ("/",)
    assert client_for(Role.DIRECTOR).get(f"/roles/{code}/").status_code == 200
    assert client_for(Role.DIRECTOR, school=school_b).get(f"/roles/{code}/").status_code == 404
