"""The papers of whole journals: a class's, and that of one subject.

Order 130 gives the pages of a class journal; the columns follow what is remembered of it, for no text of its annexes
could be read. A corrected form is another version with its own first day.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents.registry import form
from modules.journal.export.papers import ClassJournal, CourseJournal

_WORDS = {
    "no": "№",
    "pupil": _("Surname, name"),
    "mark": pgettext_lazy("column", "Mark"),
    "date": _("Date"),
    "topic": _("Topic"),
    "homework": _("Homework"),
    "words": _("Progress in words"),
    "summative": _("Summative works of the period"),
    "teacher": _("Teacher"),
    "class": _("class {class}"),
    "year": _("{year} school year"),
}

form(
    "journal.class_journal",
    _("Class journal"),
    version=1,
    since="2020-08-01",
    template="class-journal.typ",
    data=ClassJournal,
    archived=False,
    tagged=False,
    texts={
        **_WORDS,
        "class_teacher": _("Class teacher"),
        "contents": pgettext_lazy("part of a journal", "Contents"),
        "subject": _("Subject"),
        "pages": pgettext_lazy("part of a journal", "Pages"),
        "achievement": _("Summary of achievement"),
        "period": _("Period"),
        "attendance": pgettext_lazy("part of a journal", "Attendance"),
        "quarters": pgettext_lazy("marks of", "Quarters"),
        "in_year": pgettext_lazy("missed", "Year"),
        "days": pgettext_lazy("missed", "Days"),
        "lessons": pgettext_lazy("missed", "Lessons"),
        "ill": _("of them by illness"),
        "pupils": _("Data on pupils"),
        "full_name": _("Surname, name, patronymic"),
        "file": _("Personal file No."),
        "birth_date": _("Date of birth"),
        "health": _("Health list"),
        "health_group": _("Health group"),
        "physical_education": _("Physical education group"),
        "advice": _("Recommendations"),
        "remarks": _("Remarks on how the journal is kept"),
        "remark": _("Remark and proposal"),
        "checked_by": _("Checked by"),
        "answer": _("The teacher’s answer"),
        "done": _("Mark of execution"),
        "none": _("There are no remarks."),
        "decision": _("Decision of the pedagogical council"),
    },
)
form(
    "journal.course_journal",
    _("Journal of the subject"),
    version=1,
    since="2020-08-01",
    template="course-journal.typ",
    data=CourseJournal,
    archived=False,
    tagged=False,
    texts=_WORDS,
)
