"""Labels of classes: 7А, 7 «А», 7-А, 7a, 7 «Ә» сынып, предшкола."""

from __future__ import annotations

import re
from typing import Any

from imports.findings import NOTHING, Read, doubt, error
from imports.normalise.text import LOOKALIKES, clean, clip, cyrillic

_WORDS = re.compile(r"\b(?:класс\w*|сынып\w*|сыныб\w*|кл|сын|параллель)\b\.?", re.IGNORECASE)
_PRESCHOOL = re.compile(r"^(?:предшкол\w*|мектепалды\w*|мад|кпп|пшп|нулев\w*|0-?й)\b", re.IGNORECASE)
_SIGNS = re.compile(r"[\s«»\"'“”„‟‘’()\[\].,_/\\-]+")
_LABEL = re.compile(r"^(\d{1,2})([^\W\d_]{0,2})$")
_CERTAIN = set("ABCEHKMOPTXYI")


def school_class(value: Any) -> Read:
    """Grade and letter as a list: [7, "А"]."""
    line = clean(value)
    if not line:
        return NOTHING
    bare = _SIGNS.sub("", _PRESCHOOL.sub("0", _WORDS.sub(" ", line)))
    found = _LABEL.match(bare)
    if not found:
        return error("class_unread", value=clip(line))
    grade, letter = int(found[1]), found[2].upper()
    if grade > 12:
        return error("class_grade", value=str(grade))
    right = cyrillic(letter).upper() if len(letter) > 1 else letter.translate(LOOKALIKES).upper()
    if right == letter or not letter:
        return Read([grade, right])
    if not set(letter) <= _CERTAIN | set("ƏƟΘѲ"):
        return error("class_unread", value=clip(line))
    if letter in ("A", "Ə"):
        return Read([grade, right])
    # B may be meant as В or as Б: say how it was read.
    return doubt("class_letter", [grade, right], suggestion=f"{grade}{right}")
