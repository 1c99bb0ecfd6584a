"""The school year's mark and what follows from a 2: order 125 on annual and final marks, as pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from modules.journal.rules.formula import annual_mark, final_with_exam, half_up
from modules.journal.rules.years import Options

_EXAM_GRADES = frozenset({9, 11, 12})  # final attestation: grades 9 (10) and 11 (12)
_REPEATS_FROM = 3  # a 2 for the year in so many subjects: the year is repeated


class Outcome(StrEnum):
    """What becomes of a pupil with a 2 for the year."""

    SUMMATIVE = "summative"  # a summative assessment for the school year
    EXTRA = "extra"  # again a 2: an additional one before the new school year
    REPEATS = "repeats"
    CLEARED = "cleared"  # the later work took the 2 away


# Kind and number of a period.
Period = tuple[str, int]
QUARTERS, HALVES = (1, 2, 3, 4), (1, 2)


@dataclass(frozen=True, slots=True)
class YearMarks:
    """A subject's marks of a year: of its periods, and those given after the teaching."""

    periods: tuple[str | None, ...]
    exam: str | None = None
    summative: str | None = None
    extra: str | None = None

    @classmethod
    def of(cls, given: Mapping[Period, str], later: Mapping[str, str], *, first_quarter: int = 1) -> Self:
        """Out of the marks by period, and by kind those after the teaching ("exam", "year", "extra").

        Periods that were over before the pupil came, in `first_quarter`, are asked only where a mark was brought.
        """
        asked = (mark for quarter, mark in _periods(given) if mark is not None or quarter >= first_quarter)
        return cls(tuple(asked), later.get("exam"), later.get("year"), later.get("extra"))

    @property
    def annual(self) -> str | None:
        """The mean of the periods given so far; the year's mark once all are given."""
        return annual_mark(self.periods)

    @property
    def is_whole(self) -> bool:
        """Every period has its mark, and in none of them is he still to be assessed."""
        return bool(self.periods) and all(self.periods) and "na" not in self.periods

    def settled(self, options: Options) -> str | None:
        """The annual mark, or the year's pass or fail; None until the year is whole."""
        if not self.is_whole:
            return None
        if set(self.periods) == {"exempt"}:
            return "exempt"
        return self.annual or annual_pass(self.periods, options)

    def final(self, options: Options) -> str | None:
        """The final mark: the annual one, or with the exam, or with the work that a 2 for the year brings."""
        annual = self.annual
        if annual is None:
            return None
        later = self.extra or self.summative
        if annual == "2" and later:
            annual = after_work(annual, later)
        return final_with_exam(annual, self.exam, share=options.exam_share) if self.exam else annual

    def result(self, options: Options) -> str | None:
        """The mark that counts as the year's wherever years are told or counted; None until the year is whole.

        It is the annual one until an exam, or a work after a 2, has given another.
        """
        annual = self.settled(options)
        return self.final(options) or annual if annual is not None else None


def _periods(given: Mapping[Period, str]) -> list[tuple[int, str | None]]:
    """The year's periods by the quarter that ends them. One that was begun by quarters and went on by half-years, or the
    other way, has both: a half-year without its own mark is the mean of its quarters."""
    quarters = [given.get(("quarter", n)) for n in QUARTERS]
    halves = [given.get(("half_year", n)) for n in HALVES]
    if all(quarters) or not any(halves):
        return list(zip(QUARTERS, quarters, strict=True))
    found = []
    for n, half in zip(HALVES, halves, strict=True):
        own = YearMarks(tuple(quarters[2 * n - 2 : 2 * n]))
        found.append((2 * n, half or own.settled(Options())))
    return found


def first_quarter(ends: Iterable[date], since: date) -> int:
    """The quarter in which a pupil came, out of the last days of all four."""
    return 1 + sum(end < since for end in ends)


def takes_exams(grade: int) -> bool:
    return grade in _EXAM_GRADES


def after_work(annual: str, work: str) -> str:
    """The mean of the annual mark and of the summative assessment for the year, half up."""
    return str(half_up((int(annual) + int(work)) / 2))


def annual_pass(periods: Iterable[str | None], options: Options) -> str | None:
    """The year's result of a pass/fail subject, as the school chose: of all its periods, or of the last."""
    given = [one for one in periods if one in {"pass", "fail"}]
    if not given:
        return None
    if options.year_pass == "all":  # noqa: S105 - a code, not a password
        return "pass" if all(one == "pass" for one in given) else "fail"
    return given[-1]


def failed(subjects: Mapping[str, YearMarks]) -> list[str]:
    """Subjects with a 2 for the year."""
    return [code for code, marks in subjects.items() if marks.annual == "2"]


def outcome(subjects: Mapping[str, YearMarks], options: Options) -> Outcome | None:
    """What follows for a pupil; None without a 2 for the year."""
    twos = failed(subjects)
    if not twos:
        return None
    if len(twos) >= _REPEATS_FROM:
        return Outcome.REPEATS
    standing = [subjects[code] for code in twos if subjects[code].final(options) == "2"]
    if not standing:
        return Outcome.CLEARED
    if any(one.extra for one in standing):
        return Outcome.REPEATS
    if any(one.summative for one in standing):
        return Outcome.EXTRA
    return Outcome.SUMMATIVE
