"""A school's emblem for the demo: its number or first letter in a ring, drawn, not photographed."""

from __future__ import annotations

import typst

_COLOURS = ("#0f766e", "#1d4ed8", "#9a3412", "#6d28d9")
_EMBLEM = """
#set page(width: 40mm, height: 40mm, margin: 0mm, fill: none)
#let ink = rgb(sys.inputs.colour)
#let ray(turn) = rotate(turn, origin: center + horizon, box(width: 38mm, height: 38mm, place(top + center, polygon(
  fill: ink, (0mm, 0mm), (1.6mm, 4mm), (-1.6mm, 4mm)))))
#align(center + horizon, box(width: 38mm, height: 38mm, {
  for n in range(24) { place(top + left, ray(n * 15deg)) }
  place(center + horizon, circle(radius: 13mm, fill: white, stroke: 1.2mm + ink))
  place(center + horizon, text(size: 44pt, weight: "bold", fill: ink, sys.inputs.sign))
}))
"""


def emblem(sign: str, *, seed: int) -> bytes:
    """A square PNG with `sign` (a digit or two letters) inside a sun of the school's own colour."""
    made = typst.compile(
        _EMBLEM.encode(),
        format="png",
        ppi=144,
        sys_inputs={"sign": sign, "colour": _COLOURS[seed % len(_COLOURS)]},
    )
    return bytes(made[0] if isinstance(made, list) else made or b"")


def account_number(seed: int) -> str:
    """A number of a bank account that no bank has given out: its bank is 000; the check digits are right."""
    tail = f"000{seed:013d}"
    remainder = int(f"{tail}{int('K', 36)}{int('Z', 36)}00") % 97
    return f"KZ{98 - remainder:02d}{tail}"
