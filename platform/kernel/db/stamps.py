"""Rows know whose they are: what was loaded or first saved in one school is refused in another.

Without this, an object of school A saved while B is served overwrites B's row with the same key. Loading stamps
the row, and the router, which Django asks before every save, delete, refresh and walk along a relation, compares.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Model

from kernel.errors import NoTenant
from kernel.tenancy import current_or_none


class ForeignRow(RuntimeError):
    """A row of one tenant is used while another is served."""


def is_public(model: type[Model]) -> bool:
    """Rows of the public schema are the same rows wherever they are seen."""
    return model._meta.db_table.startswith('"public".')


def check(instance: Model) -> None:
    """Refuse the row of another tenant; one that has no tenant yet belongs to the present one."""
    if is_public(type(instance)):
        return
    here = current_or_none()
    if here is None:
        raise NoTenant
    state: Any = instance._state
    stamped = state.__dict__.setdefault("schema", here.schema)
    if stamped != here.schema:
        raise ForeignRow(
            f"{type(instance).__name__} of {stamped} is used in {here.schema}: pass ids, not objects."
        )


def stamp(state: Any) -> None:
    """Say on a row's state whose row it is."""
    here = current_or_none()
    if here is not None:
        state.schema = here.schema


def install() -> None:
    """Stamp every row as Django loads it."""
    load = Model.from_db.__func__  # type: ignore[attr-defined]

    def from_db(
        cls: type[Model], db: str | None, field_names: Collection[str], values: Collection[Any]
    ) -> Model:
        row = load(cls, db, field_names, values)
        stamp(row._state)
        return row

    Model.from_db = classmethod(from_db)  # type: ignore[assignment,method-assign]
