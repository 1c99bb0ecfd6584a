"""What is done to the cards of many pupils at once, each told to the security log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from kernel import audit
from kernel.access import Actor, require
from modules.contingent import permissions, queries
from modules.contingent.models import Pupil, PupilStatus


@transaction.atomic
def give_status_to(
    *, actor: Actor, pupil_ids: Sequence[UUID], code: str, since: date, ground: str = ""
) -> list[UUID]:
    """Note a privilege or a need on many cards; answer the ids of the new statuses. Who has it already keeps the first."""
    require(actor, permissions.EDIT)
    pupils = list(
        Pupil.objects.select_for_update()
        .filter(queries.visible(actor=actor), pk__in=list(pupil_ids))
        .order_by("pk")
    )
    had = set(
        PupilStatus.objects.filter(pupil__in=pupils, code=code, until=None).values_list("pupil_id", flat=True)
    )
    new = [
        PupilStatus(pupil=one, code=code, since=since, ground=ground) for one in pupils if one.pk not in had
    ]
    PupilStatus.objects.bulk_create(new)
    for row in new:
        audit.record(
            actor=actor,
            action="contingent.status.given",
            object_type="pupil",
            object_id=row.pupil_id,
            details={"code": code},
        )
    return [row.pk for row in new]


@transaction.atomic
def take_statuses_back(*, actor: Actor, status_ids: Sequence[UUID]) -> int:
    """Take back statuses given by mistake, as if they had never been; those ended meanwhile stay. Answers how many."""
    require(actor, permissions.EDIT)
    rows = list(PupilStatus.objects.select_for_update().filter(pk__in=list(status_ids), until=None))
    PupilStatus.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        audit.record(
            actor=actor,
            action="contingent.status.taken_back",
            object_type="pupil",
            object_id=row.pupil_id,
            details={"code": row.code},
        )
    return len(rows)
