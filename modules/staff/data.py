"""What crosses the border of the module."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.names import PersonName


@dataclass(frozen=True, slots=True)
class PostInfo:
    """A post that is held on a day."""

    code: str
    rate: Decimal
    form: str = "main"


@dataclass(frozen=True, slots=True)
class EmployeeInfo:
    """An employee as other modules see one: no numbers, no phone."""

    id: UUID
    surname: str
    name: str
    patronymic: str
    sex: str
    posts: tuple[PostInfo, ...] = ()
    subjects: tuple[str, ...] = ()
    left_date: date | None = None

    @property
    def person(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)

    @property
    def full_name(self) -> str:
        return self.person.full

    @property
    def short_name(self) -> str:
        return self.person.short

    @property
    def rate(self) -> Decimal:
        """All rates together."""
        return sum((post.rate for post in self.posts), Decimal(0))

    def __str__(self) -> str:
        return self.person.full


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveInfo:
    """A leave or another absence; `ground` is the order or the paper that it rests on."""

    id: UUID
    employee_id: UUID
    kind: str
    since: date
    until: date | None
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEmployee:
    """What is needed to take somebody on."""

    surname: str
    name: str
    sex: str
    patronymic: str = ""
    iin: str = ""
    birth_date: date | None = None
    phone: str = ""
    email: str = ""
    education: str = ""
    category: str = ""
    category_date: date | None = None
    teaching_since: date | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post to be held: on which rate, in which form, and the last day when the contract is for a term."""

    code: str
    rate: Decimal = Decimal("1")
    form: str = "main"
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What is in somebody's hands and has to be handed over when he leaves: a class, a course of lessons.

    `url` is where it is handed over, empty for readers who may not.
    """

    employee_id: UUID
    kind: Any
    what: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """An employee who leaves or has left, and what waits for other hands."""

    employee_id: UUID
    name: str
    last_day: date
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post of the staffing table on a day; `since` is the first day of the vacancy."""

    post_code: str
    approved: Decimal
    held: Decimal
    since: date | None = None

    @property
    def vacant(self) -> Decimal:
        return max(Decimal(0), self.approved - self.held)

    @property
    def above(self) -> Decimal:
        return max(Decimal(0), self.held - self.approved)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """Somebody's length of service on a day, in words."""

    id: UUID
    name: str
    posts: str
    general: str
    pedagogical: str
    here: str
    in_post: str
    band: str


@dataclass(frozen=True, slots=True)
class ServiceTable:
    """The body of the form staff.service."""

    on: str
    lines: tuple[ServiceLine, ...]
