"""Days in the forms that are met: cells, numbers of Excel, points, slashes, words of both languages."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from imports.findings import NOTHING, Read, doubt, error
from imports.normalise.text import clean, clip
from kernel import clock

_MONTHS = {
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9,
    "окт": 10, "ноя": 11, "дек": 12,
    "қаң": 1, "кан": 1, "ақп": 2, "акп": 2, "нау": 3, "сәу": 4, "сау": 4, "мам": 5, "мау": 6, "шіл": 7,
    "шил": 7, "там": 8, "қыр": 9, "кыр": 9, "қаз": 10, "каз": 10, "қар": 11, "кар": 11, "жел": 12,
}  # fmt: skip
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_ISO = re.compile(r"^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$")
_OURS = re.compile(r"^(\d{1,2})[-./, ](\d{1,2})[-./, ](\d{4}|\d{2})$")
_EIGHT = re.compile(r"^(\d{2})(\d{2})(\d{4})$")
_WORDS = re.compile(r"[^\W\d_]{3,}|\d+")
_TAIL = re.compile(r"\s*(?:г(?:ода?)?|ж(?:ыл[ыі]?)?)\.?$", re.IGNORECASE)
_EPOCH = date(1899, 12, 30)


def day(value: Any) -> Read:
    """Any day, as ISO text."""
    if isinstance(value, datetime):
        return _sane(value.date(), clean(value))
    if isinstance(value, date):
        return _sane(value, clean(value))
    if isinstance(value, float | int) and not isinstance(value, bool):
        return _serial(float(value))
    line = _TAIL.sub("", _TIME.sub("", clean(value))).strip()
    if not line:
        return NOTHING
    if found := _ISO.match(line):
        return _made(int(found[1]), int(found[2]), int(found[3]), line)
    if found := _OURS.match(line):
        return _ours(int(found[1]), int(found[2]), found[3], line)
    if found := _EIGHT.match(line):
        if 1900 <= int(found[3]) <= 2100:
            return _made(int(found[3]), int(found[2]), int(found[1]), line)
        return _made(int(line[:4]), int(line[4:6]), int(line[6:]), line)
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", line):
        return _serial(float(line.replace(",", ".")))
    return _in_words(line)


def past_day(value: Any) -> Read:
    """A day that should have come. A later one is doubtful, and more than a year ahead it is left out."""
    read = day(value)
    if read.value is None:
        return read
    found = date.fromisoformat(read.value)
    if found > clock.today() + timedelta(days=366):
        return doubt("date_far", None, value=shown(read.value))
    if found > clock.today():
        return doubt("date_future", read.value, value=shown(read.value))
    return read


def birth_date(value: Any) -> Read:
    """A day on which somebody now alive was born."""
    read = day(value)
    if read.value is None:
        return read
    born = date.fromisoformat(read.value)
    if born > clock.today() or born.year < clock.today().year - 110:
        return error("date_far", value=born.strftime("%d.%m.%Y"))
    return read


def shown(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d.%m.%Y")


def _serial(number: float) -> Read:
    if not 1 <= number < 80_000:
        return error("date_unread", value=clean(number))
    return _sane(_EPOCH + timedelta(days=int(number)), clean(number))


def _ours(first: int, second: int, year: str, line: str) -> Read:
    if len(year) == 2:
        limit = clock.today().year % 100 + 10
        full = int(year) + (2000 if int(year) <= limit else 1900)
        read = _made(full, second, first, line)
        if read.value is None:
            return read
        return doubt("date_two_digits", read.value, suggestion=shown(read.value))
    read = _made(int(year), second, first, line)
    if read.value is None and second > 12 and first <= 12:
        turned = _made(int(year), first, second, line)
        if turned.value:
            return doubt("date_month_first", turned.value, suggestion=shown(turned.value))
    return read


def _in_words(line: str) -> Read:
    """“1 сентября 2015 г.”, “2015 жылғы 1 қыркүйек”, “қыркүйектің 1-і, 2015”."""
    numbers, month = [], 0
    for word in _WORDS.findall(line.lower()):
        if word.isdigit():
            numbers.append(int(word))
        elif not month:
            month = _MONTHS.get(word[:3], 0)
    years = [n for n in numbers if 1900 <= n <= 2100]
    days = [n for n in numbers if 1 <= n <= 31]
    if not month or len(years) != 1 or len(days) != 1 or len(numbers) != 2:
        return error("date_unread", value=clip(line))
    return _made(years[0], month, days[0], line)


def _made(year: int, month: int, number: int, line: str) -> Read:
    try:
        return _sane(date(year, month, number), line)
    except ValueError:
        return error("date_impossible", value=clip(line))


def _sane(found: date, line: str) -> Read:
    if not 1900 <= found.year <= 2100:
        return error("date_far", value=clip(line))
    return Read(found.isoformat())
