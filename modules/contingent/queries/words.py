"""What stands in a field of a card, in the reader's words: for the lines of the card and for its history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import iin
from kernel.db import sealed
from modules.contingent.data import CITIZENSHIPS
from tenants import reference

_TERMS = {"nationality": "nationalities", "code": "privileges"}
_FILES = ("scan_id", "photo_id", "paper_id")


def term(kind: str, code: str) -> str:
    found = reference.terms(kind).get(code)
    return found.name if found else code


def place(code: str) -> str:
    found = reference.places().get(code)
    return found.name if found else code


def label(model: type[models.Model], names: str) -> str:
    """The name of a field as a head of a column, or of several that stand in one."""
    fields: list[Any] = [model._meta.get_field(name) for name in names.split()]
    return str(capfirst(", ".join(str(field.verbose_name) for field in fields)))


def shown(model: type[models.Model], name: str, value: Any) -> str:
    """A value of the model's field as people read it; `value` may come from a row or from JSON."""
    if value is None or value == "":
        return ""
    if name == "iin":
        return iin.mask(value)
    if name in _FILES:
        return _("a file")
    if name in _TERMS:
        return term(_TERMS[name], value)
    if name == "citizenship":
        return str(CITIZENSHIPS.get(value, value))
    if name == "kato":
        return place(value)
    field: Any = model._meta.get_field(name)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return pgettext("fact", "yes") if value else pgettext("fact", "no")
    if isinstance(field, models.DateField):
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return formats.date_format(day, "SHORT_DATE_FORMAT")
    if isinstance(field, models.DecimalField):
        return formats.number_format(Decimal(str(value)))
    return str(value)


def of_history(model: type[models.Model], name: str, value: Any) -> str:
    """A value as the history of cards keeps it: what is sealed on the card is sealed there."""
    return shown(model, name, sealed.read(model._meta.get_field(name), value))
