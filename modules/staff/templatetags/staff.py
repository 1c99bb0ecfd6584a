"""Lengths of service and rates in words."""

from __future__ import annotations

from decimal import Decimal

from django import template

from modules.staff import terms
from modules.staff.rules.service import Length

register = template.Library()


@register.simple_tag
def served(length: Length) -> str:
    """A length of service: 15 years 1 month 9 days."""
    return terms.served(length)


@register.filter
def rate(value: Decimal | int) -> str:
    """A rate as people write it: 1, 1,25."""
    return terms.rate(Decimal(value))
