"""What the schedule does when leaves change in the staff's cards, lessons are laid or days are declared special."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel import clock
from kernel.access import Actor
from kernel.events import handles
from modules.schedule.events import LessonsGenerated, SpecialDaysChanged
from modules.schedule.substitutions import services
from modules.schedule.year import notices
from modules.staff.events import LeavesChanged


@handles(LeavesChanged)
def open_lessons_of_leave(event: LeavesChanged, *, actor: Actor, at: datetime) -> None:
    services.follow_leaves(actor=actor, employee_ids=[UUID(one) for one in event.employee_ids])


@handles(SpecialDaysChanged)
def tell_staff_of_days(event: SpecialDaysChanged, *, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        notices.tell_staff(
            actor=actor,
            special_id=UUID(event.special_id),
            class_ids=[UUID(one) for one in event.class_ids],
        )


@handles(LessonsGenerated)
def open_lessons_laid_into_absences(event: LessonsGenerated, *, actor: Actor, at: datetime) -> None:
    services.open_new_lessons(actor=actor, since=clock.today())
