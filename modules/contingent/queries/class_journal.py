"""What a class's journal takes from cards: data on pupils, the health list, why a child is taught at home."""

from __future__ import annotations

from uuid import UUID

from kernel import clock
from kernel.access import Actor
from modules.contingent import permissions
from modules.contingent.data import HealthLine, HomeGround, RollLine
from modules.contingent.models import HomeSchooling, Membership
from modules.contingent.queries.charges import on_day
from modules.contingent.queries.custody import guardians_of_cards
from modules.contingent.queries.people import ORDER, get_pupil, info_of_pupil, visible
from modules.contingent.queries.records import health_of_class


def roll_of_class(*, actor: Actor, class_id: UUID) -> list[RollLine]:
    """Pupils now in the class whose card is open to the actor, with their guardians; three queries."""
    places = (
        Membership.objects.filter(
            on_day(clock.today()),
            visible(actor=actor, through=permissions.CARD, path="pupil__"),
            school_class_id=class_id,
        )
        .select_related("pupil", "school_class")
        .order_by(*(f"pupil__{part}" for part in ORDER))
    )
    guardians = guardians_of_cards([place.pupil_id for place in places])
    return [
        RollLine(
            pupil=info_of_pupil(place.pupil, place),
            file_number=place.pupil.file_number,
            address=place.pupil.address,
            phone=place.pupil.phone,
            guardians=tuple(guardians[place.pupil_id]),
        )
        for place in places
    ]


def health_lines(*, actor: Actor, class_id: UUID) -> list[HealthLine]:
    """The health list in words; empty for whom nobody's health is open."""
    if not (actor.may(permissions.HEALTH) or actor.may(permissions.HEALTH_ADVICE)):
        return []
    return [
        HealthLine(
            pupil=pupil,
            group=str(row.get_group_display()) if row else "",
            physical_education=str(row.get_physical_education_display()) if row else "",
            advice=row.advice if row else "",
        )
        for pupil, row in health_of_class(actor=actor, class_id=class_id)
    ]


def home_ground(*, actor: Actor, pupil_id: UUID) -> HomeGround | None:
    """Why the pupil is taught at home now; raises NotFound when the card is closed to the actor."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    row = HomeSchooling.objects.filter(pupil_id=pupil_id, until=None).order_by("-since").first()
    if row is None:
        return None
    return HomeGround(
        paper_number=row.paper_number,
        paper_date=row.paper_date,
        issued_by=row.issued_by,
        order_number=row.order_number,
        order_date=row.order_date,
        since=row.since,
        until=row.until,
    )
