"""Typical curricula, the rules of division into groups and the hours of a rate, by school year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from django.utils.translation import get_language

from tenants.reference.files import raw


def _in_russian() -> bool:
    return (get_language() or "kk").startswith("ru")


@dataclass(frozen=True, slots=True)
class Elective:
    """So many subjects are chosen of these, each with so many hours."""

    level: str
    hours: float
    choose: int
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypicalPlan:
    """Hours a week by subject for a grade. `since` is the first year of the edition, empty where none was read."""

    grade: int
    language: str
    direction: str
    since: str
    subjects: Mapping[str, float]
    electives: tuple[Elective, ...]
    variable: float
    maximum: float
    cap: float | None
    source: str

    @property
    def is_sourced(self) -> bool:
        """Whether the table was read from the order; the others are a working default to be replaced."""
        return self.source.startswith("S")


@cache
def typical_plans() -> tuple[TypicalPlan, ...]:
    """All known plans by grade, language and direction, the newest edition of each first."""
    found = [
        TypicalPlan(
            grade=row["grade"],
            language=row["language"],
            direction=row["direction"] or "",
            since=row.get("since") or "",
            subjects=MappingProxyType(dict(row["subjects"])),
            electives=tuple(
                Elective(one["level"], one["hours"], one["choose"], tuple(one["of"]))
                for one in row.get("electives") or ()
            ),
            variable=row["variable"],
            maximum=row["maximum"],
            cap=row["cap"],
            source=row["conf"],
        )
        for row in raw("curriculum")["plans"]
    ]
    found.sort(key=lambda one: one.since, reverse=True)
    return tuple(sorted(found, key=lambda one: (one.grade, one.language, one.direction)))


def typical_plan(*, year: str, grade: int, language: str, direction: str = "") -> TypicalPlan | None:
    """The edition in force in the year; where only later ones are known, the earliest of them."""
    known = [
        one
        for one in typical_plans()
        if (one.grade, one.language, one.direction) == (grade, language, direction)
    ]
    in_force = [one for one in known if one.since <= year]
    return in_force[0] if in_force else (known[-1] if known else None)


def directions(grade: int, language: str) -> tuple[str, ...]:
    """The directions among which a class of the grade chooses; empty where there is one plan for all."""
    found = dict.fromkeys(
        one.direction for one in typical_plans() if (one.grade, one.language) == (grade, language)
    )
    return tuple(one for one in found if one)


@dataclass(frozen=True, slots=True)
class DivisionRule:
    """When a class is divided into groups for a subject: what the law says for these levels, from so many pupils."""

    code: str
    levels: tuple[int, ...]
    from_grade: int
    must: bool
    town: int | None
    village: int | None
    by_sex: bool
    law_kk: str
    law_ru: str
    source: str

    @property
    def law(self) -> str:
        return self.law_ru if _in_russian() else self.law_kk

    @property
    def is_sourced(self) -> bool:
        return self.source.startswith("S")

    def holds_in(self, grade: int) -> bool:
        level = 1 if grade <= 4 else 5 if grade <= 9 else 10
        return level in self.levels and grade >= self.from_grade


@cache
def division_rules() -> Mapping[str, DivisionRule]:
    """Rules of division by the code that subjects name."""
    return MappingProxyType(
        {
            row["code"]: DivisionRule(
                code=row["code"],
                levels=tuple(row["levels"]),
                from_grade=row.get("from_grade", 1),
                must=row["must"],
                town=row.get("threshold_urban"),
                village=row.get("threshold_rural"),
                by_sex=row.get("by_sex", False),
                law_kk=row.get("law_kk", ""),
                law_ru=row.get("law_ru", ""),
                source=row["conf"],
            )
            for row in raw("subjects")["group_rules"]
        }
    )


@dataclass(frozen=True, slots=True)
class HoursOfRate:
    """So many hours a week are one rate."""

    hours: int
    law_kk: str
    law_ru: str

    @property
    def law(self) -> str:
        return self.law_ru if _in_russian() else self.law_kk


@cache
def hours_of_rate(year: str) -> HoursOfRate:
    """The hours of one rate in the school year."""
    row = [one for one in raw("workload")["rates"] if one["since"] <= year][-1]
    return HoursOfRate(row["hours"], row["law_kk"], row["law_ru"])


def lowered_by_a_need() -> int:
    """By how many pupils each child with special needs lowers the threshold of division."""
    return int(_groups()["special_need"])


@cache
def _groups() -> Mapping[str, Any]:
    return MappingProxyType(raw("workload")["groups"])
