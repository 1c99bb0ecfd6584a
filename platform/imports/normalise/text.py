"""Blanks, signs that nobody sees, letters that only look right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from imports.findings import NOTHING, Read, error

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))

# Latin letters and others that stand in for Cyrillic ones. Y is drawn like Ү, y like у.
LOOKALIKES = str.maketrans(
    {
        **dict(zip("ABCEHKMOPTXYISJ", "АВСЕНКМОРТХҮІЅЈ", strict=True)),
        **dict(zip("aceopxyi", "асеорхуі", strict=True)),
        **{"h": "һ", "Ə": "Ә", "ə": "ә", "Ɵ": "Ө", "ɵ": "ө", "Θ": "Ө", "θ": "ө", "Ѳ": "Ө", "ѳ": "ө"},
        **{"Ў": "Ұ", "ў": "ұ", "k": "к", "m": "м", "t": "т", "b": "в", "n": "п", "u": "и", "r": "г"},
    }
)
_SAFE_LATIN = set("ABCEHKMOPTXYIaceopxyihkmt")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_SUSPECT = re.compile(r"[A-Za-zƏəƟɵΘθѲѳЎў]")
_SUBSTITUTES = re.compile(r"[ƏəƟɵΘθѲѳЎў]")


def clean(value: Any) -> str:
    """The cell as one line of text: no invisible signs, single blanks, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().strftime("%d.%m.%Y")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    line = str(value)
    if not (line.isascii() or unicodedata.is_normalized("NFC", line)):
        line = unicodedata.normalize("NFC", line)
    if not line.isprintable():
        line = line.translate(_INVISIBLE)
    line = " ".join(line.split())
    return line[1:].strip() if line.startswith("'") and not line.endswith("'") else line


def cyrillic(word: str) -> str:
    """The word with look-alikes put right, or as it is when it is not Cyrillic at all."""
    if not _SUSPECT.search(word):
        return word
    if _SUBSTITUTES.search(word):
        word = _SUBSTITUTES.sub(lambda m: m.group().translate(LOOKALIKES), word)
    if not _LATIN.search(word):
        return word
    mixed = bool(_CYRILLIC.search(word))
    if mixed or set(_LATIN.findall(word)) <= _SAFE_LATIN:
        return word.translate(LOOKALIKES)
    return word


def is_latin(word: str) -> bool:
    return bool(_LATIN.search(word)) and not _CYRILLIC.search(word)


def text(limit: int = 250) -> Callable[[Any], Read]:
    """A reader of plain text up to a length."""

    def read(value: Any) -> Read:
        line = clean(value)
        if len(line) > limit:
            return error("too_long", limit=str(limit))
        return Read(line) if line else NOTHING

    return read


def clip(line: str, limit: int = 60) -> str:
    """A text short enough for a message."""
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def number(value: Any) -> Read:
    """A number with a comma or a point, as text that Decimal reads."""
    line = clean(value).replace(" ", "").replace(",", ".")
    if not line:
        return NOTHING
    try:
        read = Decimal(line)
    except InvalidOperation:
        return error("not_number", value=clip(line))
    return Read(str(read)) if read.is_finite() else error("not_number", value=clip(line))
