"""Lists behind figures that more than one report has: marks of a period, lessons, late marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from modules.journal.data import KIND_LABELS, mark_text
from modules.journal.reports.data import Head, Line, Table
from modules.journal.reports.queries.achievement import Given
from modules.journal.reports.queries.filling import LessonLine, MarkLine
from modules.journal.reports.queries.ground import CourseOf

Address = Callable[[CourseOf], str]  # of the journal; empty where it is not the reader's


def marks(title: Any, found: Iterable[Given], names: Mapping[UUID, str], address: Address) -> Table:
    """Pupils and their marks of the period, given or forecast."""
    heads = (
        Head(pgettext("column", "Pupil")),
        Head(_("Class")),
        Head(_("Subject")),
        Head(_("Teacher")),
        Head(pgettext("column", "Mark")),
        Head(pgettext("column", "State of the mark")),
    )
    lines = []
    for one in found:
        state = (
            ""
            if one.mark is None
            else pgettext("state of a mark", "given")
            if one.is_final
            else pgettext("state of a mark", "forecast")
        )
        cells = (
            names.get(one.pupil_id, ""),
            one.course.whose,
            one.course.subject,
            one.course.teacher,
            mark_text(one.mark),
            state,
        )
        lines.append(Line(cells, address(one.course), one.pupil_id))
    return Table(title, heads, lines)


def lessons(title: Any, found: Iterable[LessonLine], address: Address) -> Table:
    heads = (
        Head(_("Teacher")),
        Head(_("Class")),
        Head(_("Subject")),
        Head(_("Date"), "date"),
        Head(_("Lesson No."), "number"),
    )
    lines = [
        Line((one.teacher, one.course.whose, one.course.subject, one.day, one.number), address(one.course))
        for one in found
    ]
    return Table(title, heads, lines)


def late(title: Any, found: Iterable[MarkLine], address: Address) -> Table:
    heads = (
        Head(pgettext("column", "Pupil")),
        Head(_("Class")),
        Head(_("Subject")),
        Head(_("Teacher")),
        Head(pgettext("column", "Points")),
        Head(_("Lesson of"), "date"),
        Head(_("Days after the lesson"), "number"),
    )
    lines = [
        Line(
            (
                one.pupil,
                one.course.whose,
                one.course.subject,
                one.teacher,
                f"{KIND_LABELS[one.kind]}: {one.new}",
                one.day,
                (one.at - one.day).days if one.at and one.day else None,
            ),
            address(one.course),
            one.pupil_id,
        )
        for one in found
    ]
    return Table(title, heads, lines)
