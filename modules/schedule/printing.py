"""The papers of this module: weeks and months of lessons for the wall; other rooms declare their own."""

from django.utils.translation import gettext_lazy as _

from documents.registry import form
from modules.schedule import permissions
from modules.schedule.exchange import printing as exchange
from modules.schedule.load import printing as load
from modules.schedule.papers import Board
from modules.schedule.substitutions import printing as substitutions

__all__ = ["exchange", "load", "substitutions"]

form(
    "schedule.board",
    _("Timetable of lessons"),
    version=1,
    since="2020-08-01",
    template="board.typ",
    data=Board,
    archived=False,
    permission=permissions.VIEW,
    texts={},
)
