"""Whether a pupil is attested here for a quarter: a decision of its own, whatever the day of arrival."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.contingent import permissions, queries
from modules.contingent.models import PeriodDecision, Pupil
from modules.contingent.services.cards import locked


@transaction.atomic
def decide(
    *, actor: Actor, pupil_id: UUID, year: str, quarter: int, attested_here: bool | None, note: str = ""
) -> None:
    """Decide for the quarter; None takes the decision away, and the rule of the last day holds again."""
    require(actor, permissions.ATTEST)
    pupil = locked(Pupil, pupil_id, removed_at=None)
    if quarter not in {span.number for span in queries.quarters(year)}:
        raise NotFound
    if attested_here is None:
        PeriodDecision.objects.filter(pupil=pupil, year=year, quarter=quarter).delete()
    else:
        PeriodDecision.objects.update_or_create(
            pupil=pupil,
            year=year,
            quarter=quarter,
            defaults={
                "attested_here": attested_here,
                "note": note[:200],
                "decided_at": clock.now(),
                "decided_by_id": actor.user_id,
                "decided_by_name": actor.system or actor.name,
            },
        )
    audit.record(
        actor=actor,
        action="contingent.period.decided",
        object_type="pupil",
        object_id=pupil.pk,
        details={"year": year, "quarter": quarter, "here": attested_here},
    )
