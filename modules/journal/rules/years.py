"""The rules as data. Each value names its source; those that the order's text did not settle for us are options
of the school, with the default in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Literal


class Mode(StrEnum):
    """How a subject is assessed in a grade."""

    NONE = "none"
    PASS_FAIL = "passfail"  # noqa: S105 - a code, not a password
    POINTS = "points"


PeriodKind = Literal["quarter", "half_year"]


@dataclass(frozen=True, slots=True)
class Options:
    """What the order leaves open, or what we could not read in it. A school may set these otherwise: each is the
    setting "journal.<name>", with its source in panels.py."""

    # Several СОР: all points over all maxima ("pooled"), or the mean of their percentages ("mean").
    sor_pooling: Literal["pooled", "mean"] = "pooled"
    # Shares of ФО and СОР in a half-year subject (paragraph 28 names the parts, not the shares).
    half_year_fo: int = 50
    # The percentage of a period before its mark: half up to a whole one, or down.
    rounding: Literal["half_up", "down"] = "half_up"
    # A pass/fail subject with ФО points: recommended "pass" from this percentage.
    pass_from: int = 40
    # Maximum of a СОЧ that is not planned yet, for "how many points are needed" (published task books use 25).
    usual_soch: int = 25
    # Fine art and labour training, in the plan of grades 1-4 since 01.09.2025: paragraph 16 names only the subject
    # that they replaced.
    primary_arts: Literal["points", "passfail"] = "points"
    # Share of the exam in the final mark of grades 9 and 11, in percent.
    exam_share: int = 30
    # The year's result of a pass/fail subject: of all its periods, or of the last one.
    year_pass: Literal["last", "all"] = "last"  # noqa: S105 - a code, not a password


@dataclass(frozen=True, slots=True)
class Rule:
    """Shares of the parts in percent, and the lowest whole percentage of each mark. `version` is kept with a mark."""

    version: str
    mode: Mode
    period: PeriodKind
    fo: int
    sor: int
    soch: int
    bands: tuple[tuple[int, str], ...]
    options: Options
    source: str

    def threshold(self, mark: str) -> int:
        return next(low for low, name in self.bands if name == mark)


# Annex 1 to the rules of order 125, grades 2 to 11 (12): highest first.
BANDS = ((85, "5"), (65, "4"), (40, "3"), (0, "2"))

# (first school year, version, shares of ФО / СОР / СОЧ in a quarter, source)
_QUARTER_SHARES: tuple[tuple[str, str, tuple[int, int, int], str], ...] = (
    ("2022-23", "125-2022", (25, 25, 50), "Order 125 of 18.03.2008: FO, SOR and SOCH in the quarter's mark"),
    ("0000-00", "125-2017", (0, 50, 50), "Order 125 of 18.03.2008, earlier edition: SOR and SOCH in halves"),
)
_PRIMARY_ARTS = frozenset({"visual_arts", "labour_training"})
_FEW_HOURS = 1  # paragraph 28: subjects of one hour a week are marked by half-years, from ФО and СОР

_SOR_A_QUARTER = 3  # at most so many СОР of a subject in a quarter
_SOR_PRIMARY = (7, 15)  # maximum of one СОР in grades 1-4
_SOR_LATER = (1, 100)
_SOCH_A_DAY = 3  # at most so many СОЧ of a class in a day


def is_pass_or_fail_here(subject_code: str, options: Options) -> bool:
    """Whether the school has chosen pass or fail for a subject of which the order does not say."""
    return subject_code in _PRIMARY_ARTS and options.primary_arts == "passfail"


def period_kind(*, half_year_when_1h: bool, hours: float) -> PeriodKind:
    """Whether the subject is marked by quarters or by half-years, at so many hours a week."""
    return "half_year" if half_year_when_1h and hours <= _FEW_HOURS else "quarter"


@cache
def rule_for(
    *,
    year: str,
    mode: str,
    period: PeriodKind,
    has_sor: bool = True,
    has_soch: bool = True,
    options: Options | None = None,
) -> Rule:
    """The rule in force in the school year for a subject so assessed. Shares of parts it has not fall to the rest."""
    chosen = options or Options()
    _since, version, shares, source = next(row for row in _QUARTER_SHARES if year >= row[0])
    fo, sor, soch = shares
    if period == "half_year":
        version, source = f"{version}-half", "Order 125, paragraph 28: FO and SOR, without SOCH"
        fo, sor, soch = chosen.half_year_fo, 100 - chosen.half_year_fo, 0
    if not has_sor:
        sor = 0
    if not has_soch:
        soch = 0
    if not (fo or sor or soch):
        fo = 100
    if chosen != Options():
        version = f"{version}+own"  # which choices: the security log knows when each was made
    return Rule(version, Mode(mode), period, fo, sor, soch, BANDS, chosen, source)


def sor_bounds(grade: int) -> tuple[int, int]:
    """The least and the greatest maximum that one СОР may have in the grade."""
    return _SOR_PRIMARY if grade <= 4 else _SOR_LATER


def daily_soch_limit() -> int:
    return _SOCH_A_DAY


def quarterly_sor_limit() -> int:
    return _SOR_A_QUARTER
