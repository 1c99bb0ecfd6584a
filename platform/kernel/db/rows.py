"""Small reads that every page needs, as SQL put together once per process.

The ORM spends more time on writing such a read than the server on answering it. Columns are the model's own, so a
migration changes the statement too; rows are stamped with their tenant like all others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NoReturn, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
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
        kept["_state"] = _loaded()
        return row


def _loaded() -> ModelState:
    state = ModelState()
    state.adding, state.db = False, "default"
    stamps.stamp(state)
    return state


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


class Statement:
    """What a queryset asks for, put into SQL once and asked again and again with the same values.

    The rows of a model come whole but for what was deferred, with what was annotated; those of `values()` as
    dictionaries. Whoever keeps a statement keeps it under all that its values depend on, so its making must not read
    anything: that raises NotSteady. Rows with `select_related` are not for it.
    """

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        with connection.execute_wrapper(_refused):
            query = make().query
            compiler: Any = query.get_compiler("default")
            self._sql, self._values = compiler.as_sql()
        places: dict[int, str] = {}
        self._model: type[Model] | None = None
        if info := compiler.klass_info:
            if info.get("related_klass_infos"):
                raise ValueError("A statement is made of one table's rows.")
            self._model = info["model"]
            places = {one: compiler.select[one][0].target.attname for one in info["select_fields"]}
            places |= {place: name for name, place in compiler.annotation_col_map.items()}
        else:
            names = (*query.extra_select, *query.values_select, *query.annotation_select)
            places = dict(enumerate(names))
        self._names = [places[place] for place in range(len(places))]
        found = compiler.get_converters([one[0] for one in compiler.select])
        self._readers = [(self._names[place], *reading) for place, reading in found.items()]

    def all(self) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql, self._values)
            lines = cursor.fetchall()
        if self._model is None:
            return [self._read(line) for line in lines]
        made = []
        for line in lines:
            row = self._model.__new__(self._model)
            row.__dict__.update(self._read(line), _state=_loaded())
            made.append(row)
        return made

    def _read(self, line: tuple[Any, ...]) -> dict[str, Any]:
        kept = dict(zip(self._names, line, strict=True))
        for name, readers, expression in self._readers:
            for reader in readers:
                kept[name] = reader(kept[name], expression, connection)
        return kept


class NotSteady(RuntimeError):
    """A statement that would be kept was to be made of what the database says now."""


def _refused(*_asked: Any) -> NoReturn:
    raise NotSteady
