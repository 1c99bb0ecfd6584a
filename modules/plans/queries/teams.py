"""Subject teams and who heads them."""

from __future__ import annotations

from uuid import UUID

from kernel.access import Actor, require
from modules.plans import permissions
from modules.plans.models import Team


def teams(*, actor: Actor) -> list[Team]:
    """The school's subject teams in Kazakh order."""
    require(actor, permissions.TEAMS)
    return list(Team.objects.order_by("name", "id"))


def team_of(subject_code: str) -> Team | None:
    """The team that reads plans of the subject; None where no team has it."""
    return Team.objects.filter(subjects__contains=[subject_code]).order_by("name", "id").first()


def heads_of(person_id: UUID | None) -> list[str]:
    """Codes of the subjects whose team the person heads."""
    if person_id is None:
        return []
    return sorted({code for one in Team.objects.filter(head_id=person_id) for code in one.subjects})
