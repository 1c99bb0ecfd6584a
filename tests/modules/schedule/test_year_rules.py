"""Is there school for this class on this day, with which bells, and on which days is a slot taught."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest

from modules.schedule.year.rules import BellBook, Bells, Quarter, Special, YearCalendar

YEAR = "2026-27"
QUARTERS = (
    Quarter(1, date(2026, 9, 1), date(2026, 10, 25)),
    Quarter(2, date(2026, 11, 2), date(2026, 12, 27)),
)


@dataclass(frozen=True)
class Class:
    id: UUID
    grade: int
    shift: int = 1


FIRST, SEVENTH = Class(uuid4(), 1), Class(uuid4(), 7)


def special(kind: str, start: date, end: date | None = None, **more: object) -> Special:
    return Special(id=uuid4(), year=YEAR, kind=kind, start=start, end=end or start, **more)


def year(*specials: Special) -> YearCalendar:
    return YearCalendar(YEAR, QUARTERS, specials)


@pytest.mark.requirement("SIS-14")
class TestDays:
    def test_a_working_day_of_a_quarter_is_a_school_day(self) -> None:
        found = year().day(SEVENTH, date(2026, 11, 25))
        assert (found.is_school, found.weekday, found.why) == (True, 3, None)

    @pytest.mark.parametrize(
        "day", [date(2026, 10, 28), date(2026, 8, 31), date(2026, 12, 28), date(2026, 11, 29)]
    )
    def test_holidays_summer_and_sundays_are_not(self, day: date) -> None:
        assert not year().day(SEVENTH, day).is_school

    def test_days_of_some_grades_leave_the_others_at_school(self) -> None:
        frost = special("frost", date(2026, 12, 1), grades=frozenset({1, 2, 3, 4}))
        assert not year(frost).day(FIRST, date(2026, 12, 1)).is_school
        assert year(frost).day(SEVENTH, date(2026, 12, 1)).is_school

    def test_quarantine_of_a_class_is_of_that_class(self) -> None:
        ill = special("quarantine", date(2026, 12, 1), date(2026, 12, 7), class_ids=frozenset({SEVENTH.id}))
        assert not year(ill).day(SEVENTH, date(2026, 12, 7)).is_school
        assert year(ill).day(SEVENTH, date(2026, 12, 8)).is_school
        assert year(ill).day(Class(uuid4(), 7), date(2026, 12, 2)).is_school

    def test_a_public_holiday_names_the_day_before_a_frost_does(self) -> None:
        day = date(2026, 12, 16)
        found = year(special("frost", day), special("public", day)).day(SEVENTH, day)
        assert found.why is not None
        assert found.why.kind == "public"

    def test_a_moved_day_is_taught_on_the_other_date_by_its_own_weekday(self) -> None:
        moved = special("moved", date(2026, 11, 25), instead=date(2026, 11, 28))
        calendar = year(moved)
        assert not calendar.day(SEVENTH, date(2026, 11, 25)).is_school
        saturday = calendar.day(SEVENTH, date(2026, 11, 28))
        assert (saturday.is_school, saturday.weekday) == (True, 3)

    def test_shortened_lessons_are_lessons(self) -> None:
        found = year(special("short", date(2026, 11, 25), bell_set_id=uuid4())).day(
            SEVENTH, date(2026, 11, 25)
        )
        assert found.is_school
        assert found.why is not None

    def test_weeks_go_by_turns_from_the_first_of_september(self) -> None:
        calendar = year()
        assert [calendar.parity(date(2026, 9, 1) + timedelta(weeks=n)) for n in range(3)] == [
            "odd",
            "even",
            "odd",
        ]
        assert calendar.parity(date(2026, 8, 31)) == "odd"
        assert calendar.parity(date(2026, 9, 6)) == "odd"
        assert calendar.parity(date(2026, 9, 7)) == "even"

    def test_a_slot_of_odd_weeks_is_taught_every_second_week_and_not_on_days_off(self) -> None:
        frost = special("frost", date(2026, 9, 15))
        dates = year(frost).dates_of(SEVENTH, 2, "odd", date(2026, 9, 1), date(2026, 10, 10))
        assert dates == [date(2026, 9, 1), date(2026, 9, 29)]
        every = year().dates_of(SEVENTH, 2, "every", date(2026, 9, 1), date(2026, 9, 20))
        assert every == [date(2026, 9, 1), date(2026, 9, 8), date(2026, 9, 15)]


class TestBells:
    USUAL = (time(8, 0), time(8, 45))
    SHORT = (time(8, 0), time(8, 35))

    def book(self, *sets: Bells, short: tuple[Special, ...] = (), own: Bells | None = None) -> BellBook:
        times: dict[tuple[UUID | None, int, int], tuple[time, time]] = {
            (None, 1, 1): self.USUAL,
            (None, 1, 2): (time(8, 50), time(9, 35)),
            (None, 2, 1): (time(14, 0), time(14, 45)),
        }
        for one in (*sets, *([own] if own else [])):
            times[one.id, 1, 1] = self.SHORT
        return BellBook(sets, times, short)

    def test_the_usual_bells_ring_on_ordinary_days(self) -> None:
        assert self.book().at(SEVENTH, date(2026, 11, 25), 1) == self.USUAL

    def test_first_grade_has_short_lessons_in_september(self) -> None:
        steps = Bells(uuid4(), "1", grades=frozenset({1}), since=date(2026, 9, 1), until=date(2026, 9, 30))
        book = self.book(steps)
        assert book.at(FIRST, date(2026, 9, 10), 1) == self.SHORT
        assert book.at(FIRST, date(2026, 10, 1), 1) == self.USUAL
        assert book.at(SEVENTH, date(2026, 9, 10), 1) == self.USUAL

    def test_a_set_may_be_of_a_weekday(self) -> None:
        mondays = Bells(uuid4(), "m", weekdays=frozenset({1}))
        assert self.book(mondays).at(SEVENTH, date(2026, 11, 23), 1) == self.SHORT
        assert self.book(mondays).at(SEVENTH, date(2026, 11, 24), 1) == self.USUAL

    def test_a_shortened_day_rings_by_its_own_set(self) -> None:
        called = Bells(uuid4(), "s", is_on_call=True)
        day = date(2026, 12, 25)
        short = special("short", day, bell_set_id=called.id)
        book = self.book(called, short=(short,))
        assert book.at(SEVENTH, day, 1) == self.SHORT
        assert book.at(SEVENTH, day + timedelta(days=1), 1) == self.USUAL

    def test_a_lesson_that_the_set_leaves_out_has_no_time_but_the_other_shift_keeps_its_own(self) -> None:
        called = Bells(uuid4(), "s", is_on_call=True)
        day = date(2026, 12, 25)
        book = self.book(called, short=(special("short", day, bell_set_id=called.id),))
        assert book.at(SEVENTH, day, 2) is None
        assert book.at(Class(uuid4(), 7, shift=2), day, 1) == (time(14, 0), time(14, 45))

    def test_grades_are_narrower_than_weekdays(self) -> None:
        of_grade, mondays = (
            Bells(uuid4(), "b", grades=frozenset({7})),
            Bells(uuid4(), "a", weekdays=frozenset({1})),
        )
        assert self.book(of_grade, mondays).set_for(SEVENTH, date(2026, 11, 23)) == of_grade.id
