"""Small reads that every page needs, as SQL put together once per process.

The ORM spends more time on writing such a read than the server on answering it. Columns are the model's own, so a
migration changes the statement too; rows are stamped with their tenant like all others.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelState

from kernel.db import stamps

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """A model's columns in one order, and rows made from them."""

    def __init__(self, model: type[M]) -> None:
        fields = model._meta.concrete_fields
        self.model = model
        self.names = [field.attname for field in fields]
        self._columns = [connection.ops.quote_name(str(field.column)) for field in fields]
        # Fields whose values want reading after the driver (JSON).
        self._readers = [(f.attname, f.from_db_value) for f in fields if hasattr(f, "from_db_value")]

    def listed(self, alias: str) -> str:
        return ", ".join(f"{alias}.{column}" for column in self._columns)

    def made(self, values: tuple[Any, ...]) -> M:
        """The row, as `Model.from_db` would make it: whole, stamped with its tenant, and without its signals."""
        row = self.model.__new__(self.model)
        kept = row.__dict__
        kept.update(zip(self.names, values, strict=True))
        for name, reader in self._readers:
            kept[name] = reader(kept[name], None, connection)
        state = ModelState()
        state.adding, state.db = False, "default"
        stamps.stamp(state)
        kept["_state"] = state
        return row


class Read(Generic[M]):
    """All rows of a table, `t`, under a condition: `Read(Period, "WHERE t.year = %s ORDER BY t.number")`."""

    def __init__(self, model: type[M], condition: str) -> None:
        self._columns = Columns(model)
        table = model._meta.db_table
        self._statement = f"SELECT {self._columns.listed('t')} FROM {table} t {condition}"  # noqa: S608 - no value in it

    def all(self, *values: Any) -> list[M]:
        with connection.cursor() as cursor:
            cursor.execute(self._statement, values)
            return [self._columns.made(row) for row in cursor.fetchall()]

    def first(self, *values: Any) -> M | None:
        return next(iter(self.all(*values)), None)
