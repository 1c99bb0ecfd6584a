"""The papers of report cards: the cards of a class, and its book.

The columns follow what is remembered of form 11 of order 130: no text of its annexes could be read. A corrected form is
another version with its own first day.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents.registry import form
from modules.journal.cards.papers import CardBook, ReportCards

_COLUMNS = {
    "no": "№",
    "pupil": _("Surname, name, patronymic"),
    "file": _("Personal file No."),
    "subject": _("Subject"),
    "annual": pgettext_lazy("mark", "Annual"),
    "decision": _("Decision of the pedagogical council"),
    "class_teacher": _("Class teacher"),
    "year": _("{year} school year"),
}

_CARD = {
    **_COLUMNS,
    "class": _("class {class}"),
    "quarters": pgettext_lazy("marks of", "Quarters"),
    "exam": pgettext_lazy("mark", "Exam"),
    "final": pgettext_lazy("mark", "Final"),
    "behaviour": _("Behaviour"),
    "missed": _("Missed"),
    "days": pgettext_lazy("missed", "Days"),
    "lessons": pgettext_lazy("missed", "Lessons"),
    "ill": _("of them by illness"),
    "in_year": pgettext_lazy("missed", "Year"),
    "parents": _("Signatures of parents"),
    "quarter": _("quarter {number}"),
    "given": _("Given out on"),
}

# One card is tagged for screen readers; the cards of a class are for the printer.
for _code, _tagged in (("journal.report_card", True), ("journal.report_cards", False)):
    form(
        _code,
        _("Report card"),
        version=1,
        since="2020-08-01",
        template="report-cards.typ",
        data=ReportCards,
        archived=False,
        tagged=_tagged,
        texts=_CARD,
    )
form(
    "journal.card_book",
    _("Book of report cards"),
    version=1,
    since="2020-08-01",
    template="card-book.typ",
    data=CardBook,
    archived=False,
    tagged=False,
    texts={
        **_COLUMNS,
        "heading": _("Book of report cards, class {class}"),
        "marks": _("Annual (final) marks by subject"),
        "given": _("Card given out on"),
        "signed": pgettext_lazy("column", "Signature"),
    },
)
