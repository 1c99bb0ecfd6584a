"""Kinds of journals, areas and levels of development in words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.utils.translation import pgettext_lazy


class Kind(StrEnum):
    """The journals that order 130 and the tender name."""

    PRESCHOOL = "preschool"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    SPECIAL = "special"
    ELECTIVE = "elective"
    HOME = "home"
    CORRECTION = "correction"
    CLUB = "club"

    @property
    def label(self) -> Any:
        return KIND_LABELS[self.value]


KIND_LABELS: dict[str, Any] = {
    "preschool": pgettext_lazy("kind of journal", "preschool class"),
    "primary": pgettext_lazy("kind of journal", "grades 1–4"),
    "secondary": pgettext_lazy("kind of journal", "grades 5–11 (12)"),
    "special": pgettext_lazy("kind of journal", "special class"),
    "elective": pgettext_lazy("kind of journal", "elective"),
    "home": pgettext_lazy("kind of journal", "education at home"),
    "correction": pgettext_lazy("kind of journal", "correction component"),
    "club": pgettext_lazy("kind of journal", "club"),
}


class Area(StrEnum):
    """Areas of a preschool child's development, as the standard of preschool education names them."""

    PHYSICAL = "physical"
    SPEECH = "speech"
    COGNITION = "cognition"
    CREATIVITY = "creativity"
    SOCIAL = "social"

    @property
    def label(self) -> Any:
        return AREA_LABELS[self.value]


AREA_LABELS: dict[str, Any] = {
    "physical": pgettext_lazy("area of development", "Physical development"),
    "speech": pgettext_lazy("area of development", "Communication"),
    "cognition": pgettext_lazy("area of development", "Thinking and learning"),
    "creativity": pgettext_lazy("area of development", "Creativity and exploration"),
    "social": pgettext_lazy("area of development", "Social and emotional skills"),
}


class Stage(StrEnum):
    """When the development is looked at: at the start, in the middle and at the end of the year."""

    START = "start"
    MIDDLE = "middle"
    END = "end"

    @property
    def label(self) -> Any:
        return STAGE_LABELS[self.value]


STAGE_LABELS: dict[str, Any] = {
    "start": pgettext_lazy("stage of monitoring", "Start of the year"),
    "middle": pgettext_lazy("stage of monitoring", "Middle of the year"),
    "end": pgettext_lazy("stage of monitoring", "End of the year"),
}
LEVELS: dict[int, Any] = {
    1: pgettext_lazy("level of development", "I, low"),
    2: pgettext_lazy("level of development", "II, middle"),
    3: pgettext_lazy("level of development", "III, high"),
}
