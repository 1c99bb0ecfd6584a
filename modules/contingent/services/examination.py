"""A class after its medical examination: groups of many pupils noted at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.contingent import permissions, queries
from modules.contingent.data import Examined
from modules.contingent.models import HealthGroup
from modules.contingent.services.records import BeginsBefore


@transaction.atomic
def note_examination(
    *, actor: Actor, class_id: UUID, day: date, found: Mapping[UUID, Examined], ground: str = ""
) -> int:
    """Note what the examination of the day found; who is as before is left alone. Answer how many were changed.

    A line of the same day is corrected, an earlier one ends the day before. Raises BeginsBefore for a day that is
    before the line in force.
    """
    require(actor, permissions.EDIT_HEALTH)
    audit.sign(actor)
    members = {one.id for one in queries.members(actor=actor, class_ids=[class_id])}
    if set(found) - members:
        raise NotFound
    running = {
        row.pupil_id: row
        for row in HealthGroup.objects.select_for_update().filter(pupil_id__in=found, until=None)
    }
    fresh, ended, corrected, reworded = [], [], [], []
    for pupil_id, told in found.items():
        row = running.get(pupil_id)
        if row is not None and told == Examined(row.group, row.physical_education, row.advice):
            continue
        if row is not None and row.since == day:
            # What is sealed is written only where it is another: the history takes what is sealed anew for a change.
            (corrected if row.advice == told.advice else reworded).append(row)
            row.group, row.physical_education, row.advice = told.group, told.physical_education, told.advice
            continue
        if row is not None:
            if row.since > day:
                raise BeginsBefore(since=f"{row.since:%d.%m.%Y}")
            row.until = day - timedelta(days=1)
            ended.append(row)
        fresh.append(
            HealthGroup(
                pupil_id=pupil_id,
                group=told.group,
                physical_education=told.physical_education,
                advice=told.advice,
                since=day,
                ground=ground,
            )
        )
    HealthGroup.objects.bulk_update(ended, ["until"])
    HealthGroup.objects.bulk_update(corrected, ["group", "physical_education"])
    HealthGroup.objects.bulk_update(reworded, ["group", "physical_education", "advice"])
    HealthGroup.objects.bulk_create(fresh)
    changed = len(fresh) + len(corrected) + len(reworded)
    if changed:
        audit.record(
            actor=actor,
            action="contingent.health.examined",
            object_type="class",
            object_id=class_id,
            details={"pupils": changed},
        )
    return changed
