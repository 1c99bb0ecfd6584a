"""Reference data hold together: every code that one file names stands in the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from modules.schedule.models import Room
from tenants import reference


def test_every_plan_names_known_subjects_taught_in_its_grade() -> None:
    for row in reference.raw("curriculum")["plans"]:
        for code in row["subjects"]:
            assert row["grade"] in reference.subject(code).grades, (row["code"], code)


def test_quarters_follow_each_other_inside_the_year() -> None:
    for year in reference.school_years().values():
        assert [q.number for q in year.quarters] == [1, 2, 3, 4]
        for before, after in zip(year.quarters, year.quarters[1:], strict=False):
            assert before.end < after.start
            assert after.start - before.end >= timedelta(days=7), year.code
        assert year.start == year.quarters[0].start
        assert year.end >= year.quarters[-1].end


@pytest.mark.parametrize(
    "kind",
    [
        "posts",
        "privileges",
        "nationalities",
        "languages",
        "education_levels",
        "categories",
        "arrival",
        "departure",
        "awards",
        "leave_kinds",
        "dismissal_grounds",
        "preferential",
    ],
)
def test_terms_are_named_in_both_languages(kind: str) -> None:
    for term in reference.terms(kind).values():
        assert term.name_kk, term.code
        assert term.name_ru, term.code


def test_grade_one_is_not_graded() -> None:
    assert {reference.subject(code).mode_in(1) for code in reference.plan(1, "kk")} == {"none"}


def test_holidays_are_days_off() -> None:
    assert any(day.month == 12 and day.day == 16 for day in reference.days_off())
    assert reference.places()["354800000"].name_ru


def test_what_a_timetable_asks_names_known_subjects_and_rooms() -> None:
    taught = {code for code, one in reference.subjects().items() if max(one.grades) > 0}
    assert set(reference.demands()) <= taught
    assert all(1 <= one.difficulty <= 13 for one in reference.demands().values())
    assert {one.room for one in reference.demands().values()} <= set(Room.Kind)
    assert set(reference.lessons_a_day()) == set(range(12))
