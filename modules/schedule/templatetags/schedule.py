"""What the templates of the schedule need of dictionaries and of hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value of the key; nothing where there is none."""
    return mapping.get(key, "")


@register.filter
def hours(values: Iterable[Decimal]) -> str:
    """The hours that a plan allows: 3, or 4 / 2."""
    return " / ".join(plain(one) for one in values)


@register.filter
def plain(value: Decimal) -> str:
    """A figure without idle zeros: 1, 1,5, 1,25."""
    return number_format(f"{value.normalize():f}")
