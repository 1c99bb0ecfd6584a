"""Journals as spreadsheets: a sheet for each subject, its periods below each other, words and topics on sheets beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from modules.journal import exports
from modules.journal.export.papers import LastPages
from modules.journal.queries import Grid
from modules.schedule.data import CourseInfo

_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST = 31  # letters of a sheet's name


def workbook(journals: Iterable[tuple[CourseInfo, Sequence[Grid]]], last: LastPages | None = None) -> bytes:
    """Marks, words and topics of each course; what has neither lessons nor marks has no sheet. `last`: of a whole class."""
    out = BytesIO()
    taken: set[str] = set()
    with exports.opened_book(out) as (book, looks):
        for course, grids in journals:
            if not grids:
                continue
            part = f" ({course.group})" if 0 < course.group < 51 else ""
            marks = book.add_worksheet(_name(course.subject, part, "", taken))
            row = 0
            for one in grids:
                row = exports.write_marks(marks, row, one, looks) + 2
            marks.freeze_panes(0, 2)
            told = [one for one in grids if one.told]
            if told:
                words = book.add_worksheet(_name(course.subject, part, f" – {_('Progress in words')}", taken))
                row = 0
                for one in told:
                    words.write(row, 0, one.period.label, looks.title)
                    row = exports.write_words(words, row + 1, one, looks) + 1
            topics = book.add_worksheet(_name(course.subject, part, f" – {_('Topics')}", taken))
            row = 0
            for one in grids:
                topics.write(row, 0, one.period.label, looks.title)
                row = exports.write_topics(topics, row + 1, one, looks) + 1
            topics.set_column(0, 0, 12)
            topics.set_column(1, 2, 50)
            topics.set_paper(9)
            topics.fit_to_pages(1, 0)
        if last is not None and last.health is not None:
            _table(
                book.add_worksheet(_name(_("Health list"), "", "", taken)),
                (_("Full name"), _("Health group"), _("Physical education group"), _("Recommendations")),
                [(one.pupil, one.group, one.physical_education, one.advice) for one in last.health],
                looks,
            )
        if last is not None and last.remarks is not None:
            _table(
                book.add_worksheet(_name(_("Remarks"), "", "", taken)),
                (
                    _("Date"),
                    _("Subject"),
                    _("Remark and proposal"),
                    _("Checked by"),
                    _("The teacher’s answer"),
                    _("Mark of execution"),
                ),
                [
                    (f"{one.day:%d.%m.%Y}", row.subject, one.text, one.by, one.answer, one.done)
                    for row in last.remarks
                    for one in [row.line]
                ],
                looks,
            )
        if not taken:
            book.add_worksheet(_("Marks"))
    return out.getvalue()


def _table(
    sheet: Worksheet, heads: Sequence[str], rows: Iterable[Sequence[str]], looks: exports.Looks
) -> None:
    for y, row in enumerate((heads, *rows)):
        for x, text in enumerate(row):
            sheet.write_string(y, x, text, looks.text if y else looks.head)
    sheet.set_column(0, len(heads) - 1, 28)
    sheet.freeze_panes(1, 0)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _name(subject: str, part: str, tail: str, taken: set[str]) -> str:
    """A sheet's name as spreadsheets allow it, no two alike."""
    ending, number = f"{part}{tail}", 1
    while True:
        more = f"{ending} {number}" if number > 1 else ending
        name = f"{' '.join(subject.translate(_FORBIDDEN).split())[: _LONGEST - len(more)]}{more}"
        if name.lower() not in taken:
            taken.add(name.lower())
            return name
        number += 1
