"""ИИН / ЖСН, the individual identification number: twelve digits with a check digit.

Source: government resolution 565 of 11.06.2003, rules of forming the number; schools-of-kazakhstan.md §7.5.
Synthetic people carry 7 (male) or 8 (female) as seventh digit, a century that has not begun.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_FIRST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURY = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
SYNTHETIC = {"7": "m", "8": "f"}


@dataclass(frozen=True, slots=True)
class Iin:
    """What the number says. `birth_date` is None for synthetic people: their century has not begun."""

    value: str
    birth_date: date | None
    sex: str | None
    synthetic: bool


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit, or None when such a number is never issued."""
    digits = [int(c) for c in first_eleven]
    for weights in (_FIRST, _SECOND):
        rest = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def check(
    value: str, *, synthetic_allowed: bool, real_allowed: bool = True, impossible_allowed: bool = False
) -> list[str]:
    """Codes of what is wrong, empty when the number is good.

    length, date, century, synthetic (a made-up number where only real people live), real (the other way about),
    checksum. Where somebody's number is taken in, `TenantRef.iin_problems` asks by the tenant. Copies for trials have
    made-up numbers with a wrong last digit (`impossible_allowed`).
    """
    if len(value) != 12 or not (value.isascii() and value.isdigit()):
        return ["length"]
    problems = []
    century = 2000 if value[6] in SYNTHETIC else _CENTURY.get(value[6])
    if value[6] in SYNTHETIC and not synthetic_allowed:
        problems.append("synthetic")
    if value[6] not in SYNTHETIC and not real_allowed:
        problems.append("real")
    if value[6] == "0":
        pass  # a foreigner: the date may be missing
    elif century is None:
        problems.append("century")
    elif not _date(value, century) and not (value[6] in SYNTHETIC and _date(value, 1900)):
        problems.append("date")
    if check_digit(value[:11]) != int(value[11]) and not (impossible_allowed and value[6] in SYNTHETIC):
        problems.append("checksum")
    return problems


def parse(value: str) -> Iin:
    """Read a number that `check` found good."""
    digit = value[6]
    if digit in SYNTHETIC:
        return Iin(value, None, SYNTHETIC[digit], synthetic=True)
    if digit == "0":
        return Iin(value, None, None, synthetic=False)
    return Iin(value, _date(value, _CENTURY[digit]), "m" if digit in "135" else "f", synthetic=False)


def synthetic(birth_date: date, sex: str, serial: int) -> str:
    """A number that nobody alive can own. `serial` 0-9999; numbers never issued are stepped over."""
    digit = "7" if sex == "m" else "8"
    for step in range(10_000):
        body = f"{birth_date:%y%m%d}{digit}{(serial + step) % 10_000:04d}"
        last = check_digit(body)
        if last is not None:
            return f"{body}{last}"
    raise ValueError("no number left for this day")


def mask(value: str) -> str:
    """How lists show a number: only the last four digits."""
    return "•" * 8 + value[-4:] if value else ""


def _date(value: str, century: int) -> date | None:
    try:
        return date(century + int(value[:2]), int(value[2:4]), int(value[4:6]))
    except ValueError:
        return None
