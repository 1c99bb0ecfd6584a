"""What the letters of a transfer say. They come from another school, perhaps of another release: read strictly, kept short.

A released letter never changes (tests keep their shapes); a new one stands beside it as .v2.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Word = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True)]
Short = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]
Number = Annotated[str, StringConstraints(pattern=r"^(\d{12})?$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Letter(Body):
    """The id of the transfer is the same in both schools."""

    transfer_id: UUID


class Asked(Letter):
    """A school asks for a child and has given the accepting slip."""

    iin: Number = ""
    surname: Word = ""
    name: Word = ""
    patronymic: Word = ""
    birth_date: date | None = None
    grade: Annotated[int, Field(ge=0, le=12)]
    class_label: Short = ""
    ground: Short
    ground_paper: Text = ""
    contact: Text = ""
    asked_on: date
    arrival_date: date
    slip_number: Short
    valid_until: date


class Answered(Letter):
    """The old school agrees and names the last day, or refuses and says why."""

    agreed: bool
    last_day: date | None = None
    departure_slip: Short = ""
    refusal: Short = ""
    note: Text = ""


class Withdrawn(Letter):
    """The new school does not want the child any more, or the child that left has not come."""

    missing: bool = False
    note: Text = ""


class Guardian(Body):
    relation: Short
    surname: Word
    name: Word
    patronymic: Word = ""
    iin: Number = ""
    phone: Annotated[str, StringConstraints(max_length=16)] = ""
    may_see: bool = True


class Ban(Body):
    """A guardian of the card who may not see the child; stands in the part of the card's lines."""

    surname: Word
    name: Word
    patronymic: Word = ""
    since: date
    until: date | None = None
    ground: Text = ""


class Status(Body):
    code: Short
    since: date
    until: date | None = None
    ground: Annotated[str, StringConstraints(max_length=200)] = ""


class Term(Body):
    class_label: Short
    grade: int
    language: Short
    year: Short
    since: date
    until: date | None = None
    reason: Short = ""
    order_number: Short = ""


class Card(Body):
    """The part of a dossier that becomes the card of the pupil in the new school."""

    surname: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    patronymic: Word = ""
    iin: Number = ""
    sex: Literal["m", "f"]
    birth_date: date
    nationality: Annotated[str, StringConstraints(max_length=30)] = ""
    citizenship: Short = ""
    file_number: Annotated[str, StringConstraints(max_length=20)] = ""
    address: Annotated[str, StringConstraints(max_length=250)] = ""
    phone: Annotated[str, StringConstraints(max_length=16)] = ""
    enrolled_date: date | None = None
    guardians: Annotated[tuple[Guardian, ...], Field(max_length=20)] = ()
    statuses: Annotated[tuple[Status, ...], Field(max_length=60)] = ()
    terms: Annotated[tuple[Term, ...], Field(max_length=60)] = ()


class Dossier(Letter):
    """The child has left; this is what goes along. `parts` are by code, each read by the module that knows it."""

    last_day: date
    order_number: Short
    order_date: date
    departure_slip: Short
    card: Card
    parts: dict[str, Any] = {}


class Recalled(Letter):
    """The order of departure was cancelled: the child stays where it was."""

    note: Text = ""


class Arrived(Letter):
    """The child learns in the new school: the confirmation that the old one keeps."""

    order_number: Short
    order_date: date
    first_day: date
    class_label: Short = ""


KINDS: dict[type[Letter], str] = {
    Asked: "transfers.asked.v1",
    Answered: "transfers.answered.v1",
    Withdrawn: "transfers.withdrawn.v1",
    Dossier: "transfers.dossier.v1",
    Recalled: "transfers.recalled.v1",
    Arrived: "transfers.arrived.v1",
}
