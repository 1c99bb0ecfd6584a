"""What crosses the door of identity."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
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

    @property
    def scan(self) -> str:
        """Where the square of the slip leads: to the sign-in page with the login typed in, never the password."""
        return f"{self.url}sign-in/?{urlencode({'login': self.username})}"


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
class Held:
    """A role in somebody's hands, as the review of access shows it."""

    user_id: int
    person: str
    username: str
    is_active: bool
    role: Any
    closed_data: bool
    since: date
    until: date | None
    given_by: str
    signed_in_at: datetime | None
    second_factor: bool


@dataclass(frozen=True, slots=True)
class HeldFilter:
    """What the review of access is narrowed by; empty fields do not narrow."""

    search: str = ""
    role: str = ""
    kind: str = "staff"
    state: str = ""
    sort: str = "name"


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
    phone_wanted: str = ""  # the card's number, while it opens another's account
