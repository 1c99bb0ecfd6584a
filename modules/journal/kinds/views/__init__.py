"""Pages: `subjects` of one journal, `classes` of a class's journal, `development` of preschool children, `home` of a
child taught there."""

from modules.journal.kinds.views import classes
from modules.journal.kinds.views.development import development, monitoring
from modules.journal.kinds.views.home import home_journal
from modules.journal.kinds.views.subjects import (
    end_programme,
    journals,
    journals_excel,
    programme,
    programmes,
    words,
)

__all__ = [
    "classes",
    "development",
    "end_programme",
    "home_journal",
    "journals",
    "journals_excel",
    "monitoring",
    "programme",
    "programmes",
    "words",
]
