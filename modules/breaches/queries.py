"""Reads: breaches, and the persons concerned with how they are reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from kernel import audit, concerned
from kernel.access import Actor, require
from modules.breaches import permissions
from modules.breaches.data import Person
from modules.breaches.models import Breach, Concerned


def breaches(*, actor: Actor) -> QuerySet[Breach]:
    """The newest first."""
    require(actor, permissions.MANAGE)
    return Breach.objects.order_by("-noted_at", "-id")


def to_tell(*, actor: Actor) -> list[Breach]:
    """Those of which somebody has still to be told, the most urgent first."""
    rows = breaches(actor=actor).filter(notified_at=None).order_by("due")
    return [row for row in rows if row.is_to_tell]


def breach(*, actor: Actor, breach_id: UUID) -> Breach:
    return breaches(actor=actor).get(pk=breach_id)


def lines(row: Breach) -> QuerySet[Any]:
    """A line a person, those with the most changes and looks first. The caller has the breach."""
    return (
        Concerned.objects.filter(breach=row)
        .values("subject", "subject_id")
        .annotate(
            looks=Coalesce(Sum("times", filter=Q(is_change=False)), 0),
            changes=Coalesce(Sum("times", filter=Q(is_change=True)), 0),
            codes=ArrayAgg("code", distinct=True),
            first=Min("first_at"),
            last=Max("last_at"),
        )
        .order_by("-changes", "-looks", "subject", "subject_id")
    )


def persons(rows: Sequence[dict[str, Any]], *, actor: Actor) -> list[Person]:
    """The lines with names, IINs and phones; who reads them is in the log of looks too."""
    require(actor, permissions.MANAGE)
    ids: dict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        ids[row["subject"]].append(row["subject_id"])
    known = {subject: concerned.addressees(subject, found) for subject, found in ids.items()}
    for subject, found in ids.items():
        audit.viewed(actor=actor, subject=subject, subject_ids=found, purpose="breaches.list", leafing=True)
    return [_person(row, known[row["subject"]].get(row["subject_id"])) for row in rows]


def _person(row: dict[str, Any], found: concerned.Addressee | None) -> Person:
    return Person(
        subject=row["subject"],
        id=row["subject_id"],
        name=found.name if found else str(row["subject_id"]),
        place=found.place if found else "",
        iin=found.iin if found else "",
        phones=found.phones if found else (),
        looks=row["looks"],
        changes=row["changes"],
        what=said(row["codes"]),
        first_at=row["first"],
        last_at=row["last"],
    )


def said(codes: Iterable[str]) -> tuple[Any, ...]:
    """What was looked at and done, in words."""
    return tuple(
        concerned.HISTORIES[code].label
        if code in concerned.HISTORIES
        else audit.ACTIONS.get(code, audit.why(code))
        for code in codes
    )


def fields(row: Breach) -> tuple[Any, ...]:
    """Which pages and fields the breach touched at all."""
    codes = Concerned.objects.filter(breach=row).values_list("code", flat=True).distinct().order_by("code")
    return said(codes)
