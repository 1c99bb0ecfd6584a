"""Journals as spreadsheets: a sheet for each subject, its periods below each other, words and topics on sheets beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.utils.translation import gettext as _

from modules.journal import exports
from modules.journal.queries import Grid
from modules.schedule.data import CourseInfo

_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST = 31  # letters of a sheet's name


def workbook(journals: Iterable[tuple[CourseInfo, Sequence[Grid]]]) -> bytes:
    """Marks, words and topics of each course; what has neither lessons nor marks has no sheet."""
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
        if not taken:
            book.add_worksheet(_("Marks"))
    return out.getvalue()


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
