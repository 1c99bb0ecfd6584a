"""What crosses the door of identity."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Slip:
    """A login slip: handed over once, on paper. The password is nowhere else."""

    user_id: int
    username: str
    password: str = field(repr=False)
    full_name: str
    url: str
    roles: tuple[str, ...]
    language: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """One account to be made by `create_accounts`."""

    person_kind: str
    person_id: UUID | None
    surname: str
    name: str
    patronymic: str = ""
    language: str = "kk"
    phone: str = ""
    username: str | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenRole:
    """A role of a user with its term."""

    id: int
    code: str
    label: Any
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account as lists and other modules see it."""

    id: int
    username: str
    full_name: str
    person_kind: str
    person_id: UUID | None
    phone: str
    language: str
    is_active: bool
    must_change_password: bool
    signed_in_at: datetime | None
    roles: tuple[GivenRole, ...] = ()
