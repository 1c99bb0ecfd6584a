"""The school year's mark and what follows from a 2: order 125 on annual and final marks, as pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class YearMarks:
    """A subject's marks of a year: of its periods, and those given after the teaching."""

    periods: tuple[str | None, ...]
    exam: str | None = None
    summative: str | None = None
    extra: str | None = None

    @property
    def annual(self) -> str | None:
        """The mean of the periods given so far; the year's mark once all are given."""
        return annual_mark(self.periods)

    @property
    def is_whole(self) -> bool:
        return bool(self.periods) and all(self.periods)

    def final(self, options: Options) -> str | None:
        """The final mark: the annual one, or with the exam, or with the work that a 2 for the year brings."""
        annual = self.annual
        if annual is None:
            return None
        later = self.extra or self.summative
        if annual == "2" and later:
            annual = after_work(annual, later)
        return final_with_exam(annual, self.exam, share=options.exam_share) if self.exam else annual


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
