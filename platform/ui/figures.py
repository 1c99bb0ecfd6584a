"""Figures and numbered names as people write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format

NONE = "–"
_NUMBER_SIGN = re.compile(r"№\s*(?=\d)")


def figure(value: Any, digits: int = 0, *, grouped: bool = False) -> str:
    """Rounded half up, as people round (Django's own formatting cuts the rest off); a dash where there is none."""
    if value is None or value == "":
        return NONE
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return number_format(rounded, digits, use_l10n=True, force_grouping=grouped)


def unbroken(name: str) -> str:
    """№ and its number never part at the end of a line."""
    return _NUMBER_SIGN.sub("№\u00a0", name)
