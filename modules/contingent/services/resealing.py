"""The history of cards when the school's data key is turned: what triggers copied into it is closed anew there too."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kernel.db import sealed
from modules.contingent.models import CARD_PARTS, CardChange

_BATCH = 1000


def reseal_history(newest: int) -> int:
    """Close anew what other generations closed; answers how many values. As the owner: the school cannot change it."""
    done, last = 0, 0
    while rows := list(CardChange.objects.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        last = rows[-1].pk
        changed = []
        for row in rows:
            count = sum(_anew(row.part, name, pair, newest) for name, pair in (row.changes or {}).items())
            if count:
                done += count
                changed.append(row)
        with transaction.atomic():
            CardChange.objects.bulk_update(changed, ["changes"])
    return done


def _anew(part: str, name: str, pair: list[Any], newest: int) -> int:
    """Both sides of one change, in place."""
    field: Any = CARD_PARTS[part]._meta.get_field(name)
    if not sealed.is_sealed(field):
        return 0
    count = 0
    for side, kept in enumerate(pair):
        if kept and not kept.startswith(f"{newest}."):
            pair[side] = field.seal(field.open(kept))
            count += 1
    return count
