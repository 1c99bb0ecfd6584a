"""Changes of single lessons, and the secret addresses of personal calendars."""

from modules.schedule.lessons.services.changes import (
    IsCancelled,
    LessonHasMarks,
    LessonOfClosedPeriod,
    NoSchoolThen,
    ReasonWanted,
    RoomBusy,
    WasMoved,
    add,
    cancel,
    move,
    restore,
)
from modules.schedule.lessons.services.feeds import feed_of, make_feed, read_feed, revoke_feed

__all__ = [
    "IsCancelled",
    "LessonHasMarks",
    "LessonOfClosedPeriod",
    "NoSchoolThen",
    "ReasonWanted",
    "RoomBusy",
    "WasMoved",
    "add",
    "cancel",
    "feed_of",
    "make_feed",
    "move",
    "read_feed",
    "restore",
    "revoke_feed",
]
