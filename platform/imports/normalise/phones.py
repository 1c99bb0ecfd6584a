"""Phones of Kazakhstan in one form, +7XXXXXXXXXX; e-mail addresses."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from imports.findings import NOTHING, Read, doubt
from imports.normalise.text import clean, clip

_SEVERAL = re.compile(r"[,;/]|\s(?=\+7|8[\s(-]*7)|\bили\b|\bне?месе\b")


_BEHIND = re.compile(
    r"[\s,;:(]+(?:(?:тел|сот|моб|ұялы)\w*[.:\s]*)?((?:\+\s?7|8|7)[\d\s()-]{9,18})\)?$", re.IGNORECASE
)


def phone_behind(line: str) -> tuple[str, str]:
    """A name and the number that stands behind it in the same cell; the line as it is when none does."""
    found = _BEHIND.search(line)
    number = _number(found[1]) if found else ""
    return (line[: found.start()], number) if found and number else (line, "")


def phone(value: Any) -> Read:
    """+77051112233. A cell without a number gives nothing and a doubt."""
    line = clean(value)
    if not line or line in {"-", "—", "–"}:
        return NOTHING
    parts = [part for part in _SEVERAL.split(line) if part and part.strip()]
    numbers = [number for number in map(_number, parts) if number]
    if not numbers:
        whole = _number(line)
        return Read(whole) if whole else doubt("phone_unread", None, value=clip(line))
    if len(set(numbers)) > 1:
        return doubt("phone_several", numbers[0], suggestion=numbers[0])
    return Read(numbers[0])


def _number(line: str) -> str:
    digits = re.sub(r"\D", "", line)
    if len(digits) == 11 and digits[0] in "78":
        digits = digits[1:]
    return f"+7{digits}" if len(digits) == 10 and digits[0] in "67" else ""


def email(value: Any) -> Read:
    line = clean(value).strip("<>;, ").lower()
    if not line or line in {"-", "—", "–"}:
        return NOTHING
    try:
        validate_email(line)
    except ValidationError:
        return doubt("email_unread", None, value=clip(line))
    return Read(line) if len(line) <= 150 else doubt("email_unread", None, value=clip(line))
