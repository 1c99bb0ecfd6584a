"""Login roles and rights: the first wall. The credential that serves school A has no right in school B."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from kernel import tenancy

# Tables that the tenant's own role may add to and read, never change: the logs.
APPEND_ONLY = ("kernel_auditentry", "kernel_viewentry", "journal_markevent", "contingent_cardchange")
READ_ONLY = ("django_migrations",)
# What a role that may only read still writes (decision 0021): the way in, the logs, and the files of exports.
OPEN_WHEN_READING = {
    "identity_session": "INSERT, UPDATE",
    "identity_user": "UPDATE (password, must_change_password, password_expires_at, password_changed_at, signed_in_at,"
    " failed_sign_ins, language)",
    "identity_formerpassword": "INSERT, DELETE",
    "identity_passkey": "UPDATE (sign_count, used_at)",
    "identity_apitoken": "UPDATE (used_at, ended_at)",
    "otp_totp_totpdevice": "UPDATE",
    "otp_static_staticdevice": "UPDATE",
    "otp_static_statictoken": "DELETE",
    "kernel_auditentry": "INSERT",
    "kernel_viewentry": "INSERT",
    "kernel_outboxevent": "INSERT",
    "kernel_job": "INSERT, UPDATE",
    "kernel_storedfile": "INSERT, DELETE",
    "kernel_feedposition": "INSERT, UPDATE",
}
TABLES, SEQUENCES = "rpvmf", "S"  # pg_class.relkind
_WRITTEN_IN_PUBLIC = "public.tenants_rollupfact, public.tenants_rollupfreshness, public.tenants_publickey, public.tenants_envelope, public.tenants_envelopecontent"


def _made(statement: str, **names: str) -> sql.Composed:
    return sql.SQL(statement).format(
        **{k: (sql.Literal(v) if k == "password" else sql.Identifier(v)) for k, v in names.items()}
    )


def _database() -> str:
    """The name of the database at the cell where one works."""
    server = tenancy.here()
    return server.database if server else str(settings.DATABASES["default"]["NAME"])


def _run(statement: str, **names: str) -> None:
    send([_made(statement, **names)])


def send(statements: Sequence[sql.Composable]) -> None:
    """Send the statements as one message, which the extended protocol would refuse: owner's work only."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.ClientCursor(connection.connection) as cursor:
        cursor.execute(sql.SQL(";\n").join(statements))


def prepare_database() -> None:
    """Close the database to everybody, make the schema of extensions and the role that reads the register."""
    with tenancy.owner():
        _run("REVOKE ALL ON DATABASE {db} FROM PUBLIC", db=_database())
        _run("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        _run("CREATE SCHEMA IF NOT EXISTS ext")
        for extension in ("pg_trgm", "btree_gist"):
            _run("CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA ext", extension=extension)
        create("front", search_path="public")


def create(schema: str, *, search_path: str = "") -> None:
    """Make or renew the login role of a schema: member of nothing, owner of nothing, at home in its schema."""
    role = tenancy.role_name(schema)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s), to_regclass('public.tenants_rollupfact') IS NULL",
            [role],
        )
        known, is_first = cursor.fetchone()
    statements = _role(role, verb="ALTER" if known else "CREATE", search_path=search_path or schema)
    if not is_first:
        statements += _public_rights(role, reads_only=schema == "front")
    send(statements)


def new(schema: str) -> list[sql.Composable]:
    """The statements that make the role of a schema that is just being made."""
    role = tenancy.role_name(schema)
    return [*_role(role, verb="CREATE", search_path=schema), *_public_rights(role, reads_only=False)]


def _role(role: str, *, verb: str, search_path: str) -> list[sql.Composable]:
    return [
        _made(
            verb
            + " ROLE {role} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {password}",
            role=role,
            password=tenancy.role_password(role, tenancy.here()),
        ),
        _made("ALTER ROLE {role} SET search_path = {path}", role=role, path=search_path),
        _made("ALTER ROLE {role} SET timezone = 'UTC'", role=role),
        _made("ALTER ROLE {role} SET statement_timeout = '60s'", role=role),
        _made("ALTER ROLE {role} SET idle_in_transaction_session_timeout = '120s'", role=role),
        _made(
            "GRANT CONNECT ON DATABASE {db} TO {role}",
            db=_database(),
            role=role,
        ),
        _made("GRANT USAGE ON SCHEMA public, ext TO {role}", role=role),
    ]


def grant(schema: str) -> None:
    """Rights of the schema's role on its tables, after they were made or changed."""
    send(rights(schema))


def rights(schema: str) -> list[sql.Composable]:
    """The statements of `grant`: everything in its own schema, but the logs only to add to and to read."""
    role = tenancy.role_name(schema)
    statements: list[sql.Composable] = [
        _made("GRANT USAGE ON SCHEMA {schema} TO {role}", schema=schema, role=role),
        on_all("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}", TABLES, schema, role),
        on_all("GRANT USAGE ON SEQUENCE {} TO {}", SEQUENCES, schema, role),
    ]
    for tables, refused in (
        (APPEND_ONLY, "UPDATE, DELETE, TRUNCATE"),
        (READ_ONLY, "INSERT, UPDATE, DELETE, TRUNCATE"),
    ):
        statements.append(
            sql.SQL(
                "DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY {tables}::text[] LOOP"
                " IF to_regclass(format('%I.%I', {schema}::text, name)) IS NOT NULL THEN"
                "  EXECUTE format('REVOKE "
                + refused
                + " ON %I.%I FROM %I', {schema}::text, name, {role}::text);"
                " END IF; END LOOP; END $$"
            ).format(tables=sql.Literal(list(tables)), schema=sql.Literal(schema), role=sql.Literal(role))
        )
    return statements


