"""The one door between schools: nested, recursive, interrupted, in threads, and when connections run short."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import request_finished
from django.db import DatabaseError, connection, connections, transaction

from identity.models import Role
from kernel import tenancy
from kernel.errors import NoTenant
from kernel.tenancy import TenantRef
from tests import world

Make = Callable[..., TenantRef]


def standing() -> tuple[str, str]:
    """Where and as whom the database sees us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()::text, current_user::text")
        return cursor.fetchone()


def at_home(ref: TenantRef) -> tuple[str, str]:
    return ref.schema, tenancy.role_name(ref.schema)


class TestUse:
    def test_nests_and_comes_back(
        self, school_a: TenantRef, school_b: TenantRef, authority: TenantRef
    ) -> None:
        with tenancy.use(school_a):
            with tenancy.use(school_b):
                assert standing() == at_home(school_b)
                with tenancy.use(authority):
                    assert standing() == at_home(authority)
                assert standing() == at_home(school_b)
            assert standing() == at_home(school_a)
        assert tenancy.current_or_none() is None

    def test_the_same_school_inside_itself_is_the_same_connection(self, school_a: TenantRef) -> None:
        with tenancy.use(school_a):
            outer = connections["default"]
            with transaction.atomic(), tenancy.use(school_a):
                assert connections["default"] is outer
            assert standing() == at_home(school_a)

    def test_survives_recursion(self, school_a: TenantRef, school_b: TenantRef) -> None:
        def descend(depth: int) -> None:
            ref = (school_a, school_b)[depth % 2]
            with tenancy.use(ref):
                assert standing() == at_home(ref)
                if depth:
                    descend(depth - 1)
                assert standing() == at_home(ref)

        descend(9)
        with pytest.raises(NoTenant):
            tenancy.current()

    @pytest.mark.parametrize("failure", [LookupError, DatabaseError, KeyboardInterrupt, GeneratorExit])
    def test_an_exception_restores(
        self, school_a: TenantRef, school_b: TenantRef, failure: type[BaseException]
    ) -> None:
        with tenancy.use(school_a):
            with pytest.raises(failure), tenancy.use(school_b):
                raise failure
            assert tenancy.current() == school_a
            assert standing() == at_home(school_a)

    def test_a_failing_hook_restores(
        self, school_a: TenantRef, school_b: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: object) -> None:
            raise LookupError

        with tenancy.use(school_a):
            monkeypatch.setattr(tenancy, "on_bound", [refuse])
            with pytest.raises(LookupError), tenancy.use(school_b):
                pytest.fail("entered")
            monkeypatch.undo()
            assert standing() == at_home(school_a)

    def test_a_broken_block_is_noticed(self, school_a: TenantRef, school_b: TenantRef) -> None:
        with tenancy.use(school_b):
            foreign = connections["default"]
        with pytest.raises(ImproperlyConfigured, match="Somebody else"), tenancy.use(school_a):
            connections["default"] = foreign
        assert tenancy.current_or_none() is None

    def test_a_forked_generator_cannot_carry_a_school_out(self, school_a: TenantRef) -> None:
        def rows() -> Any:
            with tenancy.use(school_a):
                yield from Role.objects.all()

        found = rows()
        next(found)
        found.close()
        assert tenancy.current_or_none() is None
        with pytest.raises(NoTenant):
            Role.objects.count()


