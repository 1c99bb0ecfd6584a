"""Pages of the journal: `pages` for people, `saving` for the grid's own calls, `sheets` for signing, `topics` for rows."""

from modules.journal.views.pages import (
    accept_recommended,
    add_work,
    export,
    finals,
    grid,
    index,
    printed,
    remove_work,
)
from modules.journal.views.saving import history, needed, save
from modules.journal.views.sheets import prepare_sheet, sheet, sheets, sheets_excel
from modules.journal.views.topics import planned_topics, topic

__all__ = [
    "accept_recommended",
    "add_work",
    "export",
    "finals",
    "grid",
    "history",
    "index",
    "needed",
    "planned_topics",
    "prepare_sheet",
    "printed",
    "remove_work",
    "save",
    "sheet",
    "sheets",
    "sheets_excel",
    "topic",
]
