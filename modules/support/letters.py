"""What the letters between the vendor and a school say: read strictly, kept short. A released letter never changes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Word = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z_]+\.[a-z_]+$")]


class Letter(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    request_id: UUID


class Asked(Letter):
    """A person of the vendor asks to be let in."""

    surname: Word
    name: Word
    visitor_ref: UUID
    purpose: Text
    codes: Annotated[list[Code], Field(min_length=1, max_length=100)]
    hours: Annotated[int, Field(ge=1, le=24)]
    asked_at: datetime


class Withdrawn(Letter):
    """The vendor does not need it any more."""


class Answered(Letter):
    """The director's word; with a grant the secret that makes ways in, and until when."""

    granted: bool
    word: Text = ""
    codes: Annotated[list[Code], Field(max_length=100)] = []
    until: datetime | None = None
    secret: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""


class Ended(Letter):
    """The visit is over before its time, and what was looked at in figures."""

    by: Literal["director", "visitor"]
    at: datetime
    pages: Annotated[int, Field(ge=0)]
    persons: Annotated[int, Field(ge=0)]


KINDS: dict[type[Letter], str] = {
    Asked: "support.asked.v1",
    Withdrawn: "support.withdrawn.v1",
    Answered: "support.answered.v1",
    Ended: "support.ended.v1",
}
