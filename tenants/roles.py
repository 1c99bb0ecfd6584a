"""Login roles and rights: the first wall. The credential that serves school A has no right in school B."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from psycopg import sql

from kernel import tenancy

# Tables that the tenant's own role may add to and read, never change: the logs.
APPEND_ONLY = ("kernel_auditentry", "kernel_viewentry", "journal_markevent")
READ_ONLY = ("django_migrations",)


def _run(statement: str, **names: str) -> None:
    composed = sql.SQL(statement).format(
        **{k: (sql.Literal(v) if k == "password" else sql.Identifier(v)) for k, v in names.items()}
    )
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(composed)


def prepare_database() -> None:
    """Close the database to everybody, make the schema of extensions and the role that reads the register."""
    with tenancy.owner():
        _run("REVOKE ALL ON DATABASE {db} FROM PUBLIC", db=str(settings.DATABASES["default"]["NAME"]))
        _run("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        _run("CREATE SCHEMA IF NOT EXISTS ext")
        for extension in ("pg_trgm", "btree_gist"):
            _run("CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA ext", extension=extension)
        _run(
            "CREATE OR REPLACE FUNCTION ext.kz_fold(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS "
            "$$ SELECT translate(lower(t), 'әғқңөұүһіёъь''’', 'агкноуухие') $$"
        )
        create("front", search_path="public")


def create(schema: str, *, search_path: str = "") -> None:
    """Make or renew the login role of a schema: member of nothing, owner of nothing, at home in its schema."""
    role = tenancy.role_name(schema)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        known = cursor.fetchone()
    verb = "ALTER" if known else "CREATE"
    _run(
        verb
        + " ROLE {role} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {password}",
        role=role,
        password=tenancy.role_password(role),
    )
    _run("ALTER ROLE {role} SET search_path = {path}", role=role, path=search_path or schema)
    _run("ALTER ROLE {role} SET timezone = 'UTC'", role=role)
    _run("ALTER ROLE {role} SET statement_timeout = '60s'", role=role)
    _run("ALTER ROLE {role} SET idle_in_transaction_session_timeout = '120s'", role=role)
    _run("GRANT CONNECT ON DATABASE {db} TO {role}", db=str(settings.DATABASES["default"]["NAME"]), role=role)
    _run("GRANT USAGE ON SCHEMA public, ext TO {role}", role=role)
    if _public_is_there():
        _grant_public(role, reads_only=schema == "front")


def grant(schema: str) -> None:
    """Rights of the schema's role on its tables, after they were made or changed."""
    role = tenancy.role_name(schema)
    _run("GRANT USAGE ON SCHEMA {schema} TO {role}", schema=schema, role=role)
    _run(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        schema=schema,
        role=role,
    )
    _run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}", schema=schema, role=role)
    for tables, refused in (
        (APPEND_ONLY, "UPDATE, DELETE, TRUNCATE"),
        (READ_ONLY, "INSERT, UPDATE, DELETE, TRUNCATE"),
    ):
        for table in tables:
            with connection.cursor() as cursor:
                cursor.execute("SELECT to_regclass(%s)", [f"{schema}.{table}"])
                there = cursor.fetchone()[0]
            if there:
                _run(
                    f"REVOKE {refused} ON {{schema}}.{{table}} FROM {{role}}",
                    schema=schema,
                    table=table,
                    role=role,
                )


def open_public() -> None:
    """Rights of every role on the public tables, after a migration of the public schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [settings.DB_ROLE_PREFIX + r"\_%"]
        )
        known = [row[0] for row in cursor.fetchall()]
    for role in known:
        _grant_public(role, reads_only=role == tenancy.role_name("front"))


def _public_is_there() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.tenants_rollupfact')")
        return cursor.fetchone()[0] is not None


def _grant_public(role: str, *, reads_only: bool) -> None:
    _run("GRANT SELECT ON public.tenants_tenant, public.tenants_host TO {role}", role=role)
    if reads_only:
        return
    _run("GRANT SELECT, INSERT, UPDATE, DELETE ON public.tenants_rollupfact TO {role}", role=role)
    _run("GRANT SELECT ON public.tenants_rollupnode TO {role}", role=role)
    _run("GRANT USAGE ON SEQUENCE public.tenants_rollupfact_id_seq TO {role}", role=role)
    _run("GRANT SELECT, INSERT, UPDATE ON public.tenants_rollupfreshness TO {role}", role=role)
    _run("GRANT EXECUTE ON FUNCTION public.tenants_rollup_fold() TO {role}", role=role)
    _run(
        "GRANT EXECUTE ON FUNCTION public.tenants_rollup_closed(text, text, text, text) TO {role}", role=role
    )
    _run("GRANT EXECUTE ON FUNCTION public.tenants_me() TO {role}", role=role)
    _run("GRANT EXECUTE ON FUNCTION public.tenants_rename(text, text) TO {role}", role=role)
