"""Who came, who left, who stays away for a time; what orders and books ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotAllowed
from modules.contingent import permissions
from modules.contingent.data import MovementInfo, Whereabouts
from modules.contingent.models import (
    AcademicLeave,
    Membership,
    Movement,
    PeriodDecision,
    Pupil,
    RollOver,
    SchoolClass,
)
from modules.contingent.queries.charges import on_day
from modules.contingent.queries.people import ORDER, get_pupil, info_of_pupil
from tenants import reference


def movements(
    *,
    actor: Actor,
    direction: str,
    start: date = date.min,
    end: date = date.max,
    pupil_ids: Iterable[UUID] | None = None,
) -> list[MovementInfo]:
    """Everybody who came ("in") or left ("out") between the days, by day and name: the books are made of it.

    Whoever came before the school kept orders here stands with what the card says, or with his first class.
    """
    if Scope.SCHOOL not in require(actor, permissions.CARD):
        raise NotAllowed
    only = None if pupil_ids is None else list(pupil_ids)
    rows = (
        Movement.objects.filter(direction=direction, date__range=(start, end), pupil__removed_at=None)
        .select_related("pupil", "school_class")
        .order_by("date", *(f"pupil__{part}" for part in ORDER), "id")
    )
    if only is not None:
        rows = rows.filter(pupil_id__in=only)
    found = [_info(row) for row in rows]
    if direction == Movement.Direction.IN:
        found = sorted([*found, *_before_orders(start, end, only=only)], key=lambda one: one.day)
    return found


def movements_of(*, actor: Actor, pupil_id: UUID) -> list[MovementInfo]:
    """Arrivals and departures of one pupil, the newest first; needs the right to the card."""
    row = get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    rows = Movement.objects.filter(pupil_id=pupil_id).select_related("pupil", "school_class")
    found = [_info(one) for one in rows.order_by("-date", "-id")]
    if not any(one.direction == Movement.Direction.IN for one in found):
        found += _before_orders(date.min, date.max, only=[row.pk])
    return found


def _before_orders(start: date, end: date, *, only: list[UUID] | None = None) -> list[MovementInfo]:
    arrived = Movement.objects.filter(pupil_id=OuterRef("pk"), direction=Movement.Direction.IN)
    place = Membership.objects.filter(pupil_id=OuterRef("pk")).order_by("since", "id")
    rows = (
        Pupil.objects.filter(~Exists(arrived), removed_at=None)
        .annotate(came=Coalesce("enrolled_date", Subquery(place.values("since")[:1])))
        .filter(came__range=(start, end))
        .order_by(*ORDER)
    )
    if only is not None:
        rows = rows.filter(pk__in=only)
    pupils = list(rows)
    first: dict[UUID, Membership] = {}
    places = Membership.objects.filter(pupil_id__in=[one.pk for one in pupils]).select_related("school_class")
    came: dict[UUID, date] = {one.pk: one.came for one in pupils}
    for place_of in places.order_by("-since", "-id"):
        if place_of.since <= came[place_of.pupil_id]:
            first[place_of.pupil_id] = place_of
    return [
        MovementInfo(
            id=None,
            pupil=info_of_pupil(one),
            direction=Movement.Direction.IN.value,
            day=came[one.pk],
            class_label=first[one.pk].school_class.label if one.pk in first else "",
            grade=first[one.pk].school_class.grade if one.pk in first else None,
            class_id=first[one.pk].school_class_id if one.pk in first else None,
            whereabouts=Whereabouts(),
            order_number=one.enrolled_order,
        )
        for one in pupils
    ]


def _info(row: Movement) -> MovementInfo:
    return MovementInfo(
        id=row.pk,
        pupil=info_of_pupil(row.pupil),
        direction=row.direction,
        day=row.date,
        class_label=row.school_class.label if row.school_class else "",
        grade=row.school_class.grade if row.school_class else None,
        class_id=row.school_class_id,
        whereabouts=Whereabouts(**{one.name: getattr(row, one.name) for one in fields(Whereabouts)}),
        order_number=row.order_number,
        order_date=row.order_date,
        order_id=row.order_id,
        confirmation=row.confirmation,
        confirmed_date=row.confirmed_date,
        file_given_date=row.file_given_date,
    )


# --- for orders: the caller has checked the right


def pupils_in(pupil_ids: Iterable[UUID]) -> dict[UUID, Pupil]:
    return {row.pk: row for row in Pupil.objects.filter(pk__in=set(pupil_ids), removed_at=None)}


def classes_in(class_ids: Iterable[UUID]) -> dict[UUID, SchoolClass]:
    return {row.pk: row for row in SchoolClass.objects.filter(pk__in=set(class_ids))}


def presents(pupil_ids: Iterable[UUID], *, on: date) -> dict[UUID, Membership]:
    """The place of each pupil on the day."""
    rows = Membership.objects.filter(on_day(on), pupil_id__in=set(pupil_ids)).select_related("school_class")
    return {row.pupil_id: row for row in rows.order_by("since", "id")}


def coming_places(pupil_ids: Iterable[UUID], *, on: date) -> dict[UUID, list[Membership]]:
    """Places of each pupil that last on the day or begin after it, the earliest first."""
    rows = Membership.objects.filter(
        Q(until=None) | Q(until__gte=on), pupil_id__in=set(pupil_ids)
    ).select_related("school_class")
    found: dict[UUID, list[Membership]] = {}
    for row in rows.order_by("since", "id"):
        found.setdefault(row.pupil_id, []).append(row)
    return found


def latest_places(pupil_ids: Iterable[UUID]) -> dict[UUID, Membership]:
    """The last place of each pupil, whether it has ended or not."""
    rows = Membership.objects.filter(pupil_id__in=set(pupil_ids)).select_related("school_class")
    return {row.pupil_id: row for row in rows.order_by("since", "id")}


def running_leaves(pupil_ids: Iterable[UUID]) -> dict[UUID, AcademicLeave]:
    rows = AcademicLeave.objects.filter(pupil_id__in=set(pupil_ids), ended_date=None)
    return {row.pupil_id: row for row in rows}


def on_leave(*, actor: Actor) -> list[Pupil]:
    """Pupils on academic leave, in Kazakh order."""
    require(actor, permissions.LISTS)
    away = AcademicLeave.objects.filter(pupil_id=OuterRef("pk"), ended_date=None)
    return list(Pupil.objects.filter(Exists(away), removed_at=None).order_by(*ORDER))


def leaves_of(*, actor: Actor, pupil_id: UUID) -> list[AcademicLeave]:
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    return list(AcademicLeave.objects.filter(pupil_id=pupil_id).order_by("-since"))


# --- attested here


def decisions_of(*, actor: Actor, pupil_id: UUID, year: str) -> dict[int, PeriodDecision]:
    """By quarter, whether it was decided that the pupil is attested here."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    return {row.quarter: row for row in PeriodDecision.objects.filter(pupil_id=pupil_id, year=year)}


