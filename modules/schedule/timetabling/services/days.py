"""Days on which teachers are not there, or would rather not be."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.schedule import permissions
from modules.schedule.timetabling.models import DayWish
from modules.staff import api as staff


@transaction.atomic
def wish_day(
    *, actor: Actor, year: str, teacher_id: UUID, weekday: int, is_demand: bool, why: str = ""
) -> None:
    """Keep that the teacher is not there on the day; saying it again changes how. Raises NotFound."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    staff.teacher(actor=actor, employee_id=teacher_id)
    DayWish.objects.update_or_create(
        year=year,
        teacher_id=teacher_id,
        weekday=weekday,
        defaults={"is_demand": is_demand, "why": why.strip()[:200]},
    )
    audit.record(
        actor=actor,
        action="schedule.day_wish.set",
        object_type="employee",
        object_id=teacher_id,
        details={"weekday": weekday, "demand": is_demand},
    )


@transaction.atomic
def forget_day(*, actor: Actor, wish_id: UUID) -> None:
    """The teacher may teach on that day again. Raises NotFound."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = DayWish.objects.select_for_update().filter(pk=wish_id).first()
    if row is None:
        raise NotFound
    row.delete()
    audit.record(
        actor=actor,
        action="schedule.day_wish.forgotten",
        object_type="employee",
        object_id=row.teacher_id,
        details={"weekday": row.weekday},
    )
