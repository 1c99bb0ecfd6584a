"""Sealed values in the history of cards: triggers copied them there, and they follow when they are closed anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.db import sealed
from kernel.db.resealing import Rewrite
from modules.contingent.models import CARD_PARTS


def reseal_history(row: Mapping[str, Any], anew: Rewrite) -> dict[str, Any]:
    """The changes of one row of the history, with `anew(field, kept)` in the place of each sealed value."""
    fields = CARD_PARTS[row["part"]]._meta
    found = {}
    for name, pair in (row["changes"] or {}).items():
        field: Any = fields.get_field(name)
        found[name] = (
            [anew(field, kept) if kept else kept for kept in pair] if sealed.is_sealed(field) else pair
        )
    return found
