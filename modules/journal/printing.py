"""The papers of this module: the sheet of a journal, which is signed.

Order 130 gives the journal's pages (subject page with marks, beside it topics and homework); a text of its annex could
not be read. A corrected form is another version with its own first day.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents.registry import form
from modules.journal.cards import printing as cards
from modules.journal.export import printing as export
from modules.journal.papers import SheetPaper
from modules.journal.remarks import printing as remarks
from modules.journal.reports import printing as reports

__all__ = ["cards", "export", "remarks", "reports"]

form(
    "journal.sheet",
    _("Sheet of a journal"),
    version=1,
    since="2020-08-01",
    template="sheet.typ",
    data=SheetPaper,
    archived=False,  # it is kept among the signed documents
    texts={
        "heading": _("Journal of class {class}: {subject}"),
        "below": _("{year} school year · {period} · {start} – {end}"),
        "no": "№",
        "pupil": _("Surname, name"),
        "mark": pgettext_lazy("column", "Mark"),
        "date": _("Date"),
        "topic": _("Topic"),
        "homework": _("Homework"),
        "topics": _("Topics and homework"),
        "words": _("Progress in words"),
        "tally": _("Marks of the period:"),
        "nobody": _("No marks of the period are given."),
        "teacher": _("Teacher"),
        "beside": _("Signed with ЭЦП: the signature lies beside this document in a file of its own (.cms)."),
    },
)
