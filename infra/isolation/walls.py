"""Each wall is taken away in the scratch database; a removal that no probe notices is a wall that nobody tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest import mock

from django.conf import settings
from django.core import signing
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse
from psycopg import sql

from identity import living
from identity.credentials import key_hash
from identity.models import Session
from infra.isolation.canaries import Scanner, mark_of
from infra.isolation.visitor import Visitor
from infra.isolation.world import World
from kernel import cache, clock, crypto, tenancy
from kernel.access import Actor, Scope
from kernel.db.base import DatabaseWrapper
from kernel.errors import NoTenant
from kernel.tenancy import Binding, TenantRef
from tenants.models import Contract, Passage, Tenant
from tenants.roles import APPEND_ONLY

Removal = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Wall:
    """`stands` tries to climb it; `removed` takes it away inside the block."""

    name: str
    stands: Callable[[], bool]
    removed: Removal


@dataclass(frozen=True, slots=True)
class Verdict:
    stood: bool
    noticed: bool
    stands_again: bool

    @property
    def is_green(self) -> bool:
        return self.stood and self.noticed and self.stands_again

    def __str__(self) -> str:
        if not self.stood:
            return "does not stand"
        if not self.noticed:
            return "its removal was not noticed"
        return "stands" if self.stands_again else "did not come back"


def examine(world: World, visitor: Visitor) -> dict[str, Verdict]:
    """Every wall: it stands, its removal is noticed, it stands again."""
    verdicts = {}
    eye = visitor.scanner
    # What leaves while a wall is away is no finding.
    visitor.scanner = Scanner(mark_of(world.a))
    for wall in _walls(world, visitor):
        stood = wall.stands()
        with wall.removed():
            noticed = not wall.stands()
        verdicts[wall.name] = Verdict(stood, noticed, wall.stands())
    visitor.scanner = eye
    return verdicts


def _walls(world: World, visitor: Visitor) -> Iterator[Wall]:
    a, b = world.a, world.b
    yield from _role_walls(a, b)
    yield from _role_walls(b, a, " (B against A)")
    yield Wall("backend: no tenant, no cursor", _no_tenant_no_cursor, _backend_that_fails_open)
    yield from _row_walls(world)
    for table in APPEND_ONLY:
        yield Wall(
            f"log: {table}",
            lambda table=table: _is_refused(a, f"UPDATE {table} SET id = id WHERE false"),  # type: ignore[misc]
            lambda table=table: _granted(a, f"UPDATE ON {a.schema}.{table}"),  # type: ignore[misc]
        )
    _same_key_in_both(world)
    yield Wall(
        "session: of this tenant alone",
        lambda: _session_is_nobody(world, visitor),
        lambda: _session_moved(world),
    )
    yield Wall(
        "token: of this tenant alone",
        lambda: _token_is_nobody(world, visitor),
        lambda: mock.patch.object(living._TOKEN, "kept", lambda key: key_hash(f"{a.id}:{key}")),
    )
    pupils = _List(world, visitor)
    yield Wall(
        "canaries: a page that shows another school is seen",
        pupils.shows_nobody_else,
        pupils.leaking,
    )
    yield Wall("application: permission", lambda: _pupil_is_refused(world, visitor), _everybody_may)
    yield Wall("cache: the tenant in the key", lambda: _cache_is_apart(a, b), _key_without_tenant)
    yield Wall("keys: digest", lambda: _digests_differ(a, b), _one_key_for_all)
    yield Wall("keys: signer", lambda: _token_is_refused(a, b), _one_key_for_all)
    yield Wall("keys: what is locked", lambda: _locked_stays_locked(a, b), _one_key_for_all)


# --- the role of the database


def _is_refused(ref: TenantRef, statement: str) -> bool:
    """Whether the tenant's role may not run the statement; nothing of it stays."""
    with tenancy.use(ref):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                transaction.set_rollback(True)
        except DatabaseError as refusal:
            return "permission denied" in str(refusal)
    return False


def _role_walls(a: TenantRef, b: TenantRef, which: str = "") -> Iterator[Wall]:
    reads = f"SELECT count(*) FROM {b.schema}.identity_user"

    def stands() -> bool:
        return _is_refused(a, reads)

    @contextmanager
    def with_rights() -> Iterator[None]:
        with (
            _granted(a, f"USAGE ON SCHEMA {b.schema}"),
            _granted(a, f"SELECT ON {b.schema}.identity_user"),
        ):
            yield

    @contextmanager
    def as_owner() -> Iterator[None]:
        tenancy.forget()
        owner = (settings.DB_OWNER_USER, settings.DB_OWNER_PASSWORD)
        with (
            mock.patch.object(Binding, "credentials", lambda self: owner),
            mock.patch.object(Binding, "connection_options", lambda self: f"-c search_path={self.schema}"),
        ):
            yield
        tenancy.forget()

    yield Wall(f"role: no right in another schema{which}", stands, with_rights)
    yield Wall(f"role: a login for each tenant{which}", stands, as_owner)


