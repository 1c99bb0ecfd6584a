"""When a class is divided. Pure: figures in, words out."""

from __future__ import annotations

from decimal import Decimal

from modules.schedule.load.data import OWN_CIRCLE, Division
from tenants import reference

__all__ = ["MOST_PARTS", "MOST_RATES", "OWN_CIRCLE", "Division", "division"]

MOST_PARTS = 4
# More than one and a half rates is by agreement only: practice, not law, so the school may set it.
MOST_RATES = Decimal("1.5")


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
