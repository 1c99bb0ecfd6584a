"""Words about a lesson that several pages and papers use."""

from __future__ import annotations

from modules.schedule.timetabling.grid import Piece
from modules.schedule.timetabling.pairs import EVERY
from modules.schedule.year.models import Weeks


def weeks_words(one: Piece) -> str:
    """In which weeks the lesson is held; nothing for every week."""
    return "" if one.weeks == EVERY else str(Weeks(one.weeks).label)
