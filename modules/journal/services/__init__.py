"""Changes of journals. `cells` is the way of every typed mark and is kept lean; `finals` and `works` are rare."""

from modules.journal.services.cells import Operation, Result, save_cells
from modules.journal.services.finals import ReasonNeeded, accept_recommended, set_final
from modules.journal.services.works import (
    MaximumOutOfBounds,
    SummativeDayTaken,
    WorkHasMarks,
    add_work,
    remove_work,
    warnings_for,
)

__all__ = [
    "MaximumOutOfBounds",
    "Operation",
    "ReasonNeeded",
    "Result",
    "SummativeDayTaken",
    "WorkHasMarks",
    "accept_recommended",
    "add_work",
    "remove_work",
    "save_cells",
    "set_final",
    "warnings_for",
]