@contextmanager
def _granted(ref: TenantRef, what: str) -> Iterator[None]:
    role = sql.Identifier(tenancy.role_name(ref.schema))
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("GRANT " + what + " TO {}").format(role))
    try:
        yield
    finally:
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute(sql.SQL("REVOKE " + what + " FROM {}").format(role))


# --- the backend


def _no_tenant_no_cursor() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except NoTenant:
        return True
    return False


@contextmanager
def _backend_that_fails_open() -> Iterator[None]:
    """As the stock backend does: whoever chose no tenant stands in public."""
    before = connections["default"]
    public = Binding("public", tenancy.role_name("front"), tenancy.Kind.PUBLIC)
    connections["default"] = wrapper = DatabaseWrapper(before.settings_dict, "default", public)
    try:
        yield
    finally:
        connections["default"] = before
        wrapper.close()


# --- rows of the public tables


def _row_walls(world: World) -> Iterator[Wall]:
    a, b, n = world.a, world.b, world.n
    _rows_of_others(b, n)
    attempts = {
        "tenants_rollupfact": f"SELECT 1 FROM public.tenants_rollupfact WHERE school_id = '{b.id}' LIMIT 1",
        "tenants_rollupfreshness": f"SELECT 1 FROM public.tenants_rollupfreshness WHERE school_id = '{b.id}'",
        "tenants_rollupnode": "SELECT 1 FROM public.tenants_rollupnode LIMIT 1",
        "tenants_envelope": "SELECT 1 FROM public.tenants_envelope LIMIT 1",
        "tenants_envelopecontent": "SELECT 1 FROM public.tenants_envelopecontent LIMIT 1",
        "tenants_publickey": "INSERT INTO public.tenants_publickey (id, tenant_id, number, sealing, signing)"
        f" VALUES (gen_random_uuid(), '{b.id}', 99, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))"
        " RETURNING 1",
    }  # fmt: skip
    for table in _with_row_security():
        # A table that is not named above is read by its column of the tenant.
        attempt = attempts.get(table, f"SELECT 1 FROM public.{table} WHERE tenant_id = '{b.id}' LIMIT 1")
        if table not in attempts and _is_refused(a, f"SELECT 1 FROM public.{table}"):
            continue  # the role has no right to the table at all
        yield Wall(
            f"rows: {table}",
            lambda attempt=attempt: _sees_nothing(a, attempt),  # type: ignore[misc]
            lambda table=table: _without_row_security(table),  # type: ignore[misc]
        )


def _with_row_security() -> list[str]:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def _sees_nothing(ref: TenantRef, attempt: str) -> bool:
    with tenancy.use(ref):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attempt)
                found = cursor.fetchall()
                transaction.set_rollback(True)
        except DatabaseError as refusal:
            return "row-level security" in str(refusal)
    return not found


@contextmanager
def _without_row_security(table: str) -> Iterator[None]:
    name = sql.Identifier("public", table)
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(name))
    try:
        yield
    finally:
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))


def _rows_of_others(sender: TenantRef, receiver: TenantRef) -> None:
    """Something in every public table that is none of school A's business."""
    today = clock.today()
    with tenancy.owner(), connection.cursor() as cursor:
        Contract.objects.create(
            tenant_id=sender.id,
            since=today - timedelta(days=30),
            until=today + timedelta(days=365),
            made_at=clock.now(),
        )
        Passage.objects.create(tenant_id=sender.id, state=Tenant.State.ACTIVE, at=clock.now(), by_hand=False)
        cursor.execute(
            "WITH cover AS (INSERT INTO public.tenants_envelope (id, sender_id, receiver_id, sender_key, receiver_key,"
            " expires_on) VALUES (gen_random_uuid(), %s, %s, 1, 1, current_date + 30) RETURNING id)"
            " INSERT INTO public.tenants_envelopecontent (envelope_id, sealed)"
            " SELECT id, decode(repeat('00', 16384), 'hex') FROM cover",
            [sender.id, receiver.id],
        )
        cursor.execute(
            "INSERT INTO public.tenants_rollupfreshness (school_id, refreshed_at, mismatches) VALUES (%s, now(), 0)"
            " ON CONFLICT DO NOTHING",
            [sender.id],
        )
        cursor.execute(
            "INSERT INTO public.tenants_rollupnode (node_id, metric, version, year, period, dimension, value, numerator,"
            " denominator, people, schools, hidden, as_of) VALUES (%s, 'trial', 1, '2026-27', 'q1', 'all', '', 1, 1, 9, 2,"
            " 0, now()) ON CONFLICT DO NOTHING",
            [receiver.parent_id],
        )


