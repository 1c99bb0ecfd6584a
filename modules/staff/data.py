"""What crosses the border of the module."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from kernel.names import PersonName


@dataclass(frozen=True, slots=True)
class PostInfo:
    """A post that is held now."""

    code: str
    rate: Decimal


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
