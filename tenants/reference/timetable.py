"""What a timetable asks of subjects and grades unless the school says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from tenants.reference.files import raw


@dataclass(frozen=True, slots=True)
class Demand:
    """How hard the subject is (1 to 13) and the kind of room that it needs."""

    difficulty: int
    room: str


@cache
def demands() -> Mapping[str, Demand]:
    """Demands of subjects by code; a subject that is not named here is of middle difficulty and needs no room of its own."""
    return MappingProxyType(
        {row["code"]: Demand(row["difficulty"], row["room"]) for row in raw("timetable")["subjects"]}
    )


@cache
def lessons_a_day() -> Mapping[int, int]:
    """The most lessons a day by grade."""
    return MappingProxyType({row["grade"]: row["most"] for row in raw("timetable")["lessons_a_day"]})
