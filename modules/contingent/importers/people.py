"""Parents and guardians as rows of any file name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from imports import normalise
from imports.api import Row


@dataclass(slots=True)
class Person:
    """A guardian as the row names her."""

    relation: str
    surname: str
    name: str
    patronymic: str
    iin: str
    phone: str

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """What she is known by, the surest first."""
        keys: list[tuple[str, ...]] = [(self.iin,)] if self.iin else []
        if self.phone:
            keys.append((self.surname, self.name, self.phone))
        return keys


def phones_behind(row: Row, columns: Iterable[str]) -> None:
    """A phone written behind the name of a guardian, when it has no cell of its own."""
    for who in columns:
        if row.get(f"{who}_name") and not row.get(f"{who}_phone"):
            _name, number = normalise.phone_behind(row.shown.get(f"{who}_name", ""))
            if number:
                row.values[f"{who}_phone"] = number
