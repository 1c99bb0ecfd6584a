"""Figures and numbered names as people write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format

NONE = "–"
_PHONE = re.compile(r"\+7(\d{3})(\d{3})(\d{2})(\d{2})")
_NUMBER_SIGN = re.compile(r"№\s*(?=\d)")


def figure(value: Any, digits: int = 0, *, grouped: bool = False) -> str:
    """Rounded half up, as people round (Django's own formatting cuts the rest off); a dash where there is none."""
    if value is None or value == "":
        return NONE
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return number_format(rounded, digits, use_l10n=True, force_grouping=grouped)


def unbroken(name: Any) -> str:
    """№ and its number never part at the end of a line."""
    return _NUMBER_SIGN.sub("№\u00a0", str(name or ""))


def number(value: Any, digits: int = 0) -> str:
    """A figure in the reader's way; a dash where there is none."""
    return figure(value, digits, grouped=True)


def percent(value: Any, digits: int = 0) -> str:
    text = figure(value, digits)
    return text if text == NONE else f"{text}\u00a0%"


def telephone(number: str) -> str:
    """+7 705 111 22 33; what is not such a number stays as it was written."""
    parts = _PHONE.fullmatch(number)
    return "\u00a0".join(["+7", *parts.groups()]) if parts else number
