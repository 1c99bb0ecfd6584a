"""БИН / БСН, the number of an organisation: registered when, whose kind, a serial and a check digit.

Source: rules of forming the number, government resolution 565 of 11.06.2003; schools-of-kazakhstan.md §7.5. The check
digit is that of the ИИН.
"""

from __future__ import annotations

from kernel.iin import check_digit

_KINDS = "456"
_PARTS = "0123"


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
