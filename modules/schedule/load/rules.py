"""When a class is divided, and how a teacher stands against the rate. Pure: figures in, words out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tenants import reference

# Groups from here on are circles of their own (a club, a child at home), not parts of the class.
OWN_CIRCLE = 51
MOST_PARTS = 4
# More than one and a half rates is by agreement only: practice, not law, so the school may set it.
MOST_RATES = Decimal("1.5")


@dataclass(frozen=True, slots=True)
class Division:
    """Whether a class is divided for a subject: `due` is must, may or no."""

    due: str
    pupils: int
    threshold: int | None
    needs: int
    by_sex: bool
    law: str
    is_sourced: bool


def division(
    *, subject_code: str, grade: int, pupils: int, needs: int = 0, in_village: bool = False
) -> Division | None:
    """What the law says of dividing so many pupils; None where it names no division for the subject."""
    subject = reference.subjects().get(subject_code)
    rule = reference.division_rules().get(subject.groups) if subject and subject.groups else None
    if rule is None or not rule.holds_in(grade):
        return None
    size = rule.village if in_village else rule.town
    threshold = None if size is None else size - needs * reference.lowered_by_a_need()
    is_large = threshold is not None and pupils >= threshold
    if is_large:
        due = "must" if rule.must else "may"
    else:
        due = "may" if rule.by_sex or (threshold is None and pupils > 1) else "no"
    return Division(due, pupils, threshold, needs, rule.by_sex, rule.law, rule.is_sourced)


def standing(*, hours: Decimal, norm: Decimal, most: Decimal) -> str:
    """none, under, full, over, or beyond the most that is given without an agreement."""
    if hours > most:
        return "beyond"
    if not hours:
        return "none"
    if hours == norm:
        return "full"
    return "over" if hours > norm else "under"
