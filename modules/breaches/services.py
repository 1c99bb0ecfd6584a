"""Noting a breach, counting whom it concerns, and noting that they were told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock, jobs
from kernel.access import Actor, require
from kernel.errors import DomainError
from modules.breaches import permissions, reckoning
from modules.breaches.data import Way
from modules.breaches.models import Breach, Concerned
from tenants import reference

RECKON = "breaches.reckon"
WORKING_DAYS = 1
"""Law 94-V, 25(2)(8), and order 481/НҚ: the notice goes within one working day."""


class WindowInDisorder(DomainError):
    message = _("The end of the time must come after its beginning.")
    code = "window_in_disorder"


@transaction.atomic
def note(
    *,
    actor: Actor,
    way: Way,
    since: datetime,
    until: datetime,
    what: str,
    contact: str,
    measures: str = "",
    user_id: int | None = None,
    way_id: int | None = None,
    whose: str = "",
) -> Breach:
    """Note what is known of a breach. Its list is counted by `start` or by `count`."""
    require(actor, permissions.MANAGE)
    if since >= until or (way is not Way.EVERYTHING and user_id is None):
        raise WindowInDisorder
    now = clock.now()
    row = Breach.objects.create(
        noted_at=now,
        noted_by_id=actor.user_id,
        noted_by=actor.system or actor.name,
        way=way,
        user_id=None if way is Way.EVERYTHING else user_id,
        way_id=way_id if way in (Way.SESSION, Way.TOKEN) else None,
        whose=whose[:300],
        since=since,
        until=until,
        what=what.strip()[:500],
        measures=measures.strip()[:500],
        contact=contact.strip()[:200],
        due=reference.working_day_after(clock.today(), WORKING_DAYS),
    )
    audit.record(
        actor=actor,
        action="breaches.noted",
        object_type="breach",
        object_id=row.pk,
        details={"way": str(way), "user": user_id, "since": since.isoformat(), "until": until.isoformat()},
    )
    return row


@transaction.atomic
def start(*, actor: Actor, breach_id: UUID, url: str) -> UUID:
    """Have the list counted by a job that may be left and stopped."""
    require(actor, permissions.MANAGE)
    row = Breach.objects.select_for_update().get(pk=breach_id)
    job = jobs.start(RECKON, actor=actor, breach_id=str(row.pk), url=url)
    row.job_id = job.pk
    row.save(update_fields=["job_id"])
    return job.pk


def count(*, actor: Actor, breach_id: UUID, told: Callable[[int, int], None]) -> Breach:
    """Count the list from the logs as they are now."""
    require(actor, permissions.MANAGE)
    row = Breach.objects.get(pk=breach_id)
    found = Concerned.objects.filter(breach=row)
    found.delete()
    reckoning.reckon(row, told)

    row.persons = found.values("subject", "subject_id").distinct().count()
    sums = found.aggregate(
        looks=Sum("times", filter=Q(is_change=False), default=0),
        changes=Sum("times", filter=Q(is_change=True), default=0),
    )
    row.looks, row.changes = sums["looks"], sums["changes"]
    row.counted_at = clock.now()
    with transaction.atomic():
        row.save(update_fields=["persons", "looks", "changes", "counted_at"])
        audit.record(
            actor=actor,
            action="breaches.counted",
            object_type="breach",
            object_id=row.pk,
            details={"persons": row.persons, "looks": row.looks, "changes": row.changes},
        )
    return row


@transaction.atomic
def notified(*, actor: Actor, breach_id: UUID) -> None:
    """Note that the persons and the ministry were told. Once."""
    require(actor, permissions.MANAGE)
    told = Breach.objects.filter(pk=breach_id, notified_at=None).update(notified_at=clock.now())
    if told:
        audit.record(actor=actor, action="breaches.notified", object_type="breach", object_id=breach_id)