def on_all(statement: str, kinds: str, schema: str, role: str) -> sql.Composed:
    """The statement for all tables or sequences of the schema and the role, in the places of its two braces.

    PostgreSQL's own ON ALL TABLES IN SCHEMA reads the whole catalogue six times a grant, so each new school would be dearer
    than the last. What lies in a schema depends on it, and dependencies have an index.
    """
    return sql.SQL(
        "DO $$ DECLARE found text; BEGIN"
        " SELECT string_agg(format('%I.%I', {schema}::text, c.relname), ', ') INTO found"
        " FROM pg_depend d JOIN pg_class c ON c.oid = d.objid"
        " WHERE d.refclassid = 'pg_namespace'::regclass AND d.classid = 'pg_class'::regclass"
        " AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = {schema})"
        ' AND c.relkind = ANY ({kinds}::"char"[]);'
        " IF found IS NOT NULL THEN EXECUTE format({statement}, found, {role}::text); END IF; END $$"
    ).format(
        schema=sql.Literal(schema),
        kinds=sql.Literal(list(kinds)),
        statement=sql.Literal(statement.format("%s", "%I")),
        role=sql.Literal(role),
    )


def closed(schema: str, *, keep_open: bool = True) -> list[sql.Composable]:
    """The statements that leave the schema's role reading alone, but for what is OPEN_WHEN_READING."""
    role = tenancy.role_name(schema)
    statements: list[sql.Composable] = [
        on_all("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {} FROM {}", TABLES, schema, role),
        *_closed_in_public(role),
    ]
    statements.extend(
        sql.SQL(
            "DO $$ BEGIN IF to_regclass(format('%I.%I', {schema}::text, {table}::text)) IS NOT NULL THEN"
            " EXECUTE format('GRANT "
            + rights
            + " ON %I.%I TO %I', {schema}::text, {table}::text, {role}::text);"
            " END IF; END $$"
        ).format(schema=sql.Literal(schema), table=sql.Literal(table), role=sql.Literal(role))
        for table, rights in (OPEN_WHEN_READING.items() if keep_open else ())
    )
    return statements


def _closed_in_public(role: str) -> list[sql.Composable]:
    return [
        _made(f"REVOKE INSERT, UPDATE, DELETE ON {_WRITTEN_IN_PUBLIC} FROM {{role}}", role=role),
        _made("REVOKE EXECUTE ON FUNCTION public.tenants_rename(text, text) FROM {role}", role=role),
    ]


def public_rights(schema: str) -> list[sql.Composable]:
    """Rights of a tenant's role on the public tables."""
    return _public_rights(tenancy.role_name(schema), reads_only=False)


def open_public(*, reading: Collection[str] = ()) -> int:
    """Rights of every role on the public tables; those of the schemas in `reading` write nothing. Answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname ~ %s",
            [f"^{re.escape(settings.DB_ROLE_PREFIX)}_(front|[safv]_[a-z0-9]{{10}})$"],
        )
        known = [row[0] for row in cursor.fetchall()]
    silent = {tenancy.role_name(schema) for schema in reading}
    for role in known:
        statements = _public_rights(role, reads_only=role == tenancy.role_name("front"))
        send([*statements, *(_closed_in_public(role) if role in silent else ())])
    return len(known)


def public_mark() -> list[str]:
    """Changes when the rights on the public tables do."""
    return [repr(one) for only in (True, False) for one in _public_rights("somebody", reads_only=only)] + [
        repr(one) for one in _closed_in_public("somebody")
    ]


def drop(role: str) -> bool:
    """Remove a login role with all its rights; false when there is none."""
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            return False
        send([_made("DROP OWNED BY {role}", role=role), _made("DROP ROLE {role}", role=role)])
        return True


def _public_rights(role: str, *, reads_only: bool) -> list[sql.Composable]:
    statements = ["GRANT SELECT ON public.tenants_tenant, public.tenants_host, public.tenants_cell TO {role}"]
    if not reads_only:
        statements += [
            "GRANT SELECT, INSERT, UPDATE, DELETE ON public.tenants_rollupfact TO {role}",
            "GRANT SELECT ON public.tenants_rollupnode TO {role}",
            "GRANT USAGE ON SEQUENCE public.tenants_rollupfact_id_seq TO {role}",
            "GRANT SELECT, INSERT, UPDATE ON public.tenants_rollupfreshness TO {role}",
            "GRANT SELECT, INSERT ON public.tenants_publickey, public.tenants_envelopecontent TO {role}",
            "GRANT SELECT, INSERT, DELETE ON public.tenants_envelope TO {role}",
            "GRANT EXECUTE ON FUNCTION public.tenants_rollup_fold() TO {role}",
            "GRANT EXECUTE ON FUNCTION public.tenants_rollup_closed(text, text, text, text) TO {role}",
            "GRANT EXECUTE ON FUNCTION public.tenants_overview() TO {role}",
            "GRANT EXECUTE ON FUNCTION public.tenants_me() TO {role}",
            "GRANT SELECT ON public.tenants_contract, public.tenants_passage TO {role}",
            "GRANT EXECUTE ON FUNCTION public.tenants_i_am_vendor() TO {role}",
            "GRANT EXECUTE ON FUNCTION public.tenants_rename(text, text) TO {role}",
        ]
    return [_made(statement, role=role) for statement in statements]
