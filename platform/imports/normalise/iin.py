"""The ИИН as people type it: with blanks, a label, without its leading zeros, as a number."""

from __future__ import annotations

import re
from typing import Any

from imports.findings import NOTHING, Read, doubt, error
from imports.normalise.text import clean, clip
from kernel.tenancy import current

_LABEL = re.compile(r"^(?:и\s*и\s*н|ж\s*с\s*н|iin|иин/жсн|жсн/иин)[\s:.№-]*", re.IGNORECASE)
_FILLING = re.compile(r"[\s.\-‐-―_/]+")
_LETTERS = str.maketrans("ОоOoІіIl", "00001111")
_ROUNDED = re.compile(r"^\d(?:[.,]\d+)?[eе][+]?\d+$", re.IGNORECASE)


def iin(value: Any) -> Read:
    """Twelve digits. Lost zeros are put back only when the check digit agrees."""
    line = clean(value)
    if not line:
        return NOTHING
    if _ROUNDED.match(line):
        return error("iin_rounded", value=clip(line))
    digits = _FILLING.sub("", _LABEL.sub("", line))
    if not digits.isdigit() or not digits.isascii():
        guess = digits.translate(_LETTERS)
        good = len(guess) == 12 and guess.isascii() and guess.isdigit() and not problems(guess)
        return error("iin_letters", suggestion=guess if good else "", value=clip(line))
    if 7 <= len(digits) < 12:
        padded = digits.zfill(12)
        if not problems(padded):
            return doubt("iin_zeros", padded, suggestion=padded)
    if len(digits) != 12:
        return error("iin_length", count=str(len(digits)))
    wrong = problems(digits)
    return error(f"iin_{wrong[0]}") if wrong else Read(digits)


def problems(value: str) -> list[str]:
    return current().iin_problems(value)
