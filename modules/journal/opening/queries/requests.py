"""Requests to open cells: lists, one of them, and which wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.journal import permissions
from modules.journal.opening.models import Opening
from modules.journal.queries.sheets import SheetLine, with_names
from modules.school import api as school

State = Opening.State
HOURS = "journal.opening_hours"
OVER = "over"


def usual_hours() -> int:
    """For how long one tap opens."""
    return int(str(school.setting_values(HOURS)[HOURS]))


def openings(actor: Actor, **around: Any) -> QuerySet[Any]:
    """Requests of the school for those who answer, one's own for the others; of the year when it is given."""
    scopes = require(actor, permissions.OPENINGS)
    rows = with_names(Opening.objects.all()).select_related("period")
    if "year" in around:
        rows = rows.filter(period__year=around["year"])
    if Scope.SCHOOL in scopes:
        return rows
    return rows.filter(asked_by=actor.user_id or 0)


def opening(*, actor: Actor, opening_id: UUID) -> Line:
    """A request that the actor may see; raises NotFound."""
    found = openings(actor).filter(pk=opening_id).first()
    if found is None:
        raise NotFound
    [line] = lines([found], actor)
    return line


def may_answer(*, actor: Actor, row: Opening) -> bool:
    """Nobody answers a request of one's own."""
    return row.state == State.WAITING and row.asked_by != actor.user_id and actor.may(permissions.OPEN_CELLS)


def waiting(*, actor: Actor) -> list[Line]:
    """Requests that the actor may answer, the oldest first."""
    require(actor, permissions.OPEN_CELLS)
    rows = openings(actor).filter(state=State.WAITING).exclude(asked_by=actor.user_id or 0)
    return lines(list(rows.order_by("asked_at", "pk")), actor)


@dataclass(frozen=True, slots=True)
class Line(SheetLine):
    """A request with its names."""

    pupils: Sequence[str] = ()

    @property
    def is_open(self) -> bool:
        return bool(self.row.is_open(clock.now()))

    @property
    def state(self) -> str:
        """How it stands now: what was open is `over` when its time has come."""
        if self.row.state == State.OPEN and not self.is_open:
            return OVER
        return str(self.row.state)


def lines(rows: Sequence[Any], actor: Actor) -> list[Line]:
    """The requests with the names of their pupils, in one statement more when any are named."""
    known = {key for row in rows for key in row.pupil_ids}
    named = contingent.pupils(actor=actor, pupil_ids=known) if known else {}
    return [Line(row, [named[key].list_name for key in row.pupil_ids if key in named]) for row in rows]
