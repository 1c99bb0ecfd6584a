"""What older generations of a tenant's data key closed is closed anew with the newest, batch by batch.

It may be stopped and begun again at any row: what is left is what still carries an older number. Only when nothing
does, and no transaction that began before could still write some, is the older generation destroyed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.apps import apps
from django.db import OperationalError, connection, models, transaction
from psycopg.errors import LockNotAvailable

from kernel import clock, keys
from kernel.db.sealed import Sealed, sealed_fields
from kernel.tenancy import current

T = TypeVar("T")
BATCH = 1000
TRIES = 600
SETTLES_IN = timedelta(seconds=2 * keys.KEPT_SECONDS)
"""After a turn: until then a process may still close with the older generation that it remembers."""


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column of the tenant's schema and of its histories: where it stands, and how it is opened there."""

    table: str
    column: str
    field: Sealed


def columns() -> Iterator[Column]:
    """Every sealed column that the current tenant's schema has."""
    there = _tables()
    for model in apps.get_models():
        if model._meta.db_table in there:
            for field in sealed_fields(model):
                yield Column(model._meta.db_table, str(field.column), field)


def reseal(progress: Callable[[str, int], None] = lambda _column, _rows: None) -> int:
    """Close with the newest generation all that is not. As the owner of the tables; answers how many values it was.

    Histories that triggers keep do not take it for a change.
    """
    newest = keys.ring(current().schema).newest
    done = 0
    for one in columns():
        while rows := _batch(one, newest):
            done += rows
            progress(f"{one.table}.{one.column}", rows)

    def anew(field: Sealed, kept: str) -> str:
        return kept if kept.startswith(f"{newest}.") else field.seal(field.open(kept))

    return done + sum(_rewrite_history(one, anew) for one in histories())


def adopt(source: str) -> int:
    """Close with the current tenant's key what was copied, row by row, from the schema; answers how many values.

    As the owner of the tables, who alone may hold two tenants' keys at once: for copies of a whole school.
    """
    done = 0
    for one in columns():
        done += _when_free(lambda one=one: _rewrite(one, source))  # type: ignore[misc]
    return done + sum(
        _rewrite_history(one, lambda field, kept: field.seal(field.open(kept, schema=source)))
        for one in histories()
    )


Rewrite = Callable[[Sealed, str], str]


@dataclass(frozen=True, slots=True)
class History:
    """A JSON column in which triggers keep what they copied from sealed columns, as it stood there.

    `rewritten(row, anew)` answers the column's content with `anew(field, kept)` in the place of each sealed value; `row`
    is the whole row by its columns.
    """

    model: type[models.Model]
    column: str
    rewritten: Callable[[Mapping[str, Any], Rewrite], Any]

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)


_HISTORIES: list[History] = []


def history(
    model: type[models.Model], column: str, rewritten: Callable[[Mapping[str, Any], Rewrite], Any]
) -> None:
    """Let a module say where it keeps sealed values of other tables, for its panels.py: see History."""
    _HISTORIES.append(History(model, column, rewritten))


def histories() -> list[History]:
    """The histories that the current tenant's schema has."""
    there = _tables()
    return [one for one in _HISTORIES if one.table in there]


def _rewrite_history(one: History, anew: Rewrite) -> int:
    """Put `anew(field, kept)` in the place of each value; answers how many became others. As the owner of the tables."""
    done, last = 0, 0

    def counted(field: Sealed, kept: str) -> str:
        nonlocal done
        other = anew(field, kept)
        done += other != kept
        return other

    rows = one.model._base_manager.order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        changed = []
        for row in batch:
            before = done
            content = one.rewritten(
                {str(f.column): getattr(row, f.attname) for f in row._meta.concrete_fields}, counted
            )
            if done > before:
                setattr(row, one.column, content)
                changed.append(row)
        with transaction.atomic():
            one.model._base_manager.bulk_update(changed, [one.column])
    return done


def finish(wait: Callable[[float], None] = time.sleep) -> list[int]:
    """Destroy the older generations, once nothing is closed with them; answers which.

    Waits until no process remembers the older key, then for every transaction that has written, table by table.
    """
    ring = keys.ring(current().schema)
    if len(ring.data) == 1:
        return []
    if (left := (ring.turned_at + SETTLES_IN - clock.now()).total_seconds()) > 0:
        wait(left)
    tables = sorted({one.table for one in columns()})

    def close_the_rest() -> None:
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"LOCK TABLE {_quoted(table)} IN SHARE ROW EXCLUSIVE MODE")
        reseal()

    _when_free(close_the_rest)
    return keys.retire(current().schema)


def _batch(one: Column, newest: int) -> int:
    """Close one batch of the column anew, in a transaction of its own."""
    table, column = _quoted(one.table), _quoted(one.column)
    older = f"FROM {table} WHERE {column} <> '' AND {column} NOT LIKE %s"
    of_newest = f"{newest}.%"

    def close() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT {older})", [of_newest])
            if cursor.fetchone() == (False,):
                return 0
            # No change for those who keep histories, nor for what guards signed rows: what is said stays as it was.
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(
                f"SELECT ctid::text, {column} {older} ORDER BY ctid LIMIT %s FOR UPDATE", [of_newest, BATCH]
            )
            rows = [(place, one.field.seal(one.field.open(kept))) for place, kept in cursor.fetchall()]
            _put(one, rows)
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return len(rows)

    return _when_free(close)


def _rewrite(one: Column, source: str) -> int:
    table, column = _quoted(one.table), _quoted(one.column)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"SELECT ctid::text, {column} FROM {table} WHERE {column} <> ''")  # noqa: S608
        rows = [
            (place, one.field.seal(one.field.open(kept, schema=source))) for place, kept in cursor.fetchall()
        ]
        _put(one, rows)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return len(rows)


def _put(one: Column, rows: list[tuple[str, str]]) -> None:
    """Write sealed values at the places where their rows lie."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {_quoted(one.table)} AS t SET {_quoted(one.column)} = found.sealed "  # noqa: S608
                "FROM unnest(%s::text[], %s::text[]) AS found (place, sealed) WHERE t.ctid = found.place::tid",
                [[place for place, _sealed in rows], [sealed for _place, sealed in rows]],
            )


def _when_free(work: Callable[[], T]) -> T:
    """Do the work in a transaction, again and again while others hold its tables: nobody queues long behind it."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '1s'")
                return work()
        except OperationalError as failure:
            if not isinstance(failure.__cause__, LockNotAvailable) or not left:
                raise
            time.sleep(1)
    raise AssertionError


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        return {info.name for info in connection.introspection.get_table_list(cursor)}


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
