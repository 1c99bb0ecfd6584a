"""What crosses the border of the module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kernel.names import PersonName


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A class of a school year. `set_code` is the same for classes taught together in a small school."""

    id: UUID
    year: str
    grade: int
    letter: str
    language: str
    shift: int
    kind: str
    capacity: int | None
    set_code: str
    class_teacher_id: UUID | None

    @property
    def label(self) -> str:
        return f"{self.grade}{self.letter}"

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class PupilInfo:
    """A pupil as lists show him; class is that of the asked day, None when in no class then."""

    id: UUID
    surname: str
    name: str
    patronymic: str
    sex: str
    birth_date: date
    class_id: UUID | None = None
    class_label: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def person(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)

    @property
    def full_name(self) -> str:
        return self.person.full

    @property
    def list_name(self) -> str:
        """Surname and name, as journals show it."""
        return f"{self.surname} {self.name}"

    def __str__(self) -> str:
        return self.person.full


@dataclass(frozen=True, slots=True)
class GuardianInfo:
    """A guardian of a pupil; `may_see` false means that a court or an order forbids it."""

    id: UUID
    surname: str
    name: str
    patronymic: str
    phone: str
    language: str
    relation: str
    may_see: bool
    pupil_id: UUID

    @property
    def person(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)

    def __str__(self) -> str:
        return self.person.full


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are on a day."""

    classes: int
    pupils: int
    by_class: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPupil:
    """What is needed to enrol a pupil."""

    surname: str
    name: str
    sex: str
    birth_date: date
    patronymic: str = ""
    iin: str = ""
    nationality: str = ""
    citizenship: str = ""
    file_number: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGuardian:
    """A guardian to be linked; found by ИИН, or by name and phone, when the school knows her already."""

    relation: str
    surname: str
    name: str
    patronymic: str = ""
    iin: str = ""
    phone: str = ""
    may_see: bool = True