class TestThreads:
    def test_a_thread_starts_with_nobody(self, in_school: TenantRef) -> None:
        seen: list[object] = []

        def look() -> None:
            seen.append(tenancy.current_or_none())
            try:
                Role.objects.count()
            except NoTenant:
                seen.append("closed")

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert seen == [None, "closed"]

    def test_threads_stand_in_different_schools(self, committed_school: Make) -> None:
        refs = [committed_school(), committed_school()]
        meet = threading.Barrier(2)
        seen: dict[str, object] = {}

        def stand(ref: TenantRef) -> None:
            with tenancy.use(ref):
                meet.wait(10)
                seen[ref.schema] = standing()
                meet.wait(10)
            tenancy.forget()

        threads = [threading.Thread(target=stand, args=(ref,)) for ref in refs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == {ref.schema: at_home(ref) for ref in refs}

    def test_a_copied_context_brings_no_connection(self, in_school: TenantRef) -> None:
        import contextvars

        seen: list[object] = []

        def look() -> None:
            try:
                Role.objects.count()
            except NoTenant:
                seen.append("closed")

        thread = threading.Thread(target=contextvars.copy_context().run, args=(look,))
        thread.start()
        thread.join()
        assert seen == ["closed"]


@pytest.fixture
def bare(tenants_db: None) -> Iterator[list[TenantRef]]:
    """Tenants whose connections carry no transaction of the test."""
    hooks, tenancy.on_bound[:] = list(tenancy.on_bound), []
    refs = [world.find(code) for code in ("school-a", "school-b", "school-n", "authority")]
    tenancy.forget()
    try:
        yield refs
    finally:
        tenancy.forget()
        tenancy.on_bound[:] = hooks


class TestConnections:
    def test_a_killed_connection_is_replaced_at_the_end_of_the_request(self, committed_school: Make) -> None:
        ref = committed_school()
        with tenancy.use(ref):
            standing()
            _kill(tenancy.role_name(ref.schema))
            with pytest.raises(DatabaseError):
                standing()
        request_finished.send(sender=None)
        with tenancy.use(ref):
            assert standing() == at_home(ref)

    def test_a_changed_table_costs_one_refusal(self, committed_school: Make) -> None:
        ref = committed_school()
        with tenancy.use(ref):
            for _ in range(8):  # prepared by now
                Role.objects.filter(code="director").first()
            with psycopg.connect(**_owner(), autocommit=True) as raw:
                raw.execute(f"ALTER TABLE {ref.schema}.identity_role ALTER base TYPE varchar(60)")
            with pytest.raises(DatabaseError, match="cached plan"):
                Role.objects.filter(code="director").first()
            request_finished.send(sender=None)
            assert Role.objects.filter(code="director").first() is not None

    def test_the_least_used_are_closed_beyond_the_limit(self, bare: list[TenantRef], settings: Any) -> None:
        settings.DB_CONNECTIONS_PER_THREAD = 2
        opened = []
        for ref in bare:
            with tenancy.use(ref):
                standing()
                opened.append(connections["default"])
        assert [wrapper.connection is not None for wrapper in opened] == [False, False, True, True]
        with tenancy.use(bare[0]):
            assert standing() == at_home(bare[0])

    def test_a_connection_in_use_is_never_closed_for_another(
        self, bare: list[TenantRef], settings: Any
    ) -> None:
        settings.DB_CONNECTIONS_PER_THREAD = 1
        with ExitStack() as stack:
            wrappers = []
            for ref in bare:
                stack.enter_context(tenancy.use(ref))
                standing()
                wrappers.append(connections["default"])
            assert all(wrapper.connection is not None for wrapper in wrappers)

    def test_forget_closes_one_school_or_all(self, bare: list[TenantRef]) -> None:
        opened = []
        for ref in bare[:2]:
            with tenancy.use(ref):
                standing()
                opened.append(connections["default"])
        tenancy.forget(bare[0].schema)
        assert [wrapper.connection is not None for wrapper in opened] == [False, True]
        tenancy.forget()
        assert [wrapper.connection is not None for wrapper in opened] == [False, False]

    def test_the_password_is_the_schemas_own(self, school_a: TenantRef, school_b: TenantRef) -> None:
        """The credential that serves school A opens no session as B."""
        try:
            psycopg.connect(**{**_owner(), "password": "certainly wrong"}).close()
        except psycopg.OperationalError:
            pass
        else:
            pytest.skip("this server trusts everybody; the stack's own asks for passwords")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                **{
                    **_owner(),
                    "user": tenancy.role_name(school_b.schema),
                    "password": tenancy.role_password(tenancy.role_name(school_a.schema)),
                }
            )


def _owner() -> dict[str, Any]:
    from django.conf import settings

    here = settings.DATABASES["default"]
    return {
        "host": here["HOST"],
        "port": here["PORT"],
        "dbname": here["NAME"],
        "user": settings.DB_OWNER_USER,
        "password": settings.DB_OWNER_PASSWORD,
    }


def _kill(role: str) -> None:
    with psycopg.connect(**_owner(), autocommit=True) as raw:
        raw.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s", [role])
