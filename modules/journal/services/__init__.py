"""Changes of journals. `cells` is the way of every typed mark and is kept lean; `finals` and `works` are rare."""

from modules.journal.data import mark_text
from modules.journal.services.cells import (
    MOST_AT_ONCE,
    CellIsClosed,
    require_open,
    save_cells,
    summary_texts,
)
from modules.journal.services.finals import (
    LEGAL,
    Decision,
    NotAttestedHere,
    PeriodIsClosed,
    ReasonNeeded,
    TaughtAtHome,
    accept_recommended,
    set_final,
    set_finals,
)
from modules.journal.services.operations import Operation, Result
from modules.journal.services.sheets import (
    NothingToSign,
    PeriodIsOpen,
    called,
    expect_sheets,
    look_at_sheets,
    paper,
    prepare_sheet,
    require_signer,
    sheet_decided,
    state_now,
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
    "CellIsClosed",
    "Decision",
    "MaximumOutOfBounds",
    "NotAttestedHere",
    "NothingToSign",
    "Operation",
    "PeriodIsClosed",
    "PeriodIsOpen",
    "ReasonNeeded",
    "Result",
    "SummativeDayTaken",
    "TaughtAtHome",
    "WorkHasMarks",
    "accept_recommended",
    "add_work",
    "called",
    "expect_sheets",
    "look_at_sheets",
    "mark_text",
    "paper",
    "prepare_sheet",
    "remove_work",
    "require_open",
    "require_signer",
    "save_cells",
    "set_final",
    "set_finals",
    "sheet_decided",
    "state_now",
    "summary_texts",
    "warnings_for",
]
