"""What older generations of a tenant's data key closed is closed anew with the newest, batch by batch.

It may be stopped and begun again at any row: what is left is what still carries an older number. Only when nothing
does, and no transaction that began before could still write some, is the older generation destroyed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from django.apps import apps
from django.db import OperationalError, connection, transaction
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
    for history in _HISTORIES:
        done += history(newest)
    return done


_HISTORIES: list[Callable[[int], int]] = []


def history(reseal_all: Callable[[int], int]) -> None:
    """Let a module close anew what it keeps of sealed columns elsewhere, for its panels.py.

    `reseal_all(newest)` does so with whatever carries another generation, and says with how many values.
    """
    _HISTORIES.append(reseal_all)


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
            if rows:
                cursor.execute(
                    f"UPDATE {table} AS t SET {column} = found.sealed "  # noqa: S608 - names of our own columns
                    "FROM unnest(%s::text[], %s::text[]) AS found (place, sealed) WHERE t.ctid = found.place::tid",
                    [[place for place, _sealed in rows], [sealed for _place, sealed in rows]],
                )
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return len(rows)

    return _when_free(close)


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
