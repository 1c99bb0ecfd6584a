"""Work of the schedule that takes minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.jobs import JobContext, job
from modules.schedule import permissions
from modules.schedule.timetabling import services
from modules.schedule.timetabling.services.solving import SEARCH


@job(SEARCH, title=_("Looking for places of lessons"), permission=permissions.ARRANGE)
def search_places(
    ctx: JobContext,
    *,
    timetable_id: str,
    seconds: int,
    keep: bool,
    url: str,
    relaxed: Sequence[str] = (),
) -> dict[str, Any]:
    done = services.search(
        actor=ctx.actor,
        timetable_id=UUID(timetable_id),
        seconds=seconds,
        keep=keep,
        beside=ctx.beside,
        relaxed=relaxed,
    )
    return {**done, "url": url}
