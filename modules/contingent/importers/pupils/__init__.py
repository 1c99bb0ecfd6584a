"""What a spreadsheet of pupils may hold, and what its rows do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from imports.api import Change, Importer, Row, Steps
from kernel.access import Actor
from modules.contingent import permissions
from modules.contingent.importers.pupils import cells, checking, loading, undoing
from modules.contingent.importers.pupils.columns import COLUMNS


class Pupils(Importer):
    """Pupils with their class, guardians and privileges; known again by ИИН, without one by name and birth date."""

    code = "pupils"
    title = _("Pupils")
    permission = permissions.IMPORT
    columns = COLUMNS
    needs = (
        ("surname", "full_name"),
        ("name", "full_name"),
        ("sex", "iin"),
        ("birth_date", "iin"),
        ("class",),
    )
    icon = "school"
    list_url_name = "contingent:pupils"
    messages = checking.MESSAGES
    from_title = "class"
    brings_title = _("Classes to be opened")

    def complete(self, row: Row) -> None:
        cells.complete(row)

    def ties(self, row: Row) -> Iterable[str]:
        return checking.ties(row)

    def check(self, rows: Sequence[Row], *, actor: Actor) -> None:
        checking.check(rows)

    def commit(self, rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
        return loading.load(rows, actor=actor, steps=steps)

    def undo(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return undoing.undo(changes, actor=actor)

    def what_stays(self, changes: Sequence[Change], *, actor: Actor) -> list[str]:
        return undoing.what_stays(changes).names
