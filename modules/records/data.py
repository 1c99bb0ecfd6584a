"""What the books and certificates are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(StrEnum):
    """Where a certificate stands."""

    ORDERED = "ordered"
    ISSUED = "issued"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


STATE_LABELS: dict[str, Any] = {
    State.ORDERED: pgettext_lazy("certificate", "ordered"),
    State.ISSUED: pgettext_lazy("certificate", "issued"),
    State.DECLINED: pgettext_lazy("certificate", "declined"),
    State.WITHDRAWN: pgettext_lazy("certificate", "withdrawn"),
}
STATE_TONES = {
    State.ORDERED: "warning",
    State.ISSUED: "success",
    State.DECLINED: "neutral",
    State.WITHDRAWN: "danger",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLine:
    """A line of the alphabetical book: an entry, and its arrival and departure if there were any.

    `is_struck` when the entry has no arrival: the order was cancelled, or the load was taken back.
    """

    number: str
    letter: str
    pupil_id: UUID
    full_name: str
    year: str
    is_struck: bool
    birth_date: date | None = None
    sex: str = ""
    nationality: str = ""
    address: str = ""
    came: date | None = None
    came_class: str = ""
    came_from: str = ""
    came_order: str = ""
    left: date | None = None
    left_class: str = ""
    left_to: str = ""
    left_reason: str = ""
    left_order: str = ""
    file_given: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """A line of the book of arrivals and departures."""

    pupil_id: UUID
    full_name: str
    birth_date: date
    school_class: str
    day: date
    place: str
    reason: str
    order: str
    slip: str
    confirmation: str
    order_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Genuine:
    """What a stranger with the link of a certificate may read: nothing by which the child could be found."""

    number: str
    issued_on: date
    valid_until: date | None
    masked_name: str
    class_label: str
    is_withdrawn: bool
    withdrawn_on: date | None
    is_over: bool


ALPHABET = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЫІЭЮЯ"
BOOK = _("Alphabetical book")
