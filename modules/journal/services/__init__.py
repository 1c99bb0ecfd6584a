"""Changes of journals. `cells` is the way of every typed mark and is kept lean; `finals` and `works` are rare."""

from modules.journal.data import mark_text
from modules.journal.services.cells import MOST_AT_ONCE, Operation, Result, save_cells, summary_texts
from modules.journal.services.finals import (
    LEGAL,
    Decision,
    NotAttestedHere,
    PeriodIsClosed,
    ReasonNeeded,
    accept_recommended,
    set_final,
    set_finals,
)
from modules.journal.services.works import (
    MaximumOutOfBounds,
    SummativeDayTaken,
    WorkHasMarks,
    add_work,
    remove_work,
    warnings_for,
)

__all__ = [
    "LEGAL",
    "MOST_AT_ONCE",
    "Decision",
    "MaximumOutOfBounds",
    "NotAttestedHere",
    "Operation",
    "PeriodIsClosed",
    "ReasonNeeded",
    "Result",
    "SummativeDayTaken",
    "WorkHasMarks",
    "accept_recommended",
    "add_work",
    "mark_text",
    "remove_work",
    "save_cells",
    "set_final",
    "set_finals",
    "summary_texts",
    "warnings_for",
]
