"""What crosses the border of the module: sides, states, grounds and refusals of a transfer, and tables of a dossier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Side(StrEnum):
    """Which way the child goes, seen from here."""

    IN = "in"
    OUT = "out"


class State(StrEnum):
    """Where a transfer stands; both schools know the same states."""

    ASKED = "asked"
    AGREED = "agreed"
    LEFT = "left"
    ARRIVED = "arrived"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"


OPEN = frozenset({State.ASKED, State.AGREED, State.LEFT})

STATE_LABELS: dict[str, Any] = {
    State.ASKED: pgettext_lazy("transfer", "asked"),
    State.AGREED: pgettext_lazy("transfer", "agreed"),
    State.LEFT: pgettext_lazy("transfer", "has left"),
    State.ARRIVED: pgettext_lazy("transfer", "has arrived"),
    State.REFUSED: pgettext_lazy("transfer", "refused"),
    State.EXPIRED: pgettext_lazy("transfer", "not answered in time"),
    State.WITHDRAWN: pgettext_lazy("transfer", "withdrawn"),
    State.MISSING: pgettext_lazy("transfer", "has not arrived"),
}
STATE_TONES: dict[str, str] = {
    State.ASKED: "warning",
    State.AGREED: "info",
    State.LEFT: "info",
    State.ARRIVED: "success",
    State.REFUSED: "danger",
    State.EXPIRED: "neutral",
    State.WITHDRAWN: "neutral",
    State.MISSING: "danger",
}


STEP_LABELS: dict[str, Any] = {
    "asked": pgettext_lazy("step of a transfer", "The new school asks"),
    "agreed": pgettext_lazy("step of a transfer", "The old school agrees"),
    "refused": pgettext_lazy("step of a transfer", "The old school refuses"),
    "withdrawn": pgettext_lazy("step of a transfer", "The new school withdraws its request"),
    "expired": pgettext_lazy("step of a transfer", "The slip has lost its validity"),
    "drafted": pgettext_lazy("step of a transfer", "The order is drafted"),
    "signed": pgettext_lazy("step of a transfer", "The order of departure is signed"),
    "left": pgettext_lazy("step of a transfer", "The pupil leaves the old school; the dossier is sent"),
    "arrived": pgettext_lazy("step of a transfer", "The pupil is enrolled in the new school"),
    "missing": pgettext_lazy("step of a transfer", "The pupil has not come to the new school"),
    "recalled": pgettext_lazy("step of a transfer", "The order of departure is cancelled"),
    "cancelled": pgettext_lazy("step of a transfer", "The order of enrolment is cancelled"),
}


class Refusal(StrEnum):
    """Why the school where the child is said to learn does not let him go."""

    NOT_OURS = "not_ours"
    OTHER_SCHOOL = "other_school"
    NO_GROUND = "no_ground"
    PARENTS = "parents"
    OTHER = "other"


REFUSAL_LABELS: dict[str, Any] = {
    Refusal.NOT_OURS: _("There is no such pupil in our school"),
    Refusal.OTHER_SCHOOL: _("Another school has asked for this pupil"),
    Refusal.NO_GROUND: _("The ground is not confirmed by a paper"),
    Refusal.PARENTS: _("The parents have not applied"),
    Refusal.OTHER: _("Another reason"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """Whom a school asks for, as the papers in the clerk's hand say."""

    iin: str = ""
    surname: str = ""
    name: str = ""
    patronymic: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A part of a dossier as people read it, on the screen and on paper."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @property
    def is_narrow(self) -> bool:
        """Few enough columns to be turned into small cards on a phone."""
        return len(self.head) <= 5

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """Rows with the head of each cell beside it."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Brought:
    """What a pupil brought in one part of the dossier, and from where."""

    pupil_id: UUID
    transfer_id: UUID
    school_kk: str
    school_ru: str
    arrived_on: date
    content: Mapping[str, Any] = field(default_factory=dict)

    @property
    def school(self) -> str:
        return in_language(self.school_kk, self.school_ru)


def in_language(kk: str, ru: str) -> str:
    """The one of the reader's language, or the other when it is empty."""
    from django.utils.translation import get_language

    own, other = (ru, kk) if (get_language() or "kk").startswith("ru") else (kk, ru)
    return own or other
