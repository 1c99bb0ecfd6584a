"""Changes of variants: their making, the moves of cards, the search for places, publishing."""

from modules.schedule.timetabling.services.days import forget_day, wish_day
from modules.schedule.timetabling.services.moves import (
    CannotStandThere,
    Moved,
    NothingToUndo,
    Outdated,
    PinnedHere,
    Published,
    ReasonMissing,
    move,
    pin,
    set_room,
    undo,
)
from modules.schedule.timetabling.services.publishing import (
    NotSound,
    Outcome,
    TooEarly,
    publish_from,
    remarks,
)
from modules.schedule.timetabling.services.rooming import give_rooms
from modules.schedule.timetabling.services.solving import begin_search, relax, search
from modules.schedule.timetabling.services.variants import NameTaken, drop, make, match_load

__all__ = [
    "CannotStandThere",
    "Moved",
    "NameTaken",
    "NotSound",
    "NothingToUndo",
    "Outcome",
    "Outdated",
    "PinnedHere",
    "Published",
    "ReasonMissing",
    "TooEarly",
    "begin_search",
    "drop",
    "forget_day",
    "give_rooms",
    "make",
    "match_load",
    "move",
    "pin",
    "publish_from",
    "relax",
    "remarks",
    "search",
    "set_room",
    "undo",
    "wish_day",
]
