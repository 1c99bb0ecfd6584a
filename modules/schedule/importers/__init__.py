"""Quarters, and the load with its places in the week, from spreadsheets; and what a load that is taken back must leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from imports.api import Change, File, Importer, Row, Steps, register, uses
from kernel.access import Actor
from modules.schedule import permissions, queries
from modules.schedule.importers import checking, loading
from modules.schedule.importers.columns import COLUMNS
from modules.schedule.importers.quarters import Quarters
from modules.schedule.importers.timetable import ACCEPTS, TOLD, Timetable, load_of
from modules.schedule.importers.typical import Typical


class Load(Importer):
    """Lines of load, known again by class, subject and group; with places in the week their lessons are laid too."""

    code = "load"
    title = _("Load and timetable")
    permission = permissions.SET_LOAD
    columns = COLUMNS
    needs = (("class",), ("subject",))
    icon = "calendar-time"
    list_url_name = "schedule:load"
    messages = checking.MESSAGES
    named_by = (("class", "subject"),)
    from_title = "class"
    brings_title = _("Lessons will be laid")
    accepts = ACCEPTS
    accepts_words = _(
        "A spreadsheet (XLSX, XLS, ODS, CSV), or the load out of a file of FET (.fet) or the XML of aSc Timetables."
        " Up to 10 MB."
    )
    told_words = TOLD

    def read(self, content: bytes, *, actor: Actor) -> File:
        return load_of(content, actor=actor) or super().read(content, actor=actor)

    ties_of_plan = True  # whose lines they are now, and where these stand in the week

    def ties(self, row: Row) -> Iterable[str]:
        return checking.ties(row)

    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        checking.check(rows, actor=actor)

    def commit(self, rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
        return loading.load(rows, actor=actor, steps=steps)

    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return loading.undo(changes, actor=actor)

    def what_stays(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return sorted(loading.staying(changes, actor=actor).values())


register(Quarters())
register(Load())
register(Typical())
register(Timetable())


@uses("staff.employee")
def teachers_with_lessons(ids: Iterable[UUID]) -> set[UUID]:
    return queries.teachers_with_lessons(ids)


@uses("contingent.class")
def classes_with_courses(ids: Iterable[UUID]) -> set[UUID]:
    return queries.classes_with_courses(ids)
