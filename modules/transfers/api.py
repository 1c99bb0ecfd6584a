"""The door: parts of the dossier are registered here, and what pupils brought is asked for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from kernel.access import Actor
from modules.transfers import permissions, services
from modules.transfers.data import Brought, Child, Table
from modules.transfers.parts import part
from modules.transfers.queries import MARKS, brought

__all__ = ["MARKS", "Brought", "Child", "Table", "agree", "ask", "brought", "part", "permissions", "take_in"]


def ask(
    *,
    actor: Actor,
    partner_id: UUID,
    child: Child,
    class_id: UUID,
    ground: str,
    arrival_date: date,
    ground_paper: str = "",
    contact: str = "",
) -> UUID:
    """Ask a school of the platform for its pupil; answers the id that the transfer has in both schools."""
    return services.ask(
        actor=actor,
        partner_id=partner_id,
        child=child,
        class_id=class_id,
        ground=ground,
        arrival_date=arrival_date,
        ground_paper=ground_paper,
        contact=contact,
    ).pk


def agree(*, actor: Actor, transfer_id: UUID, pupil_id: UUID, last_day: date) -> UUID | None:
    """Let the pupil go; answers the id of the drafted order."""
    return services.agree(actor=actor, transfer_id=transfer_id, pupil_id=pupil_id, last_day=last_day).order_id


def take_in(
    *, actor: Actor, transfer_id: UUID, class_id: UUID, first_day: date, pupil_id: UUID | None = None
) -> UUID:
    """Draft the order of enrolment from the dossier; answers its id."""
    return services.take_in(
        actor=actor, transfer_id=transfer_id, class_id=class_id, first_day=first_day, pupil_id=pupil_id
    )
