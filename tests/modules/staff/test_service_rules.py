"""Length of service by the book: worked examples, and laws that hold for any life of work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.staff.rules.service import (
    BANDS,
    YEAR,
    Kind,
    Length,
    Options,
    Stretch,
    band,
    count,
    length,
    service,
    with_stated,
)

TODAY = date(2026, 11, 23)
AULIE = Stretch(date(2010, 8, 15), date(2015, 6, 30), Kind.PEDAGOGICAL, "teacher_subject", place="Әулие")
HERE = Stretch(date(2016, 9, 1), None, Kind.PEDAGOGICAL, "teacher_subject", is_here=True)


def ymd(told: Length) -> tuple[int, int, int]:
    return told.years, told.months, told.days


def days(first: tuple[int, int, int], last: tuple[int, int, int]) -> Length:
    return length(date(*first), date(*last))


@pytest.mark.requirement("SIS-20", screen="staff:employee")
class TestWorkedExamples:
    def test_both_ends_count(self) -> None:
        assert ymd(days((2010, 8, 15), (2015, 6, 30))) == (4, 10, 16)
        assert ymd(days((2016, 9, 1), (2026, 11, 23))) == (10, 2, 23)
        assert ymd(days((2026, 9, 7), (2026, 9, 7))) == (0, 0, 1)

    def test_stretches_add_up_in_months_of_thirty_days(self) -> None:
        assert ymd(count([AULIE, HERE], TODAY).total) == (15, 1, 9)

    def test_an_overlap_counts_once(self) -> None:
        beside = Stretch(date(2014, 9, 1), date(2015, 8, 31), Kind.PEDAGOGICAL, place="Қарқаралы")
        told = count([AULIE, beside, HERE], TODAY)
        assert ymd(told.total) == (15, 3, 9)
        [line] = [one for one in told.lines if one.stretch is beside]
        assert ymd(line.length) == (1, 0, 0)
        assert ymd(line.counted) == (0, 2, 0)
        assert ymd(line.overlap) == (0, 10, 0)
        assert [(p.since, p.until) for p in told.pieces] == [
            (date(2010, 8, 15), date(2015, 8, 31)),
            (date(2016, 9, 1), TODAY),
        ]

    def test_is_told_for_any_day(self) -> None:
        assert ymd(count([AULIE, HERE], date(2015, 6, 30)).total) == (4, 10, 16)
        assert ymd(count([AULIE, HERE], date(2010, 8, 14)).total) == (0, 0, 0)
        assert ymd(count([AULIE, HERE], date(2010, 8, 15)).total) == (0, 0, 1)

    @pytest.mark.parametrize("month", range(1, 13))
    def test_a_month_is_a_month_in_february_too(self, month: int) -> None:
        first = date(2027, month, 1)
        last = date(2027 + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        assert ymd(length(first, last)) == (0, 1, 0)

    def test_two_years_of_the_same_days_are_equal(self) -> None:
        assert days((2023, 9, 1), (2024, 8, 31)) == days((2025, 9, 1), (2026, 8, 31)) == Length(YEAR)


class TestKinds:
    army = Stretch(date(2008, 5, 1), date(2009, 4, 30), Kind.MILITARY)
    nursery = Stretch(date(2018, 1, 1), date(2018, 12, 31), Kind.CHILD_CARE)
    farm = Stretch(date(2015, 7, 1), date(2016, 8, 31), Kind.OTHER, place="шаруа қожалығы")

    def told(self, *stretches: Stretch, **options: bool) -> tuple[int, int, int, int]:
        found = service(
            [AULIE, HERE, *stretches], TODAY, post="teacher_subject", leaves=[], options=Options(**options)
        )
        return (
            found.general.total.total,
            found.pedagogical.total.total,
            found.here.total.total,
            found.in_post.total.total,
        )

    def test_other_work_is_general_service_only(self) -> None:
        plain, more = self.told(), self.told(self.farm)
        assert more[0] - plain[0] == days((2015, 7, 1), (2016, 8, 31)).total
        assert more[1:] == plain[1:]

    def test_the_army_of_a_teacher_counts_as_the_school_decides(self) -> None:
        plain = self.told()
        assert self.told(self.army)[1] - plain[1] == YEAR
        assert self.told(self.army, military=False)[1] == plain[1]
        assert self.told(self.army, military=False)[0] - plain[0] == YEAR

    def test_the_army_of_one_who_never_taught_is_general(self) -> None:
        found = service([self.army, self.farm], TODAY)
        assert found.pedagogical.total == Length()
        assert found.general.total == Length(YEAR) + days((2015, 7, 1), (2016, 8, 31))

    def test_a_child_care_leave_stays_in_or_is_taken_out(self) -> None:
        with_leave = service([HERE], TODAY, leaves=[self.nursery])
        assert with_leave.pedagogical.total == with_leave.general.total == length(HERE.since, TODAY)
        without = service([HERE], TODAY, leaves=[self.nursery], options=Options(child_care=False))
        assert without.pedagogical.total == length(HERE.since, TODAY) - Length(YEAR)
        assert without.general.total == length(HERE.since, TODAY)
        assert [(p.since, p.until) for p in without.pedagogical.pieces] == [
            (date(2016, 9, 1), date(2017, 12, 31)),
            (date(2019, 1, 1), TODAY),
        ]

    def test_at_this_school_and_in_the_post(self) -> None:
        deputy = Stretch(date(2024, 9, 1), None, Kind.PEDAGOGICAL, "deputy_academic", is_here=True)
        teacher = Stretch(
            date(2016, 9, 1), date(2024, 8, 31), Kind.PEDAGOGICAL, "teacher_subject", is_here=True
        )
        found = service([AULIE, teacher, deputy], TODAY, post="deputy_academic")
        assert ymd(found.here.total) == (10, 2, 23)
        assert ymd(found.in_post.total) == (2, 2, 23)

    def test_a_stated_beginning_fills_only_what_is_before_the_first_entry(self) -> None:
        told = with_stated([HERE], date(2012, 9, 1))
        assert ymd(count(told, TODAY).total) == (14, 2, 23)
        assert told[0].is_stated
        assert with_stated([AULIE, HERE], date(2012, 9, 1)) == [AULIE, HERE]
        assert with_stated([self.farm], date(2012, 9, 1)) == [self.farm]


class TestBands:
    @pytest.mark.parametrize(
        ("served", "expected"),
        [
            (Length(0), (0, 1)),
            (Length(YEAR - 1), (0, 1)),
            (Length(YEAR), (1, 2)),
            (Length(3 * YEAR), (3, 5)),
            (Length(14 * YEAR - 1), (11, 14)),
            (Length(25 * YEAR), (25, None)),
            (Length(40 * YEAR), (25, None)),
        ],
    )
    def test_begin_with_their_year(self, served: Length, expected: tuple[int, int | None]) -> None:
        assert band(served) == expected

    def test_leave_no_gap(self) -> None:
        assert [band(Length(edge * YEAR))[0] for edge in BANDS] == list(BANDS)


some_day = st.dates(date(1980, 1, 1), TODAY)


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    since = draw(some_day)
    until = draw(st.none() | st.dates(since, date(2030, 12, 31)))
    return Stretch(since, until, draw(st.sampled_from(Kind)))


lives = st.lists(stretches(), max_size=8)


class TestLaws:
    @given(lives, st.randoms(use_true_random=False))
    def test_the_order_of_papers_does_not_matter(self, life: list[Stretch], dice: object) -> None:
        shuffled = list(life)
        dice.shuffle(shuffled)  # type: ignore[attr-defined]
        assert count(life, TODAY).total == count(shuffled, TODAY).total

    @given(lives, stretches())
    def test_another_paper_never_takes_away_and_never_adds_more_than_it_says(
        self, life: list[Stretch], more: Stretch
    ) -> None:
        before, after = count(life, TODAY).total, count([*life, more], TODAY).total
        said = count([more], TODAY).total
        assert before <= after
        assert after.total <= before.total + said.total

    @given(lives, st.data())
    def test_what_lies_inside_what_is_counted_adds_no_day(
        self, life: list[Stretch], data: st.DataObject
    ) -> None:
        told = count(life, TODAY)
        if not told.pieces:
            return
        piece = data.draw(st.sampled_from(told.pieces))
        since = data.draw(st.dates(piece.since, piece.until))
        inside = Stretch(since, data.draw(st.dates(since, piece.until)))
        assert count([*life, inside], TODAY).total == told.total

    @given(lives)
    def test_the_working_adds_up(self, life: list[Stretch]) -> None:
        told = count(life, TODAY)
        assert sum((line.counted.total for line in told.lines), 0) == told.total.total
        assert sum((piece.length.total for piece in told.pieces), 0) == told.total.total
        assert all(line.counted <= line.length for line in told.lines)

    @given(lives, lives)
    def test_what_is_taken_out_and_what_is_left_make_the_whole(
        self, life: list[Stretch], out: list[Stretch]
    ) -> None:
        left = count(life, TODAY, without=out)
        both, taken = count([*life, *out], TODAY).total, count(out, TODAY).total
        assert left.total.total == both.total - taken.total
        assert sum((piece.length.total for piece in left.pieces), 0) == left.total.total

    @given(lives, some_day, some_day)
    def test_service_never_shrinks(self, life: list[Stretch], one: date, other: date) -> None:
        earlier, later = sorted((one, other))
        assert count(life, earlier).total <= count(life, later).total

    @given(stretches(), st.data())
    def test_a_stretch_cut_in_two_is_as_long(self, whole: Stretch, data: st.DataObject) -> None:
        until = min(whole.until or TODAY, TODAY)
        if until <= whole.since:
            return
        cut = data.draw(st.dates(whole.since, until - timedelta(days=1)))
        halves = [Stretch(whole.since, cut), Stretch(cut + timedelta(days=1), until)]
        assert sum((length(half.since, half.until or TODAY).total for half in halves), 0) == (
            length(whole.since, until).total
        )

    @given(lives)
    def test_pedagogical_service_is_never_longer_than_all(self, life: list[Stretch]) -> None:
        for options in (Options(), Options(military=False, child_care=False)):
            found = service(life, TODAY, options=options)
            assert found.pedagogical.total <= found.general.total
