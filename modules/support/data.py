"""What crosses the border: states of a request, and rights in their sections."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MOST_HOURS = 8
"""What a vendor may ask for; a school may choose fewer (identity.figures)."""
USUAL_HOURS = 1


class State(StrEnum):
    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


STATES: Mapping[str, Any] = {
    State.WAITING: pgettext_lazy("request of support", "waits for the director"),
    State.GRANTED: pgettext_lazy("request of support", "granted"),
    State.REFUSED: pgettext_lazy("request of support", "refused"),
    State.WITHDRAWN: pgettext_lazy("request of support", "withdrawn"),
    State.ENDED: pgettext_lazy("request of support", "over"),
}
TONES = {
    State.WAITING: "warning",
    State.GRANTED: "success",
    State.REFUSED: "danger",
    State.WITHDRAWN: "neutral",
    State.ENDED: "neutral",
}
ENDED_BY: Mapping[str, Any] = {
    "director": _("ended by the director"),
    "visitor": _("ended by the visitor"),
    "": _("the time ran out"),
}


@dataclass(frozen=True, slots=True)
class Right:
    """A right that can be lent, as it is asked for and granted."""

    code: str
    label: Any
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Rights of one room of the product."""

    code: str
    label: Any
    rights: tuple[Right, ...]

    def holds(self, codes: Collection[str]) -> bool:
        """Whether one of the codes is a right of this room."""
        return any(one.code in codes for one in self.rights)


def codes_in(sections: Collection[Section]) -> set[str]:
    return {one.code for section in sections for one in section.rights}
