"""Copies of a filled school: one with the same keys, one with keys that no other school has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from kernel import tenancy
from kernel.tenancy import TenantRef
from tenants import roles

_NUMBERS_BY = 1_000_000
# The shift of a UUID: one sixteenth of its random part is mirrored, so that it stays a UUID of its version.
_UUID = (
    "(substr({c}::text, 1, 24) || translate(substr({c}::text, 25, 1), '0123456789abcdef', '89abcdef01234567')"
    " || substr({c}::text, 26))::uuid"
)
KEPT = frozenset({"django_migrations", "kernel_keypair"})  # the letter box's keys are the tenant's own


def shifted_number(value: int) -> int:
    return value + _NUMBERS_BY


def shifted_uuid(value: UUID) -> UUID:
    return UUID(int=value.int ^ (8 << 44))


def copy(source: TenantRef, target: TenantRef, *, other_keys: bool = False) -> None:
    """Empty the target and copy every row; with `other_keys` all UUIDs, numbers and references are shifted alike."""
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, t.typname, a.attidentity <> '',"
            "  EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY(i.indkey)),"
            "  EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY(k.conkey))"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " JOIN pg_type t ON t.oid = a.atttypid"
            " WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
            " AND a.attgenerated = '' ORDER BY 1, a.attnum",
            [source.schema],
        )
        tables: dict[str, list[tuple[str, str, bool]]] = {}
        for table, column, kind, _identity, is_key, is_reference in cursor.fetchall():
            is_number = kind in ("int4", "int8") and (is_key or is_reference or column.endswith("_id"))
            tables.setdefault(table, []).append((column, kind, is_number))
        wanted = sorted(tables.keys() - KEPT)
        names = [sql.Identifier(target.schema, table) for table in wanted]
        # Triggers would write history and refuse what is append-only; references wait for the end.
        roles.send([sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name) for name in names])
        with transaction.atomic():
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
            for table in wanted:
                cursor.execute(_copied(source, target, table, tables[table], other_keys=other_keys))
        roles.send([sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name) for name in names])
        _count_on(cursor, target)
    tenancy.forget(target.schema)


def _count_on(cursor: Any, ref: TenantRef) -> None:
    """Counters go on after the highest number that was copied."""
    cursor.execute(
        "SELECT c.relname, a.attname, pg_get_serial_sequence(format('%%I.%%I', %s::text, c.relname), a.attname)"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND (a.attidentity <> '' OR a.atthasdef)"
        " AND pg_get_serial_sequence(format('%%I.%%I', %s::text, c.relname), a.attname) IS NOT NULL",
        [ref.schema, ref.schema, ref.schema],
    )
    for table, column, counter in cursor.fetchall():
        cursor.execute(
            sql.SQL("SELECT setval(%s, (SELECT coalesce(max({}), 0) + 1 FROM {}), false)").format(
                sql.Identifier(column), sql.Identifier(ref.schema, table)
            ),
            [counter],
        )


def _copied(
    source: TenantRef,
    target: TenantRef,
    table: str,
    columns: list[tuple[str, str, bool]],
    *,
    other_keys: bool,
) -> sql.Composed:
    taken: list[sql.Composable] = []
    for column, kind, is_number in columns:
        here = sql.Identifier(column)
        if other_keys and kind == "uuid":
            taken.append(sql.SQL(_UUID).format(c=here))
        elif other_keys and is_number:
            taken.append(sql.SQL("{} + {}").format(here, sql.Literal(_NUMBERS_BY)))
        else:
            taken.append(here)
    return sql.SQL("INSERT INTO {t} ({into}) OVERRIDING SYSTEM VALUE SELECT {taken} FROM {s}").format(
        s=sql.Identifier(source.schema, table),
        t=sql.Identifier(target.schema, table),
        into=sql.SQL(", ").join(sql.Identifier(column) for column, _, _ in columns),
        taken=sql.SQL(", ").join(taken),
    )


def copy_facts(source: TenantRef, targets: Iterable[TenantRef]) -> None:
    """The figures in the public schema, so that every school has some there."""
    with tenancy.owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
            " AND attrelid = 'public.tenants_rollupfact'::regclass AND attname NOT IN ('id', 'school_id')"
        )
        columns = cursor.fetchone()[0]
        for target in targets:
            cursor.execute(
                f"INSERT INTO public.tenants_rollupfact (school_id, {columns})"
                f" SELECT %s, {columns} FROM public.tenants_rollupfact WHERE school_id = %s",
                [target.id, source.id],
            )
