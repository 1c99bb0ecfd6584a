"""Rows put into an empty schema as they are told: with their ids and times, sealed with the tenant's own keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice

from django.db import connection
from psycopg import sql

from kernel.errors import DomainError
from tenants.contents import reading
from tenants.contents.reading import Row, Shape

# Always the tenant's own: its log and how far that has left, and the keys of its letter box.
OWN = frozenset({"kernel_auditentry", "kernel_feedposition", "kernel_keypair"})
_REFERENCES = """
SELECT c.relname, k.conname, f.relname,
       array(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u(n, o)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY u.o),
       array(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY u(n, o)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY u.o)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
WHERE k.contype = 'f' AND c.relnamespace = to_regnamespace(%s) ORDER BY 1, 2
"""
_COUNTERS = """
SELECT c.relname, a.attname, pg_get_serial_sequence(format('%%I.%%I', %s::text, c.relname), a.attname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r' AND (a.attidentity <> '' OR a.atthasdef)
  AND a.attgenerated = ''
  AND pg_get_serial_sequence(format('%%I.%%I', %s::text, c.relname), a.attname) IS NOT NULL
"""


class LooseEnds(DomainError):
    message = "Rows point to others that are not there: {ends}"
    code = "loose_ends"


@contextmanager
def emptied(schema: str, tables: Iterable[str]) -> Iterator[None]:
    """Empty the tables but for OWN, for the block that fills them; triggers and references rest until its end.

    In a transaction, as the owner of the tables. Raises LooseEnds at the end when what points to something does not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        names = [sql.Identifier(schema, table) for table in tables if table not in OWN]
        cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)).as_string())
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
    if ends := loose_ends(schema):
        raise LooseEnds(ends=", ".join(f"{name} ({count})" for name, count in ends.items()))


def fill(schema: str, shape: Shape, rows: Iterable[Row]) -> int:
    """Put opened rows into the table, sealed for the current tenant; answers how many."""
    closed, count = reading.closer(shape.table), 0
    columns = sql.SQL(", ").join(map(sql.Identifier, shape.names))
    table = sql.Identifier(schema, shape.table)
    statement = sql.SQL(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM json_populate_recordset(NULL::{}, %s::json)"
    ).format(table, columns, columns, table)
    with connection.cursor() as cursor:
        left = iter(rows)
        while part := list(islice(left, reading.AT_ONCE)):
            told = [closed(row) if closed else row for row in part]
            cursor.execute(statement.as_string(), [json.dumps(told, ensure_ascii=False)])
            count += len(told)
    return count


def count_on(schema: str, told: Mapping[str, int] | None = None) -> None:
    """Let counters go on after the highest number in their columns, and after what is told by their names."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTERS, [schema, schema, schema])
        for table, column, counter in cursor.fetchall():
            last = (told or {}).get(counter.rpartition(".")[2].strip('"'), 0)
            cursor.execute(
                sql.SQL("SELECT setval(%s, greatest((SELECT coalesce(max({}), 0) FROM {}), %s) + 1, false)")
                .format(sql.Identifier(column), sql.Identifier(schema, table))
                .as_string(),
                [counter, last],
            )


def loose_ends(schema: str) -> dict[str, int]:
    """References that lead nowhere, as table.column, and how many rows have each."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_REFERENCES, [schema])
        for table, _name, target, here, there in cursor.fetchall():
            pairs = sql.SQL(" AND ").join(
                sql.SQL("t.{} = s.{}").format(sql.Identifier(b), sql.Identifier(a))
                for a, b in zip(here, there, strict=True)
            )
            some = sql.SQL(" AND ").join(sql.SQL("s.{} IS NOT NULL").format(sql.Identifier(a)) for a in here)
            cursor.execute(
                sql.SQL("SELECT count(*) FROM {} s WHERE {} AND NOT EXISTS (SELECT FROM {} t WHERE {})")
                .format(sql.Identifier(schema, table), some, sql.Identifier(schema, target), pairs)
                .as_string()
            )
            [count] = cursor.fetchone()
            if count:
                found[f"{table}.{', '.join(here)}"] = count
    return found
