"""The papers of substitutions: the book and the sheet of hours.

The columns of the book follow what is remembered of form 7 of order 130: no text of its annexes could be read. A
corrected form is another version with its own first day.
"""

from django.utils.translation import gettext_lazy as _

from documents.registry import form
from modules.schedule.substitutions.papers import Book, Hours

form(
    "schedule.substitutions",
    _("Book of substituted lessons"),
    version=1,
    since="2020-08-01",
    template="substitutions.typ",
    data=Book,
    archived=False,
    texts={
        "heading": _("Journal of missed and substituted lessons"),
        "no": "№",
        "date": _("Date"),
        "number": _("Lesson"),
        "class": _("Class"),
        "subject": _("Subject"),
        "teacher": _("Absent teacher"),
        "reason": _("Reason of absence"),
        "substitute": _("Substitute"),
        "held_subject": _("Subject held"),
        "hours": _("Hours"),
        "ground": _("Order No."),
        "signed": _("Signature of the substitute"),
        "total": _("Hours in all: {n}"),
        "nobody": _("No lessons were substituted."),
    },
)
form(
    "schedule.hours",
    _("Sheet of substituted hours"),
    version=1,
    since="2020-08-01",
    template="hours.typ",
    data=Hours,
    archived=False,
    texts={
        "heading": _("Sheet of substituted hours"),
        "no": "№",
        "teacher": _("Teacher"),
        "by_reason": _("Stood in, hours, by the reason of the absence"),
        "total": _("Stood in, hours"),
        "paid": _("of them paid"),
        "unpaid": _("not paid"),
        "missed": _("Held for the teacher by others"),
        "apart": _(
            "Counted apart: cancelled lessons: {cancelled}; moved: {moved}; held by nobody: {uncovered}."
        ),
        "nobody": _("No lessons were substituted."),
    },
)
