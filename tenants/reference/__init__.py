"""Reference data of the country, the same for all schools: subjects, calendars, curricula, codes and names.

The YAML files beside this module carry the source and the confidence of each row. Read once by a process; every
value is frozen. What a school may change (its own calendar, its own curriculum) is copied into the school.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from django.utils.translation import get_language

from tenants.reference.curricula import (
    DivisionRule,
    Elective,
    TypicalPlan,
    directions,
    division_rules,
    hours_of_rate,
    lowered_by_a_need,
    typical_plan,
    typical_plans,
)
from tenants.reference.files import raw
from tenants.reference.timetable import Demand, demands, lessons_a_day

__all__ = [
    "Demand",
    "DivisionRule",
    "Elective",
    "SchoolYear",
    "Span",
    "Subject",
    "Term",
    "TypicalPlan",
    "days_off",
    "demands",
    "directions",
    "division_rules",
    "hours_of_rate",
    "in_holidays",
    "is_working_day",
    "lessons_a_day",
    "lowered_by_a_need",
    "places",
    "plan",
    "raw",
    "school_year",
    "school_years",
    "subject",
    "subjects",
    "term",
    "terms",
    "typical_plan",
    "typical_plans",
    "working_day_after",
]


@dataclass(frozen=True, slots=True)
class Term:
    """A code with its names in both languages."""

    code: str
    name_kk: str
    name_ru: str
    extra: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        return self.name_ru if (get_language() or "kk").startswith("ru") else self.name_kk

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Subject:
    """A school subject. `mode_in(grade)` is none, passfail or points (order 125, paragraphs 7 and 16)."""

    code: str
    name_kk: str
    name_ru: str
    short_kk: str
    short_ru: str
    grades: tuple[int, ...]
    area: str
    assessment_mode: str
    assessment_by_grade: Mapping[int, str]
    has_sor: bool
    has_soch: bool
    half_year_when_1h: bool
    groups: str

    @property
    def name(self) -> str:
        return self.name_ru if (get_language() or "kk").startswith("ru") else self.name_kk

    @property
    def short(self) -> str:
        return self.short_ru if (get_language() or "kk").startswith("ru") else self.short_kk

    def mode_in(self, grade: int) -> str:
        return self.assessment_by_grade.get(grade, self.assessment_mode)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Span:
    number: int
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """The ministry's calendar of one school year; dates inclusive."""

    code: str
    start: date
    end: date
    quarters: tuple[Span, ...]
    grade1_break: Span | None
    source: str
    # When the grades that leave are examined, by grade; empty where the ministry's days are not known.
    exams: Mapping[int, Span] = field(default_factory=dict)


@cache
def subjects() -> Mapping[str, Subject]:
    """Subjects by code, in the order of the curriculum."""
    return MappingProxyType(
        {
            row["code"]: Subject(
                code=row["code"],
                name_kk=row["name_kk"],
                name_ru=row["name_ru"],
                short_kk=row["short_kk"],
                short_ru=row["short_ru"],
                grades=tuple(row["grades"]),
                area=row["area"],
                assessment_mode=row["assessment_mode"],
                assessment_by_grade=MappingProxyType(row["assessment_by_grade"] or {}),
                has_sor=row["has_sor"],
                has_soch=row["has_soch"],
                half_year_when_1h=row["half_year_when_1h"],
                groups=row["groups"] or "",
            )
            for row in raw("subjects")["subjects"]
        }
    )


def subject(code: str) -> Subject:
    """The subject with the code; raises KeyError."""
    return subjects()[code]


@cache
def school_years() -> Mapping[str, SchoolYear]:
    """Calendars by code ("2026-27"), oldest first."""
    years = {}
    for row in raw("school-calendars")["school_years"]:
        one = row.get("grade1_break")
        years[row["code"]] = SchoolYear(
            code=row["code"],
            start=_day(row["start"]),
            end=_day(row["end"]),
            quarters=tuple(Span(q["n"], _day(q["start"]), _day(q["end"])) for q in row["quarters"]),
            grade1_break=Span(0, _day(one["start"]), _day(one["end"])) if one else None,
            source=row["conf"],
            exams={
                grade: Span(0, _day(days["start"]), _day(days["end"]))
                for grade in EXAMS
                if (days := row.get(f"exams_{grade}"))
            },
        )
    return MappingProxyType(years)


def school_year(code: str) -> SchoolYear:
    """The calendar of the year; raises KeyError when the ministry's order is not among the reference data."""
    return school_years()[code]


