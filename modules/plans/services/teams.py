"""Subject teams."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.plans import permissions
from modules.plans.models import Team
from modules.staff import api as staff
from tenants import reference


class TeamExists(DomainError):
    message = _("A team of this name, or with one of these subjects, exists already: {name}.")
    code = "team_exists"


@transaction.atomic
def save_team(
    *, actor: Actor, name: str, subjects: Sequence[str], head_id: UUID, team_id: UUID | None = None
) -> Team:
    """Make a team or change it. A subject belongs to one team. Raises NotFound, TeamExists."""
    require(actor, permissions.TEAMS)
    staff.teacher(actor=actor, employee_id=head_id)
    known = [code for code in reference.subjects() if code in set(subjects)]
    row = Team() if team_id is None else Team.objects.select_for_update().filter(pk=team_id).first()
    if row is None or not known:
        raise NotFound
    others = Team.objects.exclude(pk=row.pk)
    twin = others.filter(name=name.strip()).first() or others.filter(subjects__overlap=known).first()
    if twin is not None:
        raise TeamExists(name=twin.name)
    row.name, row.subjects, row.head_id = name.strip()[:120], known, head_id
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.save(update_fields=["name", "subjects", "head_id"])
    audit.record(
        actor=actor,
        action="plans.team.saved",
        object_type="team",
        object_id=row.pk,
        details={"subjects": known},
    )
    return row


@transaction.atomic
def drop_team(*, actor: Actor, team_id: UUID) -> None:
    """There is no such team any more: plans of its subjects go to the director. Raises NotFound."""
    require(actor, permissions.TEAMS)
    row = Team.objects.filter(pk=team_id).first()
    if row is None:
        raise NotFound
    audit.record(actor=actor, action="plans.team.dropped", object_type="team", object_id=row.pk)
    row.delete()
