"""Pupils as a notice about a breach reaches them: through the guardians who may see them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from kernel import clock
from kernel.concerned import Addressee
from modules.contingent.models import Membership, Pupil
from modules.contingent.queries import custody


def pupil_addressees(ids: Collection[UUID]) -> dict[UUID, Addressee]:
    """Children by id, with the phones of those guardians who may see them. Callers check the right."""
    guardians = custody.guardians_of_cards(list(ids))
    today = clock.today()
    classes = {
        member.pupil_id: member.school_class.label
        for member in Membership.objects.filter(pupil_id__in=list(ids), since__lte=today)
        .select_related("school_class")
        .order_by("since")
    }
    return {
        one.pk: Addressee(
            name=one.person_name.full,
            iin=one.iin,
            phones=tuple(
                f"{who.phone} {who.surname} {who.name}"
                for who in guardians[one.pk]
                if who.phone and who.may_see
            ),
            place=classes.get(one.pk, ""),
        )
        for one in Pupil.objects.filter(pk__in=list(ids))
    }
