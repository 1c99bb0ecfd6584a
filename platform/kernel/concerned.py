"""Whom a breach concerns: the histories that tell whose data was changed, and how the people are reached.

Modules say both in their panels.py; modules.breaches makes the list from these and from the two logs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class History:
    """A table that triggers fill with changes: whose data was changed, by which account and session, when."""

    code: str
    label: Any
    subject: str
    table: str
    subject_column: str
    author_column: str
    session_column: str = ""


HISTORIES: dict[str, History] = {}


def history(code: str, label: Any, **places: str) -> None:
    """Count what this history says among the changes; its moment stands in the column `at`."""
    if code in HISTORIES:
        raise ValueError(f"the history {code} is declared twice")
    HISTORIES[code] = History(code, label, **places)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person as the notice of a breach names and reaches them. For a child the phones are the guardians'."""

    name: str
    iin: str
    phones: tuple[str, ...]
    place: str = ""


Reaching = Callable[[Collection[UUID]], Mapping[UUID, Addressee]]
_REACHING: dict[str, Reaching] = {}


def reaching(subject: str, find: Reaching) -> None:
    """Say how people of the kind are named and reached: `find(ids)`. Those who are gone are left out."""
    if subject in _REACHING:
        raise ValueError(f"how {subject} is reached is declared twice")
    _REACHING[subject] = find


def subjects() -> list[str]:
    """Kinds of people whom a breach may concern."""
    return list(_REACHING)


def addressees(subject: str, ids: Collection[UUID]) -> Mapping[UUID, Addressee]:
    """People by id. Callers check the right: this opens IINs and phones."""
    find = _REACHING.get(subject)
    return find(ids) if find and ids else {}
