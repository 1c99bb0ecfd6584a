"""A timetable from a file of any of its shapes: a wall sheet, a list, FET, aSc. What comes of it is a variant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from imports.api import Change, Column, File, Importer, Row, Steps
from imports.reading import Table, read_tables
from kernel.access import Actor
from modules.schedule import permissions
from modules.schedule.exchange import matching, reading, services
from modules.schedule.exchange.columns import COLUMNS
from modules.schedule.exchange.reading import Line, Reading
from modules.schedule.importers.columns import COLUMNS as LOAD_COLUMNS
from modules.schedule.year.models import Weeks

TOLD: dict[str, Any] = {
    "rule": _("Rules of FET: a variant has none of its own, the school’s rules are set apart"),
    "inactive": _("Activities that are switched off in FET"),
    "turns": _("Lessons of some weeks of more than two"),
    "no_class": _("Lessons without a class"),
    "no_place": _("Cells without a class, a day or a lesson"),
    "no_subject": _("Cells in which no subject is found"),
    "formula": _("Cells with formulas, which are not carried out"),
    "note": _("Notes and titles"),
    "not_taken": _("Lists that a timetable here does not hold"),
}  # fmt: skip
ACCEPTS = (".fet", ".xml", ".gz")


class Timetable(Importer):
    """Lessons of the week, known again by the load: class, subject, group, teacher."""

    code = "timetable"
    title = _("Timetable as a variant")
    permission = permissions.ARRANGE_TIMETABLE
    columns = COLUMNS
    icon = "layout-grid"
    list_url_name = "schedule:timetables"
    messages = matching.MESSAGES
    named_by = (("where", "class", "day", "number", "subject"),)
    accepts = ACCEPTS
    accepts_words = _(
        "A sheet for the wall or a list (XLSX, XLS, ODS, CSV), a file of FET (.fet), or the XML of aSc Timetables."
        " Up to 10 MB."
    )
    told_words = TOLD
    word_troubles = frozenset(
        {
            "class_not_here",
            "subject_not_here",
            "not_in_load",
            "teacher_not_here",
            "teacher_needed",
            "teacher_among",
            "room_not_here",
        }
    )

    def read(self, content: bytes, *, actor: Actor) -> File:
        found = reading.read(content, matching.vocabulary(actor=actor))
        if found is None:
            return File(read_tables(content))
        return File([_as_table(self.columns, map(_cells, found.lines))], told_of(found))

    def options(self, column: str, *, actor: Actor) -> list[str]:
        return matching.options(column, actor=actor)

    def ties(self, row: Row) -> Iterable[str]:
        return (matching.class_of(row.get("class") or ""),)

    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        matching.check(rows, actor=actor)

    def commit(self, rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
        return services.load(rows, actor=actor, steps=steps, file_name="")

    def commit_file(self, rows: Sequence[Row], *, actor: Actor, steps: Steps, file_name: str) -> list[Change]:
        return services.load(rows, actor=actor, steps=steps, file_name=file_name)

    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return services.undo(changes, actor=actor)

    def what_stays(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return sorted(services.staying(changes).values())


BESIDE: dict[str, Any] = {
    "student": _("pupils"),
    "studentsubject": _("subjects of pupils"),
    "building": _("buildings"),
}


def told_of(found: Reading) -> list[tuple[str, str, int]]:
    """What is not taken, in the words of whoever loads."""
    return [(reason, str(BESIDE.get(text, text)), count) for (reason, text), count in found.told.items()]


def _cells(line: Line) -> dict[str, str]:
    """A lesson of the file by our columns."""
    return {
        "class": line.school_class,
        "day": str(WEEKDAYS[line.day - 1]) if line.day else "",
        "number": line.number,
        "subject": line.subject,
        "teacher": line.teacher,
        "group": line.group,
        "room": line.room,
        "weeks": str(Weeks(line.weeks).label) if line.weeks else "",
        "pin": line.pin,
        "where": line.where,
    }


def _as_table(columns: Sequence[Column], rows: Iterable[dict[str, str]]) -> Table:
    """Rows under our own names of columns, as the wizard reads any list."""
    language = get_language() or "kk"
    head: list[Any] = [column.label(language) for column in columns]
    lines = [[cells.get(column.code, "") for column in columns] for cells in rows]
    return Table("", [(number, line) for number, line in enumerate([head, *lines], 1)])


def load_of(content: bytes, *, actor: Actor) -> File | None:
    """The load that a file of FET or aSc holds, as the importer of loads reads it; None for a spreadsheet."""
    found = reading.read_program(content)
    if found is None:
        return None
    hours: dict[tuple[str, ...], float] = defaultdict(float)
    rooms: dict[tuple[str, ...], str] = {}
    for line in found.lines:
        key = (line.school_class, line.subject, line.group, line.teacher)
        hours[key] += 0.5 if line.weeks else 1
        if line.room:
            rooms.setdefault(key, line.room)
    rows = [
        {
            "class": school_class,
            "subject": subject,
            "group": group,
            "teacher": teacher,
            "hours": f"{count:g}",
            "room": rooms.get((school_class, subject, group, teacher), "")[:20],
        }
        for (school_class, subject, group, teacher), count in hours.items()
    ]
    return File([_as_table(LOAD_COLUMNS, rows)], told_of(found))
