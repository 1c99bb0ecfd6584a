"""Levels of a summative work: low up to 39 %, middle 40 to 84 %, high from 85 %; good from 65 %.

So remembered of the form of order 130 and printed by products of schools. Quality counts what is good, from 65 %:
middle and high together are achievement.
"""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import pgettext_lazy

from modules.journal.rules import half_up

Level = Literal["low", "middle", "high"]
MIDDLE_FROM, GOOD_FROM, HIGH_FROM = 40, 65, 85
LEVELS: dict[Level, Any] = {
    "high": pgettext_lazy("level of a work", "high"),
    "middle": pgettext_lazy("level of a work", "middle"),
    "low": pgettext_lazy("level of a work", "low"),
}


def percent_of(points: int, maximum: int) -> int:
    """The whole percentage of the work, a half going up."""
    return half_up(100 * points / maximum)


def level_of(percent: int) -> Level:
    if percent >= HIGH_FROM:
        return "high"
    return "middle" if percent >= MIDDLE_FROM else "low"
