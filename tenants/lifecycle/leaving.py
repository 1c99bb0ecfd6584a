"""What goes when a tenant is destroyed: steps in their order, each safe to repeat and named in the answer.

A room that keeps something of a tenant elsewhere (keys, files of another store, backups) adds a step of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import connection
from psycopg import sql

from kernel import cache, files, keys, tenancy
from kernel.tenancy import TenantRef
from tenants import roles
from tenants.backups import taking

Step = Callable[[TenantRef], str]  # removes, and says what it removed; empty when nothing was left
_STEPS: dict[str, tuple[int, Step]] = {}


def step(name: str, *, order: int) -> Callable[[Step], Step]:
    """Declare what goes with a tenant. What makes the rest unreadable goes first: keys before files, files before rows."""

    def decorate(work: Step) -> Step:
        if name in _STEPS:
            raise ValueError(f"the step {name} is declared twice")
        _STEPS[name] = (order, work)
        return work

    return decorate


def names() -> list[str]:
    """The steps in their order."""
    return sorted(_STEPS, key=lambda name: (_STEPS[name][0], name))


def leave(
    ref: TenantRef, report: Callable[[str], None] = lambda _: None, *, but: Collection[str] = ()
) -> dict[str, str]:
    """Do every step, but for those left out; answer what each has removed."""
    gone = {}
    for name in names():
        if name in but:
            continue
        gone[name] = _STEPS[name][1](ref) or "nothing was left"
        report(f"{name}: {gone[name]}")
    return gone


@step("host", order=0)
def _host(ref: TenantRef) -> str:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.tenants_host WHERE tenant_id = %s RETURNING domain", [ref.id])
        return ", ".join(row[0] for row in cursor.fetchall())


@step("keys", order=10)
def _keys(ref: TenantRef) -> str:
    if ref.schema not in keys.known():
        return ""
    keys.destroy(ref.schema)
    return "the ring of keys: what backups hold of the tenant opens no more"


@step("backups", order=15)
def _backups(ref: TenantRef) -> str:
    count = taking.forget(ref)
    return f"{count} backups" if count else ""


@step("cache", order=20)
def _cache(ref: TenantRef) -> str:
    count = cache.erase(ref.schema)
    return f"{count} entries" if count else ""


@step("files", order=30)
def _files(ref: TenantRef) -> str:
    count = files.erase(ref.schema)
    return f"{count} files" if count else ""


@step("letters", order=40)
def _letters(ref: TenantRef) -> str:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.tenants_envelope WHERE %s IN (sender_id, receiver_id)", [ref.id])
        letters = cursor.rowcount
        cursor.execute("DELETE FROM public.tenants_publickey WHERE tenant_id = %s", [ref.id])
        return f"{letters} letters, {cursor.rowcount} public keys" if letters or cursor.rowcount else ""


@step("schema", order=50)
def _schema(ref: TenantRef) -> str:
    role = tenancy.role_name(ref.schema)
    tenancy.forget(ref.schema)
    with tenancy.at(ref.server), tenancy.owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [role])
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %s AND c.relkind = 'r'",
            [ref.schema],
        )
        tables = cursor.fetchone()[0]
        cursor.execute(
            sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(ref.schema)).as_string()
        )
        cursor.execute("DELETE FROM public.tenants_schemastate WHERE schema = %s", [ref.schema])
    return f"{ref.schema} with {tables} tables" if tables else ""


@step("role", order=60)
def _role(ref: TenantRef) -> str:
    role = tenancy.role_name(ref.schema)
    with tenancy.at(ref.server):
        return role if roles.drop(role) else ""
