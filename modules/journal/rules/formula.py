"""The arithmetic of a period's mark. Percentages are floats; the margin below keeps halves exact, because sums of
a school's points never come nearer to a half than 1e-7 without being it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from modules.journal.rules.years import Mode, Rule

_MARGIN = 1e-9


class Parts(NamedTuple):
    """What a pupil has in a period, summed: enough for the rule and cheap to read from the database."""

    fo_points: int = 0
    fo_count: int = 0
    sor_points: int = 0
    sor_maximum: int = 0
    sor_count: int = 0
    sor_percents: float = 0.0
    soch_points: int = 0
    soch_maximum: int = 0
    # Works the class has in the period: what a pupil has less of is missing, not absent by rule.
    sor_planned: int = 0
    soch_planned: int = 0

    @staticmethod
    def of(
        *,
        fo: Iterable[int] = (),
        sor: Iterable[tuple[int, int]] = (),
        soch: Iterable[tuple[int, int]] = (),
    ) -> Parts:
        points, works, tests = list(fo), list(sor), list(soch)
        return Parts(
            fo_points=sum(points),
            fo_count=len(points),
            sor_points=sum(p for p, _ in works),
            sor_maximum=sum(m for _, m in works),
            sor_count=len(works),
            sor_percents=sum(100 * p / m for p, m in works),
            soch_points=sum(p for p, _ in tests),
            soch_maximum=sum(m for _, m in tests),
            sor_planned=len(works),
            soch_planned=len(tests),
        )


class Recommendation(NamedTuple):
    """What the rule says. `mark` is final when all parts are there, else a forecast over the parts present.

    Flags: no_fo, no_sor, no_soch (a part the rule wants is missing), not_assessed (temporarily: СОР or СОЧ missing),
    nothing (no points at all).
    """

    fo: float | None
    sor: float | None
    soch: float | None
    total: float | None
    percent: int | None
    mark: str | None
    is_complete: bool
    flags: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True)
class Needed:
    """Points of the СОЧ that the mark takes: None when out of reach, 0 when safe already."""

    mark: str
    points: int | None
    maximum: int


def half_up(value: float) -> int:
    return math.floor(value + 0.5 + _MARGIN)


def whole_percent(total: float, rule: Rule) -> int:
    """The percentage that the bands are read with, rounded as the school does it."""
    return math.floor(total + _MARGIN) if rule.options.rounding == "down" else half_up(total)


def mark_of(percent: int, rule: Rule) -> str:
    return next(name for low, name in rule.bands if percent >= low)


def _percentages(parts: Parts, rule: Rule) -> tuple[float | None, float | None, float | None]:
    fo = 10.0 * parts.fo_points / parts.fo_count if parts.fo_count else None
    sor = None
    if parts.sor_count and parts.sor_maximum:
        if rule.options.sor_pooling == "mean":
            sor = parts.sor_percents / parts.sor_count
        else:
            sor = 100.0 * parts.sor_points / parts.sor_maximum
    soch = 100.0 * parts.soch_points / parts.soch_maximum if parts.soch_maximum else None
    return fo, sor, soch


def recommend(parts: Parts, rule: Rule) -> Recommendation:
    """Give the recommended mark of a period, or the forecast while something is missing."""
    fo, sor, soch = _percentages(parts, rule)
    if rule.mode is Mode.NONE:
        return Recommendation(fo, sor, soch, None, None, None, False, (), rule.version)
    wanted = (("no_fo", rule.fo, fo), ("no_sor", rule.sor, sor), ("no_soch", rule.soch, soch))
    if rule.mode is Mode.PASS_FAIL:
        percent = whole_percent(fo, rule) if fo is not None else None
        mark = None if percent is None else "pass" if percent >= rule.options.pass_from else "fail"
        lacking = () if mark else ("nothing",)
        return Recommendation(fo, sor, soch, fo, percent, mark, mark is not None, lacking, rule.version)
    weight, earned, flags = 0, 0.0, []
    for flag, share, value in wanted:
        if share and value is None:
            flags.append(flag)
        elif share and value is not None:
            weight += share
            earned += share * value
    if not weight:
        return Recommendation(fo, sor, soch, None, None, None, False, ("nothing",), rule.version)
    total = earned / weight
    percent = whole_percent(total, rule)
    if (rule.sor and parts.sor_count < max(parts.sor_planned, 1)) or (rule.soch and soch is None):
        flags.append("not_assessed")
    mark = mark_of(percent, rule)
    return Recommendation(fo, sor, soch, total, percent, mark, not flags, tuple(flags), rule.version)


def needed_points(
    parts: Parts, rule: Rule, *, soch_maximum: int, marks: Iterable[str] = ("3", "4", "5")
) -> list[Needed]:
    """How many points of a СОЧ of this maximum give each mark, all else as it stands. Empty without a СОЧ to come."""
    if rule.mode is not Mode.POINTS or not rule.soch or parts.soch_maximum or soch_maximum <= 0:
        return []
    fo, sor, _ = _percentages(parts, rule)
    have = [
        (share, value) for share, value in ((rule.fo, fo), (rule.sor, sor)) if share and value is not None
    ]
    weight = sum(share for share, _ in have) + rule.soch
    earned = sum(share * value for share, value in have)
    answer = []
    gift = 0 if rule.options.rounding == "down" else 0.5
    for mark in marks:
        wanted = (rule.threshold(mark) - gift) * weight - earned
        points = max(0, math.ceil(wanted / rule.soch * soch_maximum / 100 - _MARGIN))
        answer.append(Needed(mark, points if points <= soch_maximum else None, soch_maximum))
    return answer


def annual_mark(marks: Iterable[str | None]) -> str | None:
    """The mean of the periods' marks, half up (paragraph on the annual mark); None without any."""
    numbers = [int(m) for m in marks if m in {"2", "3", "4", "5"}]
    return str(half_up(sum(numbers) / len(numbers))) if numbers else None


def final_with_exam(annual: str, exam: str, *, share: int = 30) -> str:
    """The annual mark and the exam by their shares (the exam's in percent), half up."""
    return str(half_up(((100 - share) * int(annual) + share * int(exam)) / 100))
