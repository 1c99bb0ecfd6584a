"""Fixtures that every test may use. People have names; Zhanna directs the other school and must see nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection
from django.test import Client

from identity import api as identity
from identity.hashers import SchoolArgon2
from identity.models import User
from identity.services import sessions
from infra.isolation.rollbacks import Rollbacks
from infra.isolation.world import TENANTS
from kernel import jobs, memo, tenancy
from kernel.access import REGISTER, Actor, Role
from kernel.tenancy import TenantRef
from stack import chromium
from tenants import post
from tests import world

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Playwright keeps an event loop in the worker's thread; the tests' own queries there are as synchronous as ever.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# How long an example takes says how busy the machine is; figures of speed stand in tests/benchmarks.
hypothesis.settings.register_profile(
    "calm", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("calm")


@pytest.hookimpl(trylast=True)  # after the shuffling
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The worker's database, for the whole run."""
    with (
        django_db_blocker.unblock(),
        world.database(os.environ.get("PYTEST_XDIST_WORKER", f"p{os.getpid()}")),
    ):
        yield


FULL_STRENGTH = {"time_cost": SchoolArgon2.time_cost, "memory_cost": SchoolArgon2.memory_cost}


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_little() -> Iterator[None]:
    """Thousands of them are made and looked at; `full_strength` is for tests of what they cost."""
    patch = pytest.MonkeyPatch()
    patch.setattr(SchoolArgon2, "time_cost", 1)
    patch.setattr(SchoolArgon2, "memory_cost", 64)
    yield
    patch.undo()


