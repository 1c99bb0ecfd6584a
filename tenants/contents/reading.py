"""Rows of a tenant as anybody may read them: JSON by columns, in the order of their keys, with nothing sealed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg import sql

from kernel.db import resealing
from kernel.db.sealed import Sealed, SealedJSONField, sealed_fields

Row = dict[str, Any]
AT_ONCE = 1000
_SHAPES = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)
FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'r'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_namespace'::regclass
  AND d.refobjid = to_regnamespace(%s) ORDER BY c.relname, a.attnum
"""
MACHINERY = frozenset({"django_migrations"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the database has it; `key` is its place in the primary key, 0 outside it."""

    name: str
    type: str
    is_required: bool
    key: int

    @property
    def is_text(self) -> bool:
        return self.type.startswith(("character", "text"))


@dataclass(frozen=True, slots=True)
class Shape:
    """A table with those of its columns that are asked for."""

    table: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.columns]

    def without(self, hidden: frozenset[str]) -> Shape:
        return Shape(self.table, tuple(one for one in self.columns if one.name not in hidden))


def shapes(schema: str) -> dict[str, Shape]:
    """The tables of a schema, but for what migrations keep."""
    found: dict[str, list[Column]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SHAPES, [schema])
        for table, name, kind, is_required, key in cursor.fetchall():
            found.setdefault(table, []).append(Column(name, kind, is_required, key))
    return {table: Shape(table, tuple(columns)) for table, columns in found.items() if table not in MACHINERY}


def texts(schema: str, shape: Shape) -> Iterator[str]:
    """Each row as a line of JSON. In a transaction; `schema` has the keys that open what is sealed."""
    opened = opener(schema, shape.table)
    if opened is None:
        yield from _lines(schema, shape)
        return
    for line in _lines(schema, shape):
        yield json.dumps(opened(json.loads(line)), ensure_ascii=False, separators=(",", ":"))


def rows(schema: str, shape: Shape) -> Iterator[Row]:
    """Each row by its columns, opened."""
    opened = opener(schema, shape.table)
    for line in _lines(schema, shape):
        row = json.loads(line)
        yield opened(row) if opened else row


def _lines(schema: str, shape: Shape) -> Iterator[str]:
    order = [
        sql.SQL('{} COLLATE "C"' if one.is_text else "{}").format(sql.Identifier(one.name))
        for one in sorted(shape.columns, key=lambda one: one.key)
        if one.key
    ]
    statement = sql.SQL("SELECT row_to_json(x)::text FROM (SELECT {} FROM {} ORDER BY {}) x").format(
        sql.SQL(", ").join(map(sql.Identifier, shape.names)),
        sql.Identifier(schema, shape.table),
        sql.SQL(", ").join(order),
    )
    connection.ensure_connection()
    with connection.connection.cursor(name=f"contents_{shape.table}"[:60]) as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(statement)
        for (line,) in cursor:
            yield line


def opener(schema: str, table: str) -> Callable[[Row], Row] | None:
    """What opens a row of the table, sealed by the schema's keys; none where nothing is sealed."""
    sealed = sealed_of(table)
    histories = [one for one in resealing.histories() if one.table == table]
    if not sealed and not histories:
        return None

    def opened(row: Row) -> Row:
        for name, field in sealed.items():
            if row.get(name):
                text = field.open(row[name], schema=schema)
                row[name] = json.loads(text) if isinstance(field, SealedJSONField) else text
        for one in histories:
            row[one.column] = one.rewritten(row, lambda field, kept: field.open(kept, schema=schema))
        return row

    return opened


def closer(table: str) -> Callable[[Row], Row] | None:
    """What seals an opened row of the table with the current tenant's keys; none where nothing is to be sealed."""
    sealed = sealed_of(table)
    histories = [one for one in resealing.histories() if one.table == table]
    if not sealed and not histories:
        return None

    def closed(row: Row) -> Row:
        for name, field in sealed.items():
            value = row.get(name)
            if isinstance(field, SealedJSONField):
                row[name] = None if value is None else field.seal(json.dumps(value, ensure_ascii=False))
            elif value:
                row[name] = field.seal(value)
        for one in histories:
            row[one.column] = one.rewritten(row, lambda field, text: field.seal(text))
        return row

    return closed


@cache
def sealed_of(table: str) -> Mapping[str, Sealed]:
    """The sealed columns of a table."""
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    return {str(field.column): field for field in sealed_fields(model)} if model else {}
