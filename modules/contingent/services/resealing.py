"""The history of cards when what is sealed is closed anew: triggers copied it there, and it follows."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kernel.db import sealed
from kernel.db.resealing import Rewrite
from modules.contingent.models import CARD_PARTS, CardChange

_BATCH = 1000


def reseal_history(anew: Rewrite) -> int:
    """Put `anew(field, kept)` in the place of each sealed value. As the owner: the school cannot change its history."""
    done, last = 0, 0
    while rows := list(CardChange.objects.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        last = rows[-1].pk
        changed = []
        for row in rows:
            if count := sum(_anew(row.part, name, pair, anew) for name, pair in (row.changes or {}).items()):
                done += count
                changed.append(row)
        with transaction.atomic():
            CardChange.objects.bulk_update(changed, ["changes"])
    return done


def _anew(part: str, name: str, pair: list[Any], anew: Rewrite) -> int:
    """Both sides of one change, in place."""
    field: Any = CARD_PARTS[part]._meta.get_field(name)
    if not sealed.is_sealed(field):
        return 0
    count = 0
    for side, kept in enumerate(pair):
        if kept and (other := anew(field, kept)) != kept:
            pair[side] = other
            count += 1
    return count
