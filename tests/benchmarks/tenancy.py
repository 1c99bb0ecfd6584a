"""The switch of schools: against django-tenants' own, against staying, and the tenant looked up by its host."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, connections
from django_tenants.postgresql_backend.base import DatabaseWrapper as Stock

from identity.models import Role
from kernel import tenancy
from kernel.tenancy import Kind, TenantRef
from tenants import api, roles
from tests import world
from tests.benchmarks.measure import against, alone, take_turns

SCHOOLS = 40


def run() -> list[dict[str, Any]]:
    with _schools() as refs, _stock() as stock:
        turn = itertools.cycle(refs)
        stock_turn = itertools.cycle(refs)

        def ours() -> None:
            with tenancy.use(next(turn)):
                Role.objects.get(pk=1)

        def theirs() -> None:
            ref = next(stock_turn)
            with _standing(stock):
                stock.set_schema(ref.schema)
                Role.objects.get(pk=1)

        def staying() -> None:
            with tenancy.use(refs[0]):
                Role.objects.get(pk=1)

        def empty() -> None:
            with tenancy.use(next(turn)):
                pass

        ways = {"ours": ours, "theirs": theirs, "staying": staying, "empty": empty}
        times = take_turns(ways, rounds=30, batch=SCHOOLS)
        figures = [
            against(
                f"Switch of the school and a read, {SCHOOLS} schools in turn / stock django-tenants",
                value=times["ours"],
                floor=times["theirs"],
                goal=1.0,
                unit="µs",
            ),
            # Without the time that other processes' cold caches cost: bare connections pay that too (decision 0003).
            against(
                "A read with the switch before it / the read alone",
                value=times["staying"] + times["empty"],
                floor=times["staying"],
                goal=1.15,
                unit="µs",
            ),
        ]
    return [*figures, *_look_up()]


def _look_up() -> list[dict[str, Any]]:
    """A known host costs no query; 20 µs is a hundredth of the quickest page."""
    host = world.find("school-a").host
    api.by_host(host)
    times = take_turns({"known": lambda: api.by_host(host)}, batch=200)
    return [
        alone("Tenant of a known host, from the process's memory", value=times["known"], goal=20, unit="µs")
    ]


@contextmanager
def _schools() -> Iterator[list[TenantRef]]:
    """Many small schools: one table each, made like the real one, under a role of its own."""
    refs = [
        TenantRef(id=UUID(int=n + 1), code=f"bench-{n}", schema=f"s_bench{n:05d}", kind=Kind.SCHOOL)
        for n in range(SCHOOLS)
    ]
    settings.DB_CONNECTIONS_PER_THREAD = SCHOOLS + 5
    with tenancy.owner():
        with connection.cursor() as cursor:
            for ref in refs:
                cursor.execute(f"CREATE SCHEMA {ref.schema}")
                cursor.execute(
                    f"CREATE TABLE {ref.schema}.identity_role (LIKE template_school.identity_role INCLUDING ALL)"
                )
                cursor.execute(
                    f"INSERT INTO {ref.schema}.identity_role (id, code, base, name_kk, name_ru, is_given) "
                    "OVERRIDING SYSTEM VALUE VALUES (1, 'director', 'director', '', '', true)"
                )
        for ref in refs:
            roles.create(ref.schema)
            roles.grant(ref.schema)
    try:
        yield refs
    finally:
        tenancy.forget()
        with tenancy.owner(), connection.cursor() as cursor:
            for ref in refs:
                role = tenancy.role_name(ref.schema)
                cursor.execute(f"DROP SCHEMA {ref.schema} CASCADE")
                cursor.execute(f'DROP OWNED BY "{role}"')
                cursor.execute(f'DROP ROLE "{role}"')


@contextmanager
def _stock() -> Iterator[Stock]:
    """django-tenants' backend as its documentation sets it up, on the same server."""
    options = {
        **connections.settings["default"],
        "USER": settings.DB_OWNER_USER,
        "PASSWORD": settings.DB_OWNER_PASSWORD,
        "OPTIONS": {"application_name": "stock"},
    }
    stock = Stock(options, "default")
    try:
        yield stock
    finally:
        stock.close()


@contextmanager
def _standing(wrapper: Any) -> Iterator[None]:
    before = connections["default"]
    connections["default"] = wrapper
    try:
        yield
    finally:
        connections["default"] = before
