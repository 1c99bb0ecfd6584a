"""Whether everybody in a tenant of the demo is made up: asked of every column that keeps numbers of people."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

from kernel import iin, tenancy
from kernel.tenancy import TenantRef


class RealPerson(Exception):
    """A number that a living person may own stands in a demonstration."""


def only(ref: TenantRef) -> int:
    """Answers how many numbers were looked at. Raises RealPerson."""
    seen = 0
    with tenancy.owner(ref), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = %s AND (column_name = 'iin' OR column_name LIKE %s)",
            [ref.schema, r"%\_iin"],
        )
        for table, column in cursor.fetchall():
            names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
            cursor.execute(
                sql.SQL("SELECT count(*), min({column}) FILTER (WHERE substr({column}, 7, 1) <> ALL (%s))"
                        " FROM {table} WHERE {column} <> ''").format(**names),
                [list(iin.SYNTHETIC)],
            )  # fmt: skip
            count, real = cursor.fetchone()
            if real is not None:
                raise RealPerson(f"{ref.code}: {table}.{column} holds {iin.mask(real)}")
            seen += count
    return seen
