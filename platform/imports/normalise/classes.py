"""Labels of classes: 7А, 7 «А», 7-А, 7a, VII А, 7 «Ә» сынып, 7А (каз.), предшкола."""

from __future__ import annotations

import re
from typing import Any

from imports.findings import NOTHING, Read, doubt, error
from imports.normalise.text import LOOKALIKES, clean, clip, cyrillic

_WORDS = re.compile(r"\b(?:класс\w*|сынып\w*|сыныб\w*|кл|сын|параллель)\b\.?", re.IGNORECASE)
_PRESCHOOL = re.compile(r"^(?:предшкол\w*|мектепалды\w*|мад|кпп|пшп|нулев\w*|0-?й)\b", re.IGNORECASE)
_SIGNS = re.compile(r"[\s«»\"'“”„‟‘’()\[\].,_/\\-]+")
_LABEL = re.compile(r"^(\d{1,2})([^\W\d_]{0,2})$")
# Grades in Roman figures, in Latin letters or in the Cyrillic ones that look so; a sign or a blank ends the figure.
_ROMAN = {
    one: n
    for n, one in enumerate(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], 1)
}
_ROMAN_LETTERS = str.maketrans("ІХ", "IX")
_ROMAN_LABEL = re.compile(r"^([IVXІХ]{1,4})(?:[\s«»\"'“”(),._/\\-]+([^\W\d_]{1,2}))?$")
_ROMAN_JOINED = re.compile(r"^([IVX]{1,4})([А-ЯЁӘІҢҒҮҰҚӨҺ])$")
_TAIL = re.compile(r"^(.*\d.*?)\s*\([^()]*\)$")
# A class named in a title: “Список учащихся 7 «А» класса”, “7-ші «Ә» сынып оқушылары”, “Класс: 11 Б”.
_FIGURE = r"(\d{1,2}|[IVXІХ]{1,4})"
_WORD = r"(?:класс\w*|сынып\w*|сыны[бп]\w*)"
_BEFORE_WORD = re.compile(
    rf"(?<!\w){_FIGURE}(?:\s*-?\s*(?:ші|шы|й|го))?\s*-?\s*[«\"“(]?\s*([^\W\d_])?\s*[»\"”)]?\s*-?\s*{_WORD}",
    re.IGNORECASE,
)
_AFTER_WORD = re.compile(
    rf"(?<!\w){_WORD}\s*[:№–-]?\s*{_FIGURE}\s*-?\s*[«\"“(]?\s*([^\W\d_])?(?!\w)", re.IGNORECASE
)
_SHIFT = re.compile(
    r"^(?:смена\s*|ауысым\s*)?(?:([1-3])|([IІ]{1,3}))(?:\s*-?\s*(?:я|ая|ші|шы)?\s*(?:смена|ауысым))?$",
    re.IGNORECASE,
)
_CERTAIN = set("ABCEHKMOPTXYI")


def school_class(value: Any) -> Read:
    """Grade and letter as a list: [7, "А"]."""
    line = clean(value)
    if not line:
        return NOTHING
    plain = _PRESCHOOL.sub("0", _WORDS.sub(" ", line)).strip()
    bare = _arabic(_SIGNS.sub(" ", plain).strip()) or _SIGNS.sub("", plain)
    found = _LABEL.match(bare)
    if not found and (tail := _TAIL.match(plain)):
        found = _LABEL.match(_SIGNS.sub("", tail[1]))
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


def shift(value: Any) -> Read:
    """In which shift the class learns: 1, “II”, “2-я смена”, “1-ауысым”."""
    line = clean(value)
    if not line:
        return NOTHING
    found = _SHIFT.match(line)
    if not found:
        return doubt("shift_unread", None, value=clip(line))
    return Read(int(found[1]) if found[1] else len(found[2]))


def class_in(value: Any) -> str:
    """The label of the class that a title or the name of a sheet speaks of: 7А; nothing when it speaks of none."""
    line = clean(value)
    read = school_class(line) if len(line) <= 20 else NOTHING
    if read.value and not read.value[1] and not _WORDS.search(line):
        return ""  # a number alone is no class: sheets and lines are numbered too
    if read.value is None and (found := _BEFORE_WORD.search(line) or _AFTER_WORD.search(line)):
        read = school_class(f"{found[1]} {found[2] or ''}")
    return f"{read.value[0]}{read.value[1]}" if read.value else ""


def _arabic(line: str) -> str:
    """“VII А” as “7А”; nothing when the figure is no Roman one."""
    found = _ROMAN_LABEL.match(line) or _ROMAN_JOINED.match(line)
    grade = _ROMAN.get(found[1].translate(_ROMAN_LETTERS)) if found else None
    return f"{grade}{found[2] or ''}" if found and grade else ""
