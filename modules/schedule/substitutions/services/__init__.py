"""Changes of absences and substitutions."""

from modules.schedule.load.services.courses import UnknownSubject
from modules.schedule.substitutions.services.absences import (
    cancel_absence,
    change_absence,
    follow_leaves,
    note_absence,
    open_new_lessons,
)
from modules.schedule.substitutions.services.common import (
    AbsentAlready,
    AlreadyDecided,
    AlreadyHeld,
    FromStaffCard,
    NobodyAsked,
    NoSuchPlace,
    NothingToJoin,
    PlaceTaken,
    QuestionOver,
    ReasonNeeded,
    SubstituteAbsent,
    SubstituteBusy,
    UnknownReason,
    WorksHereNoMore,
)
from modules.schedule.substitutions.services.lessons import (
    assign,
    cancel,
    correct,
    join,
    leave_to_teacher,
    move,
    reopen,
)
from modules.schedule.substitutions.services.questions import answer, ask
from modules.schedule.year.services.periods import DatesBackwards

__all__ = [
    "AbsentAlready",
    "AlreadyDecided",
    "AlreadyHeld",
    "DatesBackwards",
    "FromStaffCard",
    "NoSuchPlace",
    "NobodyAsked",
    "NothingToJoin",
    "PlaceTaken",
    "QuestionOver",
    "ReasonNeeded",
    "SubstituteAbsent",
    "SubstituteBusy",
    "UnknownReason",
    "UnknownSubject",
    "WorksHereNoMore",
    "answer",
    "ask",
    "assign",
    "cancel",
    "cancel_absence",
    "change_absence",
    "correct",
    "follow_leaves",
    "join",
    "leave_to_teacher",
    "move",
    "note_absence",
    "open_new_lessons",
    "reopen",
]