def attested_here(*, actor: Actor, pupil_ids: Iterable[UUID], year: str, quarter: int) -> dict[UUID, bool]:
    """Whether each pupil is attested here for the quarter: as decided, else for whoever is here on its last day."""
    require(actor, permissions.VIEW)
    wanted = set(pupil_ids)
    span = next((one for one in quarters(year) if one.number == quarter), None)
    here = set(presents(wanted, on=span.end)) if span else wanted
    said = attestation_decided(actor=actor, pupil_ids=wanted, year=year, quarter=quarter)
    return {key: said.get(key, key in here) for key in wanted}


def attestation_decided(
    *, actor: Actor, pupil_ids: Iterable[UUID], year: str, quarter: int
) -> dict[UUID, bool]:
    """Where it was decided whether a pupil is attested here for the quarter."""
    require(actor, permissions.VIEW)
    rows = PeriodDecision.objects.filter(pupil_id__in=set(pupil_ids), year=year, quarter=quarter)
    return {row.pupil_id: row.attested_here for row in rows}


def quarters(year: str) -> tuple[reference.Span, ...]:
    known = reference.school_years()
    return known[year].quarters if year in known else ()


# --- the year


def roll_over(*, actor: Actor, year: str) -> RollOver | None:
    """The plan of the year, or what it became; one that was taken back is no more."""
    require(actor, permissions.EDIT)
    return RollOver.objects.filter(year=year).exclude(state=RollOver.State.UNDONE).first()


def next_year(year: str) -> str:
    first = int(year[:4]) + 1
    return f"{first}-{(first + 1) % 100:02d}"


def first_day(year: str) -> date:
    """The first day of the school year; 1 September where the ministry's calendar is not known yet."""
    known = reference.school_years()
    return known[year].start if year in known else date(int(year[:4]), 9, 1)


def last_day(year: str) -> date:
    """The last school day of the year; 25 May where the ministry's calendar is not known yet."""
    known = reference.school_years()
    return known[year].end if year in known else date(int(year[:4]) + 1, 5, 25)


def day_within(year: str) -> date:
    """Today, or the nearest day of the year: in summer the classes of September are looked at as they will be."""
    return max(first_day(year), min(clock.today(), date(int(year[:4]) + 1, 8, 31)))


def today() -> date:
    return clock.today()
