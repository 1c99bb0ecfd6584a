"""The world of the tests: two schools of one district, a neighbour, and a database made from a template.

The template is built once for a given set of migrations; every worker copies it in a fraction of a second.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import InternalError, connections
from psycopg import sql

from infra.isolation import world as isolation
from kernel import keys, tenancy
from kernel.tenancy import Kind, TenantRef
from tenants import provisioning, waves

ROOT = Path(__file__).resolve().parents[1]
KEYS = Path(settings.KEYS_ROOT)


def fingerprint() -> str:
    """What the template depends on: migrations, provisioning, permissions and seeds."""
    digest = hashlib.sha256()
    patterns = (
        "*/*/migrations/*.py",
        "*/migrations/*.py",
        "tenants/*.py",
        "*/*/permissions.py",
        "*/*/seeds.py",
        "platform/identity/*.py",
        "platform/kernel/access.py",
        "platform/kernel/keys/*.py",
        "platform/kernel/db/sealed.py",
        "tests/world.py",
        "infra/isolation/world.py",
    )
    for path in sorted({p for pattern in patterns for p in ROOT.glob(pattern)}):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    digest.update(settings.CELL_KEY.encode())
    return digest.hexdigest()[:12]


def _admin() -> psycopg.Connection:
    return psycopg.connect(
        host=settings.DATABASES["default"]["HOST"],
        port=settings.DATABASES["default"]["PORT"],
        user=settings.DB_OWNER_USER,
        password=settings.DB_OWNER_PASSWORD,
        dbname="postgres",
        autocommit=True,
    )


def _point_at(name: str) -> None:
    settings.DATABASES["default"]["NAME"] = name
    connections.settings["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def _copy(admin: psycopg.Connection, template: str, name: str) -> None:
    """A busy machine's autovacuum may stand in the new template for longer than PostgreSQL waits for it."""
    copying = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    for _again in range(5):
        try:
            admin.execute(copying)
        except psycopg.errors.ObjectInUse:
            continue
        return
    admin.execute(copying)


def _found_all() -> None:
    isolation.found(mode="test")


@contextmanager
def database(worker: str, *, found: Callable[[], None] = _found_all) -> Iterator[None]:
    """A database of this worker's own, copied from the template; gone at the end.

    On a server of its own `found` may make fewer tenants than the tests' world has.
    """
    template = f"mektep_t{fingerprint()}"
    name = f"{template}_{worker}"
    settings.DB_ROLE_PREFIX = template
    # The workers' copies of a template have its schemas, so they have its keys.
    settings.KEYS_ROOT = KEYS / template
    with _admin() as admin:
        admin.execute("SELECT pg_advisory_lock(77059038)")
        if not admin.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [template]
        ).fetchone():
            shutil.rmtree(settings.KEYS_ROOT, ignore_errors=True)
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(template)))
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(template)
                )
            )
            _point_at(template)
            waves.migrate()
            found()
            tenancy.forget()
            admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(template)))
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        _copy(admin, template, name)
        admin.execute("SELECT pg_advisory_unlock(77059038)")
        # A copy is open to everybody, as every new database is; that of an installation is not (tenants.roles).
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        roles = admin.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [template + r"\_%"]
        ).fetchall()
        for (role,) in roles:
            admin.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.Identifier(role)
                )
            )
    _point_at(name)
    try:
        yield
    finally:
        tenancy.forget()
        with _admin() as admin:
            # A role of another worker may have rights here, and be dropped at this moment.
            admin.execute("SELECT pg_advisory_lock(77059038)")
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


COMMITTED: set[str] = set()  # schemas of this worker whose tests need two connections and real commits


def found_school(*, parent: str = "authority", mode: str = "test") -> TenantRef:
    """A new school of this worker's database for tests that commit; `raze` removes it."""
    code = f"fresh-{secrets.token_hex(4)}"
    ref = provisioning.create_tenant(
        code=code, kind=Kind.SCHOOL, name_kk="Жаңа мектеп", name_ru="Новая школа", mode=mode, parent=parent
    )
    COMMITTED.add(ref.schema)
    return ref


def raze(ref: TenantRef) -> None:
    """Remove a school made by `found_school`, with its schema and its role."""
    role = tenancy.role_name(ref.schema)
    tenancy.forget(ref.schema)
    # Roles and what they own stand in catalogues that all workers share: one at a time.
    with _admin() as admin, tenancy.owner(), connections["default"].cursor() as cursor:
        admin.execute("SELECT pg_advisory_lock(77059038)")
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [role])
        cursor.execute(f'DROP SCHEMA IF EXISTS "{ref.schema}" CASCADE')
        _drop(role)
        cursor.execute("DELETE FROM public.tenants_passage WHERE tenant_id = %s", [ref.id])
        cursor.execute("DELETE FROM public.tenants_contract WHERE tenant_id = %s", [ref.id])
        cursor.execute("DELETE FROM public.tenants_rollupfact WHERE school_id = %s", [ref.id])
        cursor.execute("DELETE FROM public.tenants_publickey WHERE tenant_id = %s", [ref.id])
        cursor.execute("DELETE FROM public.tenants_envelope WHERE %s IN (sender_id, receiver_id)", [ref.id])
        cursor.execute("DELETE FROM public.tenants_host WHERE tenant_id = %s", [ref.id])
        cursor.execute("DELETE FROM public.tenants_tenant WHERE id = %s", [ref.id])
        cursor.execute("DELETE FROM public.tenants_schemastate WHERE schema = %s", [ref.schema])
    keys.destroy(ref.schema)
    COMMITTED.discard(ref.schema)


def _drop(role: str) -> None:
    """A role's rights on a database stand in a catalogue that all workers write; whoever comes second is refused and asks again."""
    from tenants import roles

    last = 20
    for turn in range(last + 1):
        try:
            roles.drop(role)
            return
        except InternalError as trouble:
            if "concurrently" not in str(trouble) or turn == last:
                raise
            time.sleep(0.1)


def filled(ref: TenantRef) -> set[str]:
    """Tables of the school's schema that have rows."""
    with tenancy.owner(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [ref.schema])
        tables = [row[0] for row in cursor.fetchall()]
        asked = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM {ref.schema}.{table})" for table in tables
        )
        cursor.execute(asked)
        return {row[0] for row in cursor.fetchall()}


def sweep(ref: TenantRef, *, kept: set[str]) -> None:
    """Empty every table of the committed school but the kept ones, its logs, and its letter box."""
    gone = sorted(filled(ref) - (kept - {"kernel_auditentry", "kernel_outboxevent"}))
    with tenancy.owner(), connections["default"].cursor() as cursor:
        if gone:
            cursor.execute(f"TRUNCATE {', '.join(f'{ref.schema}.{table}' for table in gone)} CASCADE")
        cursor.execute("DELETE FROM public.tenants_envelope WHERE %s IN (sender_id, receiver_id)", [ref.id])


def find(code: str) -> TenantRef:
    from tenants import api

    ref = api.by_code(code)
    assert ref is not None
    return ref
