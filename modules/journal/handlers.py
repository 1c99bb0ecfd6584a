"""A closed period wants its sheets signed; a corrected mark makes a signed sheet an old one; families hear of marks later."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.access import Actor
from kernel.events import handles
from modules.journal import services
from modules.journal.events import MarksChanged
from modules.journal.settling import services as settling
from modules.schedule.events import PeriodClosed


@handles(PeriodClosed)
def want_sheets(event: PeriodClosed, *, actor: Actor, at: datetime) -> None:
    services.expect_sheets(actor=actor, period_id=UUID(event.period_id))
    services.look_at_sheets(actor=actor, period_id=UUID(event.period_id))


@handles(MarksChanged)
def look_again(event: MarksChanged, *, actor: Actor, at: datetime) -> None:
    if event.period_id:  # a lesson outside all periods is on no sheet
        services.look_at_sheets(actor=actor, course_id=UUID(event.course_id), period_id=UUID(event.period_id))


@handles(MarksChanged)
def let_settle(event: MarksChanged, *, actor: Actor, at: datetime) -> None:
    settling.note(pupil_ids=map(UUID, event.pupil_ids), at=at)
