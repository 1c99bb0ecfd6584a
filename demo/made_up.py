"""Whether everybody in a tenant of the demo is made up: asked of every column that keeps numbers of people."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from psycopg import sql

from kernel import iin, tenancy
from kernel.db import sealed
from kernel.tenancy import TenantRef


class RealPerson(Exception):
    """A number that a living person may own stands in a demonstration."""


def only(ref: TenantRef) -> int:
    """Answers how many numbers were looked at. Raises RealPerson."""
    seen = 0
    fields = {
        (model._meta.db_table, field.column): field
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
    }
    with tenancy.owner(ref), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = %s AND (column_name = 'iin' OR column_name LIKE %s)",
            [ref.schema, r"%\_iin"],
        )
        for table, column in cursor.fetchall():
            names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
            cursor.execute(sql.SQL("SELECT {column} FROM {table} WHERE {column} <> ''").format(**names))
            for (kept,) in cursor.fetchall():
                value = sealed.read(fields.get((table, column)), kept)
                if value[6] not in iin.SYNTHETIC:
                    raise RealPerson(f"{ref.code}: {table}.{column} holds {iin.mask(value)}")
                seen += 1
    return seen
