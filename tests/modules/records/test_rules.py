"""The balance: what was, who came, who left, what is. Without a database."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from modules.contingent.data import LeaveInfo, MovementInfo, PupilInfo, StayInfo, Whereabouts
from modules.records import rules
from modules.records.rules import Roll, Row, Term

pytestmark = pytest.mark.requirement("SIS-45")
SEVEN, OTHER = uuid4(), uuid4()
NOVEMBER = Term("m11", "", date(2026, 10, 31), date(2026, 11, 30))


def stay(
    pupil: UUID, since: str, until: str | None = None, into: UUID = SEVEN, year: str = "2026-27"
) -> StayInfo:
    return StayInfo(
        pupil, into, year, date.fromisoformat(since), date.fromisoformat(until) if until else None
    )


def move(pupil: UUID, way: str, day: str, school_class: UUID = SEVEN) -> MovementInfo:
    return MovementInfo(
        id=None,
        pupil=PupilInfo(pupil, "А", "Б", "", "m", date(2013, 1, 1)),
        direction=way,
        day=date.fromisoformat(day),
        class_label="7А",
        grade=7,
        class_id=school_class,
        whereabouts=Whereabouts(),
    )


def roll(
    stays: list[StayInfo],
    arrivals: tuple[MovementInfo, ...] = (),
    departures: tuple[MovementInfo, ...] = (),
    leaves: tuple[LeaveInfo, ...] = (),
) -> Roll:
    return Roll(stays, arrivals=arrivals, departures=departures, leaves=leaves)


def test_who_stays_counts_at_both_ends() -> None:
    found = roll([stay(uuid4(), "2026-09-01")]).balance(NOVEMBER)
    assert found.whole == Row(start=1, end=1)
    assert found.adds_up


def test_one_comes_and_one_goes() -> None:
    new, old = uuid4(), uuid4()
    found = roll(
        [stay(new, "2026-11-10"), stay(old, "2026-09-01", "2026-11-20")],
        (move(new, "in", "2026-11-10"),),
        (move(old, "out", "2026-11-20"),),
    ).balance(NOVEMBER)
    assert found.whole == Row(start=1, arrived=1, departed=1, end=1)
    assert found.classes[SEVEN] == Row(start=1, arrived=1, departed=1, end=1)
    assert found.adds_up


def test_the_last_day_of_a_month_belongs_to_that_month() -> None:
    """He is at school on the 30th and does not stand at the end of the month any more."""
    old = uuid4()
    one = roll([stay(old, "2026-09-01", "2026-11-30")], departures=(move(old, "out", "2026-11-30"),))
    assert one.balance(NOVEMBER).whole == Row(start=1, departed=1, end=0)
    december = Term("m12", "", date(2026, 11, 30), date(2026, 12, 31))
    assert one.balance(december).whole == Row()


def test_who_comes_and_leaves_within_the_term_adds_up() -> None:
    one = uuid4()
    found = roll(
        [stay(one, "2026-11-05", "2026-11-15")],
        (move(one, "in", "2026-11-05"),),
        (move(one, "out", "2026-11-15"),),
    ).balance(NOVEMBER)
    assert found.whole == Row(arrived=1, departed=1)
    assert found.adds_up


def test_another_class_changes_classes_and_not_the_school() -> None:
    one = uuid4()
    found = roll([stay(one, "2026-09-01", "2026-11-15"), stay(one, "2026-11-16", into=OTHER)]).balance(
        NOVEMBER
    )
    assert found.whole == Row(start=1, end=1)
    assert found.classes == {SEVEN: Row(start=1, moved_out=1), OTHER: Row(moved_in=1, end=1)}
    assert found.adds_up


def test_a_leave_is_no_departure() -> None:
    one = uuid4()
    stays = [stay(one, "2026-09-01", "2026-11-09"), stay(one, "2026-12-07")]
    leaves = (LeaveInfo(one, date(2026, 11, 10), date(2026, 12, 7)),)
    away = roll(stays, leaves=leaves)
    assert away.balance(NOVEMBER).whole == Row(start=1, moved_out=1, end=0)
    back = away.balance(Term("m12", "", date(2026, 11, 30), date(2026, 12, 31)))
    assert back.whole == Row(moved_in=1, end=1)
    assert away.balance(NOVEMBER).adds_up
    assert back.adds_up


def test_who_departs_from_a_leave_adds_up() -> None:
    one = uuid4()
    found = roll(
        [stay(one, "2026-09-01", "2026-10-04")],
        departures=(move(one, "out", "2026-11-20"),),
        leaves=(LeaveInfo(one, date(2026, 10, 5), date(2026, 11, 21)),),
    ).balance(NOVEMBER)
    assert found.whole == Row(moved_in=1, departed=1)
    assert found.adds_up


def test_the_summer_is_no_gap() -> None:
    """The place of the old year ends in May, that of the new one begins in September: nobody left."""
    one = uuid4()
    summer = Term("summer", "", date(2026, 5, 25), date(2026, 8, 31))
    found = roll(
        [stay(one, "2025-09-01", "2026-05-25", year="2025-26"), stay(one, "2026-09-01", into=OTHER)]
    ).balance(summer)
    assert found.whole == Row(start=1, end=1)
    assert found.adds_up


class TestWhereItDoesNotAddUp:
    def test_in_a_class_without_an_arrival(self) -> None:
        one = uuid4()
        found = roll([stay(one, "2026-11-10")]).balance(NOVEMBER)
        assert not found.adds_up
        assert [(s.pupil_id, s.surplus) for s in found.strays] == [(one, 1)]

    def test_arrived_and_in_no_class(self) -> None:
        one = uuid4()
        found = roll([], (move(one, "in", "2026-11-10"),)).balance(NOVEMBER)
        assert not found.adds_up
        assert [(s.pupil_id, s.surplus) for s in found.strays] == [(one, -1)]

    def test_two_faults_that_hide_each_other_in_the_sum_are_named(self) -> None:
        ghost, lost = uuid4(), uuid4()
        found = roll([stay(ghost, "2026-11-10")], (move(lost, "in", "2026-11-10"),)).balance(NOVEMBER)
        assert found.whole.adds_up
        assert not found.adds_up
        assert {s.pupil_id for s in found.strays} == {ghost, lost}


class TestTerms:
    ENDS = (("q1", "", date(2026, 10, 25)), ("q2", "", date(2026, 12, 27)))

    def test_they_follow_each_other_and_the_running_one_closes_today(self) -> None:
        found = rules.terms(
            opening=date(2026, 9, 1), ends=self.ENDS, today=date(2026, 11, 23), kept_since=date(2025, 9, 1)
        )
        assert [(one.opening, one.closing) for one in found] == [
            (date(2026, 9, 1), date(2026, 10, 25)),
            (date(2026, 10, 25), date(2026, 11, 23)),
        ]

    def test_a_school_that_began_in_november_has_no_first_quarter(self) -> None:
        found = rules.terms(
            opening=date(2026, 9, 1), ends=self.ENDS, today=date(2026, 11, 23), kept_since=date(2026, 11, 2)
        )
        assert [(one.code, one.opening) for one in found] == [("q2", date(2026, 11, 2))]

    def test_nothing_of_a_year_to_come(self) -> None:
        assert (
            rules.terms(
                opening=date(2026, 9, 1), ends=self.ENDS, today=date(2026, 8, 1), kept_since=date(2025, 9, 1)
            )
            == []
        )
