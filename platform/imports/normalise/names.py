"""Names of people: letters put right, capitals where they belong, parts told apart."""

from __future__ import annotations

import re
from typing import Any

from imports.findings import NOTHING, Finding, Read, Severity, error
from imports.normalise.phones import phone_behind
from imports.normalise.text import clean, clip, cyrillic, is_latin

_ALLOWED = re.compile(r"^[^\W\d_]+(?:[-‐’'ʼ. ][^\W\d_]+)*\.?$")
_DASHES = re.compile(r"\s*[-‐‑‒–—]\s*")
# These stand apart and small: Серік қызы, Мамед оглы.
_PARTICLES = {
    "ұлы",
    "қызы",
    "улы",
    "кызы",
    "оглы",
    "оғлы",
    "кизи",
    "гызы",
    "угли",
    "уулу",
    "заде",
    "де",
    "фон",
}
_PATRONYMIC_TAILS = ("ұлы", "қызы", "улы", "кызы", "вич", "вна", "ична", "ұлұ")


def person_name(value: Any) -> Read:
    """One part of a name: a surname, a name or a patronymic."""
    line = _DASHES.sub("-", clean(value)).strip(" .-,;")
    if not line:
        return NOTHING
    if len(line) > 80:
        return error("too_long", limit="80")
    if not _ALLOWED.match(line):
        guess = cyrillic(line).translate(str.maketrans("03", "ОЗ"))
        good = bool(_ALLOWED.match(guess)) and not is_latin(guess)
        return error("name_signs", suggestion=proper(guess) if good else "", value=clip(line))
    findings = []
    right = " ".join(cyrillic(word) for word in line.split(" "))
    if right != line:
        findings.append(Finding("latin_lookalike", Severity.DOUBT, proper(right)))
    elif is_latin(line):
        findings.append(Finding("latin_word", Severity.DOUBT, "", {"value": clip(line)}))
    if _one_case(right):
        cased = proper(right)
        if cased != right and not findings:
            findings.append(Finding("letter_case", Severity.DOUBT, cased))
        right = cased
    return Read(right, tuple(findings))


def _one_case(line: str) -> bool:
    """Written in capitals only or in small letters only, a lone letter apart."""
    letters = [c for c in line if c.isalpha()]
    return len(letters) > 1 and (line == line.upper() or line == line.lower())


def proper(line: str) -> str:
    """Capitals at the beginnings: НҰРЛАН-ҰЛЫ → Нұрлан-ұлы, ИВАНОВА-ПЕТРОВА → Иванова-Петрова."""
    return " ".join(
        "-".join(_cased(part, first=place == 0) for place, part in enumerate(word.split("-")))
        for word in line.split(" ")
    )


def _cased(part: str, *, first: bool) -> str:
    low = part.lower()
    if low in _PARTICLES:
        return low
    return low[:1].upper() + low[1:]


def full_name(value: Any) -> Read:
    """A whole name in one cell, as a list: surname, name, patronymic. A phone behind it is no part of it."""
    line, _number = phone_behind(clean(value))
    line = _DASHES.sub("-", line).strip(" .-,;")
    if not line:
        return NOTHING
    words = line.replace(",", " ").split()
    if len(words) > 6:
        return error("name_signs", value=clip(line))
    if len(words) == 1:
        return error("name_short", value=clip(line))
    parts = [words[0], words[1], " ".join(words[2:])]
    if len(words) == 3 and _is_patronymic(words[1]) and not _is_patronymic(words[2]):
        # Дана Талғатқызы Тілеубаева
        parts = [words[2], words[0], words[1]]
    read = [person_name(part) for part in parts]
    findings: list[Finding] = []
    for one in read:
        if one.is_error:
            return error("name_signs", value=clip(line))
        findings += one.findings[:1]
    value_read = [one.value or "" for one in read]
    if findings:
        findings = [
            Finding(
                findings[0].code, Severity.DOUBT, " ".join(filter(None, value_read)), {"value": clip(line)}
            )
        ]
    return Read(value_read, tuple(findings))


def _is_patronymic(word: str) -> bool:
    return word.lower().endswith(_PATRONYMIC_TAILS)
