"""БИН / БСН, the number of an organisation: registered when, whose kind, a serial and a check digit.

Source: rules of forming the number, government resolution 565 of 11.06.2003; schools-of-kazakhstan.md §7.5. The check
digit is that of the ИИН.
"""

from __future__ import annotations

import re

from kernel.iin import check_digit

_KINDS = "456"
_PARTS = "0123"


IIK = re.compile(r"KZ\d{2}[0-9A-Z]{16}")  # twenty signs: National Bank's rules on the structure of accounts


def is_iik(value: str) -> bool:
    """ИИК / ЖСК, an account number in the form of IBAN: the remainder by 97 is 1 when all its signs are right."""
    if not IIK.fullmatch(value):
        return False
    turned = value[4:] + value[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def bin_faults(value: str) -> list[str]:
    """Codes of what is wrong: length, month, kind, checksum. Empty when the number is good."""
    if len(value) != 12 or not (value.isascii() and value.isdigit()):
        return ["length"]
    faults = []
    if not 1 <= int(value[2:4]) <= 12:
        faults.append("month")
    if value[4] not in _KINDS or value[5] not in _PARTS:
        faults.append("kind")
    if check_digit(value[:11]) != int(value[11]):
        faults.append("checksum")
    return faults
