"""Parents and guardians from a file of their own: a child, found by ИИН or by name and class, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from imports import normalise
from imports.api import Change, Importer, Row, Steps
from kernel.access import Actor, require
from modules.contingent import permissions
from modules.contingent.importers.guardians import checking, ties
from modules.contingent.importers.guardians.columns import COLUMNS
from modules.contingent.importers.people import phones_behind


class Guardians(Importer):
    """Parents and guardians with their ties to children; known by ИИН, by name and phone, or as the child's own."""

    code = "guardians"
    title = _("Parents and guardians")
    permission = permissions.IMPORT
    columns = COLUMNS
    needs = (("child", "child_iin"), ("full_name", "mother_name", "father_name"))
    icon = "users-group"
    list_url_name = "contingent:pupils"
    messages = checking.MESSAGES
    named_by = (("child",), ("full_name",), ("mother_name",), ("father_name",))
    from_title = "class"

    def complete(self, row: Row) -> None:
        phones_behind(row, checking.WHO)
        _name, number = normalise.phone_behind(row.shown.get("full_name", ""))
        if row.get("full_name") and number and not row.get("phone"):
            row.values["phone"] = number

    def ties(self, row: Row) -> Iterable[str]:
        return checking.ties(row)

    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        checking.check(rows)

    def commit(self, rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
        require(actor, permissions.IMPORT)
        return ties.write(rows, actor, steps=steps)

    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        require(actor, permissions.IMPORT)
        return ties.take_back(changes, actor)

    def what_stays(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return sorted(ties.staying(changes).values())
