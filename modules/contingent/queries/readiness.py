"""How far the lists of a new school have come, for the steps of its start."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from kernel.access import Actor, require
from modules.contingent import permissions
from modules.contingent.models import Charge, Membership, Pupil, SchoolClass
from modules.contingent.queries import custody
from modules.contingent.queries.people import current_year


@dataclass(frozen=True, slots=True)
class ClassesReady:
    classes: int
    led: int
    filled: int


@dataclass(frozen=True, slots=True)
class PupilsReady:
    pupils: int
    in_classes: int
    with_guardian: int


def classes_ready(*, actor: Actor) -> ClassesReady:
    """Classes of this year, those with a class teacher, those with pupils; one query."""
    require(actor, permissions.LISTS)
    rows = SchoolClass.objects.filter(year=current_year())
    led = Charge.objects.filter(school_class=OuterRef("pk"), duty=Charge.Duty.CLASS_TEACHER)
    filled = Membership.objects.filter(school_class=OuterRef("pk"), until=None, pupil__removed_at=None)
    found = list(rows.values_list(Exists(led), Exists(filled)))
    return ClassesReady(len(found), sum(a for a, _b in found), sum(b for _a, b in found))


def pupils_ready(*, actor: Actor) -> PupilsReady:
    """Pupils who learn here, those in a class, those with a parent or guardian; one query."""
    require(actor, permissions.LISTS)
    rows = Pupil.objects.filter(removed_at=None, left_date=None)
    placed = Membership.objects.filter(pupil=OuterRef("pk"), until=None, year=current_year())
    found = rows.aggregate(
        pupils=Count("id"),
        in_classes=Count("id", filter=Q(Exists(placed))),
        with_guardian=Count("id", filter=Q(custody.is_tied())),
    )
    return PupilsReady(**found)
