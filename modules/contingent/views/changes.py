"""The history of a card in words: who changed what, from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from modules.contingent import queries
from modules.contingent.models import CARD_PARTS, CardChange
from modules.contingent.queries.words import label, of_history

_OF_GUARDIAN = ("guardian", "tie", "ban")


@dataclass(frozen=True, slots=True)
class Told:
    """A change as a person reads it."""

    at: datetime
    author: str
    what: str
    whose: str
    action: Any
    fields: Sequence[tuple[str, str, str]]


def told(rows: Sequence[CardChange]) -> list[Told]:
    names = queries.guardian_names(row.row_id for row in rows if row.part in _OF_GUARDIAN)
    return [
        Told(
            row.at,
            _author(row),
            _what(row.part),
            names.get(row.row_id, "") if row.part in _OF_GUARDIAN else "",
            row.get_action_display(),
            [
                _field(CARD_PARTS[row.part], name, pair)
                for name, pair in sorted(
                    (row.changes or {}).items(), key=lambda one: _place(row.part, one[0])
                )
            ],
        )
        for row in rows
    ]


def _author(row: CardChange) -> str:
    """Who it was; the product at work signs with a code."""
    if not row.author_name:
        return _("past the product")
    is_product = row.author_id is None and row.author_name.isascii() and row.author_name.islower()
    return _("the product itself") if is_product else row.author_name


def _field(model: type[models.Model], name: str, pair: Sequence[Any]) -> tuple[str, str, str]:
    before, after = pair
    return label(model, name), of_history(model, name, before), of_history(model, name, after)


def _place(part: str, name: str) -> int:
    """Fields stand as on the card, not as JSON keeps them."""
    return [field.name for field in CARD_PARTS[part]._meta.fields].index(name)


def _what(part: str) -> str:
    if part == "pupil":
        return _("Identity")
    if part == "tie":
        return _("Guardian on the card")
    return str(CARD_PARTS[part]._meta.verbose_name).capitalize()
