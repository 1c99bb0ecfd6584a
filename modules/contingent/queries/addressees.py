"""Pupils as a notice about a breach reaches them: through their guardians."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from kernel import clock
from kernel.concerned import Addressee
from modules.contingent.models import Guardianship, Membership, Pupil


def pupil_addressees(ids: Collection[UUID]) -> dict[UUID, Addressee]:
    """Children by id, with the phones of all their guardians; three queries. Callers check the right."""
    pupils = list(Pupil.objects.filter(pk__in=list(ids)))
    phones: dict[UUID, list[str]] = defaultdict(list)
    ties = Guardianship.objects.filter(pupil_id__in=list(ids)).select_related("guardian")
    for tie in ties.order_by("pupil_id", "relation", "id"):
        if tie.guardian.phone:
            phones[tie.pupil_id].append(f"{tie.guardian.phone} {tie.guardian.surname} {tie.guardian.name}")
    today = clock.today()
    classes = {
        member.pupil_id: member.school_class.label
        for member in Membership.objects.filter(pupil_id__in=list(ids), since__lte=today)
        .select_related("school_class")
        .order_by("since")
    }
    return {
        one.pk: Addressee(one.person_name.full, one.iin, tuple(phones[one.pk]), classes.get(one.pk, ""))
        for one in pupils
    }
