"""Accounts of those who left: closed with the day, opened again with the return."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from identity import api as identity
from kernel import clock
from kernel.access import Actor
from modules.contingent.models import Pupil
from modules.contingent.queries import custody

# The director signs the order; the product itself closes and opens what follows from it.
SIGNATURE = "contingent.movement"


def close(pupil_ids: Iterable[UUID]) -> int:
    """End the sessions and block the accounts of pupils who left, and of parents who have no other child here.

    Answer how many accounts that were. Those whose last day is still ahead are left for the night's sweep.
    """
    gone = list(
        Pupil.objects.filter(
            Q(left_date__lte=clock.today()) | ~Q(removed_at=None), pk__in=list(pupil_ids)
        ).values_list("pk", flat=True)
    )
    people = [*gone, *_parents_without_children(gone)]
    actor = Actor.system_actor(SIGNATURE)
    closed = 0
    for account in identity.accounts_of(people).values():
        if account.is_active:
            identity.block(actor=actor, user_id=account.id)
            closed += 1
    return closed


def open_again(pupil_ids: Iterable[UUID]) -> None:
    """Give back the accounts of pupils who are here again, and of their parents."""
    here = list(
        Pupil.objects.filter(removed_at=None, left_date=None, pk__in=list(pupil_ids)).values_list(
            "pk", flat=True
        )
    )
    parents = custody.seeing().filter(pupil_id__in=here).values_list("guardian_id", flat=True)
    actor = Actor.system_actor(SIGNATURE)
    for account in identity.accounts_of([*here, *parents]).values():
        if not account.is_active:
            identity.restore(actor=actor, user_id=account.id)


def close_all() -> int:
    """The night's sweep: whoever left by yesterday and still has an open account."""
    left = Pupil.objects.filter(left_date__lt=clock.today()).values_list("pk", flat=True)
    return close(left)


def _parents_without_children(gone: list[UUID]) -> set[UUID]:
    parents = custody.guardians_tied_to(gone)
    staying = (
        custody.seeing()
        .filter(
            Q(pupil__left_date=None) | Q(pupil__left_date__gt=clock.today()),
            guardian_id__in=parents,
            pupil__removed_at=None,
        )
        .exclude(pupil_id__in=gone)
    )
    return parents - set(staying.values_list("guardian_id", flat=True))