# --- the application


def _same_key_in_both(world: World) -> None:
    """School B gets a session with the very key of A's, as a copied database has it; it says that it is A's."""
    hashes = [key_hash(world.keys[code, "director"]) for code in ("school-a", "school-b")]
    with tenancy.owner(world.b):
        Session.objects.filter(key_hash=hashes[1]).update(key_hash=hashes[0], tenant_id=world.a.id)


def _session_is_nobody(world: World, visitor: Visitor) -> bool:
    key = world.keys["school-a", "director"]
    answer = visitor.ask("GET", "/api/v1/me", host=world.b.host, key=key, where="session wall")
    return answer.status_code == 401


def _token_is_nobody(world: World, visitor: Visitor) -> bool:
    """School B is a copy of A: the very row of A's token stands there."""
    headers = {"authorization": f"Bearer {world.tokens['school-a']}"}
    answer = visitor.ask("GET", "/api/v1/me", host=world.b.host, headers=headers, where="token wall")
    return answer.status_code == 401


@contextmanager
def _session_moved(world: World) -> Iterator[None]:
    """The tenant that is written in the session is what keeps it out."""
    found = {"key_hash": key_hash(world.keys["school-a", "director"])}
    with tenancy.owner(world.b):
        Session.objects.filter(**found).update(tenant_id=world.b.id)
    try:
        yield
    finally:
        with tenancy.owner(world.b):
            Session.objects.filter(**found).update(tenant_id=world.a.id)


class _List:
    """School A's list of pupils; with `planted`, a leak is made in it on purpose and undone with the answer."""

    def __init__(self, world: World, visitor: Visitor) -> None:
        self.world, self.visitor, self.planted = world, visitor, ""

    def shows_nobody_else(self) -> bool:
        self.visitor.scanner = Scanner(mark_of(self.world.a))
        if self.planted:
            with tenancy.use(self.world.a), connection.cursor() as cursor:
                cursor.execute("UPDATE contingent_pupil SET surname = surname || %s", [self.planted])
        self.visitor.ask(
            "GET",
            reverse("contingent:pupils", urlconf="config.urls.school"),
            host=self.world.a.host,
            key=self.world.keys["school-a", "director"],
            content_type="text/html",
        )
        return not self.visitor.scanner.found

    @contextmanager
    def leaking(self) -> Iterator[None]:
        self.planted = f" qz{mark_of(self.world.n)}0123456789abx"
        try:
            yield
        finally:
            self.planted = ""


def _pupil_is_refused(world: World, visitor: Visitor) -> bool:
    key = world.keys["school-a", "pupil"]
    return visitor.ask("GET", "/api/v1/courses", host=world.a.host, key=key).status_code == 403


@contextmanager
def _everybody_may() -> Iterator[None]:
    with (
        mock.patch.object(Actor, "may", lambda self, needed: True),
        mock.patch.object(Actor, "scopes", lambda self, needed: frozenset({Scope.SCHOOL})),
    ):
        yield


def _cache_is_apart(a: TenantRef, b: TenantRef) -> bool:
    with tenancy.use(a):
        cache.set("isolation", "of a", 60)
    with tenancy.use(b):
        return cache.get("isolation") is None


def _key_without_tenant() -> AbstractContextManager[Any]:
    return mock.patch.object(cache, "_key", lambda key: f"t:{key}")


def _digests_differ(a: TenantRef, b: TenantRef) -> bool:
    with tenancy.use(a):
        of_a = crypto.digest("isolation", "000000000000")
    with tenancy.use(b):
        return of_a != crypto.digest("isolation", "000000000000")


def _token_is_refused(a: TenantRef, b: TenantRef) -> bool:
    with tenancy.use(a):
        token = crypto.signer("isolation").sign("1")
    with tenancy.use(b):
        try:
            crypto.signer("isolation").unsign(token)
        except signing.BadSignature:
            return True
    return False


def _locked_stays_locked(a: TenantRef, b: TenantRef) -> bool:
    with tenancy.use(a):
        locked = crypto.wrap("isolation", b"secret")
    with tenancy.use(b):
        try:
            crypto.unwrap("isolation", locked)
        except crypto.Unreadable:
            return True
    return False


def _one_key_for_all() -> AbstractContextManager[Any]:
    return mock.patch.object(crypto, "tenant_key", lambda purpose: purpose.encode().ljust(32, b"0")[:32])
