"""What the schedule does when leaves change in the staff's cards, or lessons are laid."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel import clock
from kernel.access import Actor
from kernel.events import handles
from modules.schedule.events import LessonsGenerated
from modules.schedule.substitutions import services
from modules.staff.events import LeavesChanged


@handles(LeavesChanged)
def open_lessons_of_leave(event: LeavesChanged, *, actor: Actor, at: datetime) -> None:
    services.follow_leaves(actor=actor, employee_ids=[UUID(one) for one in event.employee_ids])


@handles(LessonsGenerated)
def open_lessons_laid_into_absences(event: LessonsGenerated, *, actor: Actor, at: datetime) -> None:
    services.open_new_lessons(actor=actor, since=clock.today())
