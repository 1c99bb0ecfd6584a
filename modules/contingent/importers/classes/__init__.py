"""Classes of the year from a spreadsheet: what they are, who leads them, which are taught together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from imports.api import Change, Importer, Row, Steps
from kernel.access import Actor
from modules.contingent import permissions
from modules.contingent.importers.classes import checking, loading
from modules.contingent.importers.classes.columns import COLUMNS


class Classes(Importer):
    """Classes of this school year, known again by grade and letter."""

    code = "classes"
    title = _("Classes")
    permission = permissions.CLASSES
    columns = COLUMNS
    needs = (("class", "grade"),)
    icon = "table"
    list_url_name = "contingent:classes"
    messages = checking.MESSAGES
    named_by = (("class",), ("grade", "letter"))

    def complete(self, row: Row) -> None:
        checking.complete(row)

    def ties(self, row: Row) -> Iterable[str]:
        return checking.ties(row)

    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        checking.check(rows, actor=actor)

    def commit(self, rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
        return loading.load(rows, actor=actor, steps=steps)

    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return loading.undo(changes, actor=actor)

    def what_stays(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return sorted(loading.staying(changes).values())
