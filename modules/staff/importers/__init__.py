"""What a spreadsheet of employees may hold, and what its rows do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from imports.api import Change, Importer, Row, Steps, register
from kernel.access import Actor
from modules.staff import permissions
from modules.staff.importers import checking, loading, undoing
from modules.staff.importers.columns import COLUMNS


class Employees(Importer):
    """Employees with their posts and subjects; known again by ИИН, without one by name and birth date.

    A person with two posts may stand in two rows.
    """

    code = "staff"
    title = _("Employees")
    permission = permissions.IMPORT
    columns = COLUMNS
    needs = (("surname", "full_name"), ("name", "full_name"), ("sex", "iin"), ("post",))
    icon = "users"
    list_url_name = "staff:employees"
    messages = checking.MESSAGES

    def complete(self, row: Row) -> None:
        checking.complete(row)

    def ties(self, row: Row) -> Iterable[str]:
        if row.get("iin"):
            yield row.get("iin")

    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        checking.check(rows)

    def commit(self, rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
        return loading.load(rows, actor=actor, steps=steps)

    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return undoing.undo(changes, actor=actor)

    def what_stays(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return undoing.what_stays(changes).names


register(Employees())
