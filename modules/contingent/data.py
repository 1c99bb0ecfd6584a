"""What crosses the border of the module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.names import PersonName

CITIZENSHIPS: dict[str, Any] = {
    "KZ": _("Kazakhstan"),
    "RU": _("Russia"),
    "UZ": _("Uzbekistan"),
    "KG": _("Kyrgyzstan"),
    "TJ": _("Tajikistan"),
    "TM": _("Turkmenistan"),
    "MN": _("Mongolia"),
    "CN": _("China"),
    "TR": _("Turkey"),
    "UA": _("Ukraine"),
    "DE": _("Germany"),
    "stateless": _("no citizenship"),
}


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A class of a school year. `set_code` is the same for classes taught together in a small school.

    `leader_ids` are all in whose charge the class is today: its class teacher and its educators. `direction` is
    "natural", "social" or empty; `room` is the home room.
    """

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
    leader_ids: frozenset[UUID] = frozenset()
    direction: str = ""
    room: str = ""

    @property
    def label(self) -> str:
        return f"{self.grade}{self.letter}"

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeInfo:
    """Somebody answers or answered for a class. `is_running` on the asked day; a term to come is not running yet."""

    id: UUID
    class_id: UUID
    class_label: str
    year: str
    employee_id: UUID
    duty: str
    duty_label: str
    group: str
    since: date
    until: date | None
    order_number: str
    is_running: bool


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


@dataclass(frozen=True, slots=True, kw_only=True)
class BanInfo:
    """A decision by which a guardian may not see the child, from the day on; without an end until it is lifted."""

    since: date
    until: date | None = None
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianInfo:
    """A guardian of a pupil. Who has a `ban` may not see the child today, nor collect him."""

    id: UUID
    surname: str
    name: str
    patronymic: str
    phone: str
    language: str
    relation: str
    pupil_id: UUID
    second_phone: str = ""
    email: str = ""
    work_place: str = ""
    post: str = ""
    lives_together: bool = True
    may_collect: bool = True
    ban: BanInfo | None = None

    @property
    def may_see(self) -> bool:
        return self.ban is None

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
    birth_place: str = ""
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
    second_phone: str = ""
    email: str = ""
    work_place: str = ""
    post: str = ""
    lives_together: bool = True
    may_collect: bool = True
    ban: BanInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """From where a pupil came, or to where he left, and by what slip."""

    reason: str = ""
    country: str = ""
    region: str = ""
    district: str = ""
    organisation: str = ""
    slip_number: str = ""
    slip_date: date | None = None

    @property
    def place(self) -> str:
        """In one line, the largest first; the country's code is left to the reader's language."""
        return ", ".join(part for part in (self.region, self.district, self.organisation) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementInfo:
    """An arrival ("in") or a departure ("out") of a pupil, as the school's books write it.

    `id` is None for the arrival of one who came before the school kept orders here: the card says when.
    """

    id: UUID | None
    pupil: PupilInfo
    direction: str
    day: date
    class_label: str
    grade: int | None
    whereabouts: Whereabouts
    class_id: UUID | None = None
    order_number: str = ""
    order_date: date | None = None
    order_id: UUID | None = None
    confirmation: str = ""
    confirmed_date: date | None = None
    file_given_date: date | None = None


@dataclass(frozen=True, slots=True)
class StayInfo:
    """A pupil's term in a class, for counting who is where on a day; both ends included."""

    pupil_id: UUID
    class_id: UUID
    year: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class LeaveInfo:
    """A pupil belongs to the school and is in no class from `since` until the day before `back`."""

    pupil_id: UUID
    since: date
    back: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """A pupil's next class, for passing many at once."""

    pupil_id: UUID
    class_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A child to be enrolled by an order: the card, the class, the day of arrival, and from where."""

    pupil: NewPupil
    class_id: UUID
    since: date
    whence: Whereabouts = field(default_factory=Whereabouts)
    id: UUID | None = (
        None  # the one the card will have; drawn when the order is drafted, if it is not known before
    )


@dataclass(frozen=True, slots=True)
class Examined:
    """What a medical examination found of a pupil."""

    group: int
    physical_education: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class StatusInfo:
    """A privilege, a need or a mark of record for a term."""

    code: str
    since: date
    until: date | None = None
    ground: str = ""


@dataclass(frozen=True, slots=True)
class TermInfo:
    """A pupil's time in a class; the running one has no end."""

    class_label: str
    grade: int
    language: str
    year: str
    since: date
    until: date | None
    reason: str
    order_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilCard:
    """All that the school's own card says of a pupil, for papers and for another school. Oldest term first."""

    id: UUID
    pupil: NewPupil
    enrolled_date: date | None
    left_date: date | None
    left_reason: str
    guardians: tuple[NewGuardian, ...] = ()
    statuses: tuple[StatusInfo, ...] = ()
    terms: tuple[TermInfo, ...] = ()

    @property
    def person(self) -> PersonName:
        return PersonName(self.pupil.surname, self.pupil.name, self.pupil.patronymic)

    @property
    def last_term(self) -> TermInfo | None:
        return self.terms[-1] if self.terms else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RollLine:
    """A pupil as the class's journal names him among the data on pupils: his file, where he lives, and his guardians."""

    pupil: PupilInfo
    file_number: str
    address: str
    phone: str
    guardians: tuple[GuardianInfo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLine:
    """A pupil of the health list: groups and advice in words, empty where no examination was noted. Never an illness."""

    pupil: PupilInfo
    group: str = ""
    physical_education: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeGround:
    """Why and from when a pupil is taught at home: the medical conclusion and the order."""

    paper_number: str
    paper_date: date
    issued_by: str
    order_number: str
    order_date: date | None
    since: date
    until: date | None
