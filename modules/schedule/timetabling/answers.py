"""What it would mean to put a card into a place, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

if TYPE_CHECKING:
    from modules.schedule.timetabling.grid import Piece

Place = tuple[int, int]  # weekday, number of the lesson


class Fit(StrEnum):
    FITS = "fits"
    MOVES = "moves"
    WISH = "wish"
    IMPOSSIBLE = "impossible"


FIT_LABELS: dict[Fit, Any] = {
    Fit.FITS: pgettext_lazy("place of a lesson", "fits"),
    Fit.MOVES: pgettext_lazy("place of a lesson", "if others move"),
    Fit.WISH: pgettext_lazy("place of a lesson", "breaks a wish"),
    Fit.IMPOSSIBLE: pgettext_lazy("place of a lesson", "impossible"),
}


def place_words(place: Place) -> str:
    """ "Tue 3"."""
    return f"{WEEKDAYS_ABBR[place[0] - 1]} {place[1]}"


@dataclass(frozen=True, slots=True)
class Leap:
    """A card that makes room for another, and where it would go; nowhere is beside the board."""

    piece: Piece
    to: Place | None
    weeks: str

    @property
    def words(self) -> str:
        if self.to is None:
            return _("{lesson}: beside the board").format(lesson=self.piece.title)
        return f"{self.piece.title} → {place_words(self.to)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What it would mean to put a card there: how it would stand with those that are one lesson with it, and who would
    have to make room."""

    fit: Fit
    words: tuple[str, ...] = ()
    goes: tuple[Leap, ...] = ()
    leaps: tuple[Leap, ...] = ()

    @property
    def label(self) -> str:
        return str(FIT_LABELS[self.fit])

    @property
    def lines(self) -> list[str]:
        """As briefly as a cell has room for: who would go where, or what is against it."""
        if not self.leaps:
            return list(self.words)
        mine = {one.piece.class_id for one in self.goes}
        where: dict[Place | None, list[str]] = {}
        for one in self.leaps:
            is_mine = one.piece.class_id in mine
            name = one.piece.brief if is_mine else f"{one.piece.class_label} {one.piece.brief}"
            where.setdefault(one.to, []).append(name)
        return [
            f"{', '.join(names)} → {place_words(to) if to else pgettext('place of a lesson', 'beside the board')}"
            for to, names in where.items()
        ]

    @property
    def leaves_some_out(self) -> bool:
        return any(one.to is None for one in self.leaps)