@cache
def days_off() -> Mapping[date, Term]:
    """Public holidays and the working days moved off for them (five-day week), by date."""
    days = {}
    for row in raw("public-holidays")["holidays"]:
        term = Term(row["code"], row["name_kk"], row["name_ru"], MappingProxyType(row))
        days[_day(row["date"])] = term
        if row.get("extra_day_off_5day_week"):
            days[_day(row["extra_day_off_5day_week"])] = term
    for row in raw("public-holidays")["swaps"]:
        days[_day(row["day_off"])] = Term(row["code"], "Ауыстырылған демалыс", "Перенесённый выходной")
    return MappingProxyType(days)


@dataclass(frozen=True, slots=True)
class DayOff:
    """A public holiday, or the working day freed for it; `instead` is the day worked for a day off that was swapped."""

    code: str
    day: date
    term: Term
    is_for_six_days: bool
    instead: date | None = None


@cache
def public_days() -> tuple[DayOff, ...]:
    """All days off of the country by date, with what a six-day week has of them (only a Sunday's holiday moves)."""
    found = []
    for row in raw("public-holidays")["holidays"]:
        term, day = Term(row["code"], row["name_kk"], row["name_ru"]), _day(row["date"])
        found.append(DayOff(row["code"], day, term, is_for_six_days=True))
        if row.get("extra_day_off_5day_week"):
            extra = _day(row["extra_day_off_5day_week"])
            found.append(DayOff(f"{row['code']}_moved", extra, term, is_for_six_days=day.isoweekday() == 7))
    for row in raw("public-holidays")["swaps"]:
        day = _day(row["day_off"])
        found.append(
            DayOff(row["code"], day, days_off()[day], is_for_six_days=True, instead=_day(row["working_day"]))
        )
    return tuple(sorted(found, key=lambda one: (one.day, one.code)))


@cache
def named_days() -> Mapping[str, Term]:
    """Names of the days that a school takes from the reference data, by their codes."""
    named = [GRADE1_BREAK, *EXAMS.values()]
    return MappingProxyType({one.code: one.term for one in public_days()} | {one.code: one for one in named})


EXAMS: Mapping[int, Term] = {
    9: Term("exams_9", "9-сыныптың қорытынды емтихандары", "Итоговые экзамены 9 класса"),
    11: Term("exams_11", "11-сыныптың қорытынды емтихандары", "Итоговые экзамены 11 класса"),
}
GRADE1_BREAK = Term("grade1_break", "1-сыныптың қосымша демалысы", "Дополнительные каникулы 1 класса")


@cache
def _working_swaps() -> frozenset[date]:
    return frozenset(_day(row["working_day"]) for row in raw("public-holidays")["swaps"])


def is_working_day(day: date) -> bool:
    """Monday to Friday less the days off, with the days moved to be worked: how terms of the law are counted."""
    return day in _working_swaps() or (day.weekday() < 5 and day not in days_off())


def working_day_after(day: date, number: int) -> date:
    """The day on which a term of `number` working days ends that begins the day after `day`."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day


def in_holidays(day: date) -> bool:
    """Whether pupils have holidays by the ministry's calendar: outside every quarter of the known years."""
    return not any(
        span.start <= day <= span.end for year in school_years().values() for span in year.quarters
    )


@cache
def plan(grade: int, language: str, direction: str = "") -> Mapping[str, float]:
    """Hours a week by subject code of the typical curriculum; empty when there is none for the grade."""
    for row in raw("curriculum")["plans"]:
        if row["grade"] == grade and row["language"] == language and (row["direction"] or "") == direction:
            return MappingProxyType(dict(row["subjects"]))
    return MappingProxyType({})


@cache
def terms(kind: str) -> Mapping[str, Term]:
    """Coded terms by code: posts, privileges, nationalities, languages, education_levels, categories, awards …"""
    files = {
        "posts": "posts",
        "privileges": "privileges",
        "nationalities": "nationalities",
        "languages": "languages",
        "education_levels": "education-levels",
        "categories": "qualification-categories",
        "awards": "awards",
        "leave_kinds": "leave-kinds",
        "dismissal_grounds": "dismissal-grounds",
        "preferential": "pension-age",
        "arrival": "movement-reasons",
        "departure": "movement-reasons",
        "inside_school": "movement-reasons",
        "transfer_grounds": "movement-reasons",
        "certificate_destinations": "certificate-destinations",
    }
    return MappingProxyType(
        {
            row["code"]: Term(row["code"], row["name_kk"], row["name_ru"], MappingProxyType(row))
            for row in raw(files[kind])[kind]
        }
    )


def term(kind: str, code: str) -> Term:
    return terms(kind)[code]


@cache
def places() -> Mapping[str, Term]:
    """Regions, districts and settlements by КАТО code."""
    rows = [
        row
        for part in ("regions", "karaganda_units", "karkaraly_units")
        for row in raw("kato-karaganda")[part]
    ]
    return MappingProxyType(
        {str(r["code"]): Term(str(r["code"]), r["name_kk"], r["name_ru"]) for r in rows if r["code"]}
    )


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