@pytest.fixture
def full_strength(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as in production."""
    for name, value in FULL_STRENGTH.items():
        monkeypatch.setattr(SchoolArgon2, name, value)


@pytest.fixture(autouse=True)
def remembered_pages_are_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page that a test gets from memory is drawn once more and compared: its key must hold all that it shows."""
    monkeypatch.setattr("ui.context.always_draw", True)


@pytest.fixture(autouse=True)
def schools_of_tests_stand_for_living_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters, figures and ports are tried in them; tests/tenants/test_clones.py shuts the doors again."""
    monkeypatch.setattr("kernel.tenancy.SHUT_MODES", frozenset())


@pytest.fixture
def tenants_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Let the test at the database; everything it does in any tenant is rolled back."""
    rollbacks = Rollbacks(kept=world.COMMITTED.__contains__)
    jobs.Collected.clear()
    cache.clear()
    memo.clear_all()
    with django_db_blocker.unblock():
        tenancy.on_bound.append(rollbacks)
        try:
            yield
        finally:
            rollbacks.undo()
            tenancy.on_bound.remove(rollbacks)


@pytest.fixture(scope="session")
def _refs(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> dict[str, TenantRef]:
    with django_db_blocker.unblock():
        refs = {code: world.find(code) for code in TENANTS}
        for ref in refs.values():
            # Beyond the numbers that tests give people who have no account.
            with tenancy.owner(ref), connection.cursor() as cursor:
                cursor.execute("ALTER TABLE identity_user ALTER COLUMN id RESTART WITH 100001")
        return refs


@pytest.fixture
def school_a(tenants_db: None, _refs: dict[str, TenantRef]) -> TenantRef:
    return _refs["school-a"]


@pytest.fixture
def school_b(tenants_db: None, _refs: dict[str, TenantRef]) -> TenantRef:
    return _refs["school-b"]


@pytest.fixture
def authority(tenants_db: None, _refs: dict[str, TenantRef]) -> TenantRef:
    return _refs["authority"]


@pytest.fixture
def region(tenants_db: None, _refs: dict[str, TenantRef]) -> TenantRef:
    return _refs["region"]


@pytest.fixture
def neighbour(tenants_db: None, _refs: dict[str, TenantRef]) -> TenantRef:
    return _refs["neighbour"]


@pytest.fixture
def school_n(tenants_db: None, _refs: dict[str, TenantRef]) -> TenantRef:
    return _refs["school-n"]


@pytest.fixture
def vendor(tenants_db: None, _refs: dict[str, TenantRef]) -> TenantRef:
    return _refs["vendor"]


@pytest.fixture
def family(tenants_db: None, _refs: dict[str, TenantRef]) -> TenantRef:
    return _refs["family"]


@pytest.fixture
def in_school(school_a: TenantRef) -> Iterator[TenantRef]:
    """Stand in school A for the whole test."""
    with tenancy.use(school_a):
        yield school_a


@pytest.fixture
def committed_school(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Callable[..., TenantRef]]:
    """Make schools whose work is committed, for tests where two connections meet: `committed_school()`."""
    made: list[TenantRef] = []

    def make(**options: str) -> TenantRef:
        made.append(world.found_school(**options))
        return made[-1]

    with django_db_blocker.unblock():
        yield make
        for ref in made:
            world.raze(ref)


@pytest.fixture(scope="module")
def _trio(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[list[tuple[TenantRef, set[str]]]]:
    """Three committed schools with letter boxes, for a module's tests; and the tables that were filled when made."""
    with django_db_blocker.unblock():
        made = [world.found_school() for _each in range(3)]
        try:
            for ref in made:
                with tenancy.use(ref):
                    post.ensure_keys()
            yield [(ref, world.filled(ref)) for ref in made]
        finally:
            for ref in made:
                world.raze(ref)


@pytest.fixture
def three_schools(
    _trio: list[tuple[TenantRef, set[str]]], django_db_blocker: pytest.FixtureRequest
) -> Iterator[tuple[TenantRef, TenantRef, TenantRef]]:
    """Three schools whose work is committed, so that letters pass between them; swept after each test."""
    cache.clear()
    jobs.Collected.clear()
    memo.clear_all()
    with django_db_blocker.unblock():
        try:
            first, second, third = (ref for ref, __ in _trio)
            yield first, second, third
        finally:
            for ref, kept in _trio:
                world.sweep(ref, kept=kept)


ActorOf = Callable[..., Actor]


@pytest.fixture
def actor_of(school_a: TenantRef) -> ActorOf:
    """An actor with the default grants of one role, without an account: `actor_of(Role.TEACHER, person_id=…)`."""

    def make(
        *roles: Role,
        school: TenantRef | None = None,
        person_id: UUID | None = None,
        person_kind: str = "staff",
        user_id: int = 1,
        name: str = "Айгүл Серікқызы",
        language: str = "kk",
    ) -> Actor:
        grants = {
            p.code: scopes
            for p in REGISTER.values()
            if (scopes := frozenset(s for role in roles for s in p.defaults.get(role, ())))
        }
        return Actor(
            tenant=school or school_a,
            user_id=user_id,
            name=name,
            person_id=person_id,
            person_kind=person_kind,
            roles=frozenset(str(r) for r in roles),
            grants=grants,
            language=language,
        )

    return make


PASSWORD = "tau-zhanyndagy-auyl"
Accounts = Callable[..., User]
ClientFor = Callable[..., Client]


@pytest.fixture(scope="session")
def _password_hash() -> str:
    return make_password(PASSWORD)


@pytest.fixture
def account(school_a: TenantRef, _password_hash: str) -> Accounts:
    """An account that may sign in with `PASSWORD`: `account(Role.TEACHER, school=…, person_id=…)`.

    In both schools the same user names stand for different people. Stays in the tenant it is asked from.
    """

    def make(
        *roles: Role | str,
        school: TenantRef | None = None,
        person_id: UUID | None = None,
        person_kind: str | None = None,
        username: str | None = None,
        surname: str = "Серікқызы",
        name: str = "Айгүл",
        language: str = "kk",
    ) -> User:
        ref = school or school_a
        if person_kind is None:
            family = {Role.PUPIL: "pupil", Role.PARENT: "guardian", Role.GUARDIAN: "guardian"}
            person_kind = next((family[r] for r in map(Role, roles) if r in family), "staff")
        with tenancy.use(ref):
            [slip] = identity.create_accounts(
                actor=Actor.system_actor("tests"),
                accounts=[
                    identity.NewAccount(
                        person_kind=person_kind,
                        person_id=person_id,
                        surname=surname,
                        name=name,
                        language=language,
                        username=username,
                        roles=tuple(roles),
                    )
                ],
                password=PASSWORD,
                password_hash=_password_hash,
            )
            return User.objects.get(pk=slip.user_id)

    return make


@pytest.fixture
def client_for(account: Accounts, school_a: TenantRef) -> ClientFor:
    """A browser at the school's host: `client_for(Role.TEACHER, person_id=…)` is signed in, `client_for()` is not.

    `client.user` is the account. More accounts: `client_for(user=account(…))`.
    """

    def make(
        *roles: Role | str, school: TenantRef | None = None, user: User | None = None, **person: Any
    ) -> Client:
        ref = school or school_a
        client = Client(SERVER_NAME=ref.host, headers={"user-agent": "Chrome/140 Windows"})
        if roles or user:
            signed_in = user or account(*roles, school=ref, **person)
            with tenancy.use(ref):
                key, __ = sessions.begin(user=signed_in, methods="password", device="tests")
            client.cookies[settings.SESSION_COOKIE_NAME] = key
            client.user = signed_in  # type: ignore[attr-defined]
        return client

    return make


@pytest.fixture
def after_commit() -> Callable[[], int]:
    """Run what waits for the commit of the current tenant's transaction; answer how many callbacks ran."""

    def run() -> int:
        hooks, connection.run_on_commit = connection.run_on_commit, []
        for _, hook, *_rest in hooks:
            hook()
        return len(hooks)

    return run


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of a worker, for journeys and islands alike."""
    from playwright.sync_api import sync_playwright

    program = chromium.find()
    if program is None:
        lacking = pytest.fail if chromium.is_required() else pytest.skip
        lacking("Chromium is missing: the journeys cannot run. Install it and run again.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=chromium.FLAGS)
        yield opened
        opened.close()
