"""What a place means for a lesson, and what is wrong with a week; without tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any
from uuid import UUID, uuid4

import pytest

from modules.schedule.rooms.rules import RoomInfo
from modules.schedule.solver.check import judge
from modules.schedule.solver.problem import Kind, Timetable
from modules.schedule.timetabling import board, school_problem, telling
from modules.schedule.timetabling.answers import Fit, Place
from modules.schedule.timetabling.grid import DayOff, Grid, Lack, Piece
from modules.schedule.timetabling.problems import ADVICE, problems
from modules.schedule.wishes.rules import Wishes

SEVEN_A, SEVEN_B = uuid4(), uuid4()
BOLAT, DANA = uuid4(), uuid4()
BELLS = {
    **{(1, n): (time(7 + n, 0), time(7 + n, 45)) for n in range(1, 8)},  # 8:00 … 14:45
    **{(2, n): (time(13 + n, 0), time(13 + n, 45)) for n in range(1, 7)},  # 14:00 …
}


def lesson(place: Place | None, *, of: UUID = SEVEN_A, by: UUID | None = BOLAT, **more: Any) -> Piece:
    values: dict[str, Any] = {
        "id": uuid4(),
        "course_id": uuid4(),
        "class_id": of,
        "class_label": "7А" if of == SEVEN_A else "7Ә",
        "subject_code": "geography",
        "subject": "География",
        "short": "Геогр.",
        "teacher_id": by,
        "teacher": "Ермекова Б. С." if by == BOLAT else "Әлиева Д.",
        "group": 0,
        "shift": 1,
        "set_code": "",
        "place": place,
        "room": "",
        "pin": "",
    }
    return Piece(**values | more)


def grid(*pieces: Piece) -> Grid:
    return Grid(pieces, BELLS, 5)


def test_a_free_place_fits() -> None:
    one = lesson(None)
    assert grid(one).answer(one, (1, 1)).fit is Fit.FITS


def test_a_taken_place_says_who_must_move() -> None:
    there, one = lesson((1, 1)), lesson(None, by=DANA)
    answer = grid(there, one).answer(one, (1, 1))
    assert answer.fit is Fit.MOVES
    assert [leap.piece for leap in answer.leaps] == [there]
    assert "7А" in answer.words[0]


def test_a_teacher_is_in_one_place() -> None:
    there, one = lesson((1, 1), of=SEVEN_B), lesson(None)
    answer = grid(there, one).answer(one, (1, 1))
    assert answer.fit is Fit.MOVES
    assert "Ермекова" in answer.words[0]


def test_a_pinned_lesson_makes_its_place_impossible() -> None:
    there, one = lesson((1, 1), pin="the hall is free only then"), lesson(None, by=DANA)
    answer = grid(there, one).answer(one, (1, 1))
    assert answer.fit is Fit.IMPOSSIBLE
    assert "the hall is free only then" in answer.words[0]


def test_shifts_that_overlap_share_a_teacher_no_more() -> None:
    """The seventh lesson of the first shift runs while the second shift begins."""
    there, one = lesson((1, 7)), lesson(None, of=SEVEN_B, shift=2)
    assert grid(there, one).answer(one, (1, 1)).fit is Fit.MOVES
    assert grid(there, one).answer(one, (1, 2)).fit is Fit.FITS


def test_groups_of_a_class_sit_in_parallel() -> None:
    there, one = lesson((1, 1), group=1), lesson(None, by=DANA, group=2)
    assert grid(there, one).answer(one, (1, 1)).fit is Fit.FITS
    same = replace(one, group=1)
    assert grid(there, same).answer(same, (1, 1)).fit is Fit.MOVES


def test_joined_classes_share_their_teacher_and_room() -> None:
    there = lesson((1, 1), set_code="1-3", room="2")
    one = lesson(None, of=SEVEN_B, set_code="1-3", room="2")
    assert grid(there, one).answer(one, (1, 1)).fit is Fit.FITS
    apart = replace(one, set_code="")
    assert grid(there, apart).answer(apart, (1, 1)).fit is Fit.MOVES


@pytest.mark.parametrize(
    ("others", "piece", "place"),
    [
        ([lesson((1, 1))], lesson(None, by=DANA), (1, 3)),  # a gap
        ([], lesson(None, subject_code="algebra"), (1, 6)),  # hard and late
        ([lesson((1, 1), of=SEVEN_B, by=DANA, room="25")], lesson(None, room="25"), (1, 1)),  # the room
    ],
)
def test_a_wish_is_broken_in_words(others: list[Piece], piece: Piece, place: Place) -> None:
    answer = grid(*others, piece).answer(piece, place)
    assert answer.fit is Fit.WISH
    assert len(answer.words) == 1


@pytest.mark.parametrize(("is_demand", "fit", "harm"), [(True, Fit.IMPOSSIBLE, 2), (False, Fit.WISH, 3)])
def test_a_teachers_day_off_is_heeded(is_demand: bool, fit: Fit, harm: int) -> None:
    one, there = lesson(None), lesson((1, 1), of=SEVEN_B)
    week = Grid([one, there], BELLS, 5, {(BOLAT, 1): DayOff(is_demand, "works elsewhere")})
    assert week.answer(one, (1, 2)).fit is fit
    assert week.answer(one, (1, 2)).words == ("works elsewhere",)
    assert week.answer(one, (2, 2)).fit is Fit.FITS
    assert harm in {each.harm for each in problems(week) if "works elsewhere" in each.text}
    rules = school_problem.asked(week, keep=False).problem.rules
    held = [rule for rule in rules if rule.told == "works elsewhere"]
    assert [(rule.is_hard, len(rule.activities), len(rule.slots)) for rule in held] == [(is_demand, 2, 28)]


def test_a_subject_twice_a_day_is_a_broken_wish() -> None:
    there = lesson((1, 1))
    again = lesson(None, course_id=there.course_id)
    assert grid(there, again).answer(again, (1, 2)).fit is Fit.WISH


class TestMakingRoom:
    def leaps(self, week: Grid, one: Piece, place: Place) -> dict[UUID, Place | None]:
        before = dict(week.pieces)
        answer = week.answer(one, place)
        assert week.pieces == before  # what was tried is put back
        assert answer.fit is Fit.MOVES
        return {leap.piece.id: leap.to for leap in answer.leaps}

    def test_two_lessons_change_places_when_both_fit(self) -> None:
        one, other = lesson((1, 1)), lesson((1, 2), by=DANA)
        assert self.leaps(grid(one, other), one, (1, 2)) == {other.id: (1, 1)}

    def test_who_cannot_change_places_goes_to_the_nearest_free_place(self) -> None:
        one, other = lesson((1, 1)), lesson((1, 2), by=DANA)
        busy = lesson((1, 1), of=SEVEN_B, by=DANA)
        where = self.leaps(grid(one, other, busy), one, (1, 2))
        assert where == {other.id: (1, 3)}

    def test_a_ring_of_three_when_nothing_is_free(self) -> None:
        """One day of three lessons: Dana cannot take Bolat's first lesson, Erlan can, and leaves her his third."""
        erlan = uuid4()
        bells = {key: value for key, value in BELLS.items() if key in ((1, 1), (1, 2), (1, 3))}
        one, dana, third = lesson((1, 1)), lesson((1, 2), by=DANA), lesson((1, 3), by=erlan)
        busy = lesson((1, 1), of=SEVEN_B, by=DANA, pin="so")
        week = Grid([one, dana, third, busy], bells, 1)
        assert self.leaps(week, one, (1, 2)) == {third.id: (1, 1), dana.id: (1, 3)}

    def test_who_finds_nothing_waits_beside_the_board(self) -> None:
        bells = {(1, 1): BELLS[1, 1]}
        there, one = lesson((1, 1), by=DANA), lesson(None)
        assert self.leaps(Grid([there, one], bells, 1), one, (1, 1)) == {there.id: None}

    def test_a_day_on_which_the_teacher_is_away_takes_nobody(self) -> None:
        there, one = lesson((1, 1), by=DANA), lesson(None)
        week = Grid([there, one], {(1, 1): BELLS[1, 1]}, 2, {(DANA, 2): DayOff(is_demand=True, words="away")})
        assert self.leaps(week, one, (1, 1)) == {there.id: None}


class TestJoinedClasses:
    def pair(self, place: Place | None, **more: Any) -> list[Piece]:
        return [lesson(place, set_code="1-3", **more), lesson(place, of=SEVEN_B, set_code="1-3", **more)]

    def test_they_go_together(self) -> None:
        one, other = self.pair((1, 1))
        answer = grid(one, other).answer(one, (2, 1))
        assert answer.fit is Fit.FITS
        assert {leap.piece.id: leap.to for leap in answer.goes} == {one.id: (2, 1), other.id: (2, 1)}

    def test_what_bars_one_of_them_bars_both(self) -> None:
        one, other = self.pair(None)
        there = lesson((2, 1), of=SEVEN_B, by=DANA, pin="so")
        assert grid(one, other, there).answer(one, (2, 1)).fit is Fit.IMPOSSIBLE

    def test_they_make_room_together(self) -> None:
        one, other = self.pair((2, 1))
        comes = lesson((1, 1), of=SEVEN_B, by=DANA)
        answer = grid(one, other, comes).answer(comes, (2, 1))
        assert {leap.piece.id: leap.to for leap in answer.leaps} == {one.id: (1, 1), other.id: (1, 1)}

    def test_a_pinned_one_holds_the_other(self) -> None:
        one, other = self.pair((1, 1))
        comes = lesson(None, of=SEVEN_B, by=DANA)
        week = grid(replace(one, pin="so"), other, comes)
        assert week.answer(comes, (1, 1)).fit is Fit.IMPOSSIBLE
        assert week.answer(other, (2, 1)).fit is Fit.IMPOSSIBLE


class TestHalves:
    def half(self, place: Place | None, weeks: str = "odd", **more: Any) -> Piece:
        return lesson(place, weeks=weeks, **more)

    def test_two_halves_share_a_place_by_turns(self) -> None:
        there, one = self.half((1, 1)), self.half(None, by=DANA)
        answer = grid(there, one).answer(one, (1, 1))
        assert (answer.fit, answer.goes[0].weeks) == (Fit.FITS, "even")

    def test_a_third_half_or_a_whole_hour_finds_the_place_taken(self) -> None:
        pair = [self.half((1, 1)), self.half((1, 1), "even", by=DANA)]
        for one in (self.half(None, by=uuid4()), lesson(None, by=uuid4())):
            answer = grid(*pair, one).answer(one, (1, 1))
            assert answer.fit is Fit.MOVES
        whole = lesson(None, by=uuid4())
        assert {leap.piece for leap in grid(*pair, whole).answer(whole, (1, 1)).leaps} == set(pair)

    def test_a_teacher_is_in_two_places_only_in_the_same_weeks(self) -> None:
        there = self.half((1, 1), of=SEVEN_B)
        both = [there, self.half((1, 1), "even")]
        assert not [one for one in problems(grid(*both)) if one.kind == "meeting"]
        same = [there, self.half((1, 1))]
        assert len([one for one in problems(grid(*same)) if one.kind == "meeting"]) == 1

    def test_a_gap_of_even_weeks_is_told_as_such(self) -> None:
        day = [lesson((1, 1)), self.half((1, 2), by=DANA), lesson((1, 3), by=uuid4())]
        [found] = [one for one in problems(grid(*day)) if one.kind == "gap"]
        with_turn = found.text
        day[1] = replace(day[1], weeks="every")
        assert not [one for one in problems(grid(*day)) if one.kind == "gap"]
        day[1] = replace(day[1], place=(1, 4))
        [other] = [one for one in problems(grid(*day)) if one.kind == "gap"]
        assert with_turn.endswith(")")
        assert not other.text.endswith(")")

    def test_the_solver_places_two_halves_as_one_and_gives_them_turns(self) -> None:
        halves = [self.half(None), self.half(None, by=DANA)]
        week = grid(*halves, lesson(None, by=uuid4()))
        asked = school_problem.asked(week, keep=False)
        assert len(asked.problem.activities) == 2
        width = len(asked.columns)
        spots = asked.spots(Timetable((0, width), (None, None)), week)
        assert [spots[one.id] for one in halves] == [((1, 1), "odd"), ((1, 1), "even")]

    def test_halves_that_stand_apart_and_the_third_one_are_alone(self) -> None:
        apart = [self.half((1, 1)), self.half((2, 1), by=DANA)]
        assert len(school_problem.asked(grid(*apart), keep=True).problem.activities) == 2
        three = [self.half(None, by=uuid4()) for _n in range(3)]
        assert len(school_problem.asked(grid(*three), keep=True).problem.activities) == 2


def test_what_stands_outside_the_bells_is_on_the_board() -> None:
    outside = lesson((6, 9))
    shown = board.board(grid(outside), of=f"class:{SEVEN_A}", card_id=None, found=problems(grid(outside)))
    [row] = [one for one in shown.rows if one.number == 9]
    [there] = row.cells[5].shown
    assert there.piece == outside
    assert there.trouble


def test_every_problem_says_what_to_do() -> None:
    twice = lesson((5, 1))
    week = Grid(
        [
            *(lesson((1, 1)), lesson((1, 1), by=DANA), lesson((1, 4), by=DANA)),
            *(lesson((2, 2)), lesson((4, 9)), lesson(None)),
            *(twice, replace(twice, id=uuid4(), place=(5, 6), subject_code="algebra")),
            lesson((3, 1), subject_code="physical_education", room="7"),
        ],
        BELLS,
        5,
        {(BOLAT, 5): DayOff(is_demand=True, words="works elsewhere")},
        [Lack(SEVEN_A, "7А · Химия", 1.0, 1.5)],
        school=Wishes(rooms=(RoomInfo("Зал", "gymnasium", None),)),
    )
    found = problems(week)
    assert {one.kind for one in found} == set(ADVICE)
    assert all(one.advice and one.label for one in found)


@pytest.mark.requirement("SIS-15")
def test_absurdities_are_found_and_the_worst_come_first() -> None:
    day = [lesson((1, 1)), lesson((1, 4), by=DANA)]  # a gap of two lessons
    single = lesson((2, 2))
    two_places = [lesson((3, 1), by=DANA), lesson((3, 1), by=DANA, of=SEVEN_B)]
    outside = lesson((4, 9), of=SEVEN_B)
    waiting = lesson(None)
    found = problems(grid(*day, single, *two_places, outside, waiting))
    absurd = [one.text for one in found if one.harm == 1]
    assert any("135" in text for text in absurd)
    assert any("Әлиева Д." in text for text in absurd)
    assert any("9" in text for text in absurd)
    assert [one.harm for one in found] == sorted(one.harm for one in found)
    assert [one.card for one in found if one.harm == 2] == [waiting.id]


def test_a_short_break_is_no_gap() -> None:
    assert problems(grid(lesson((1, 1)), lesson((1, 2), by=DANA))) == []


class TestProblemForTheSolver:
    def test_the_problem_binds_classes_teachers_and_shared_rooms(self) -> None:
        pieces = [lesson(None, room="зал"), lesson(None, of=SEVEN_B, by=DANA, room="зал")]
        problem = school_problem.asked(grid(*pieces), keep=False).problem
        assert sorted(agent.is_teacher for agent in problem.agents) == [False, False, True, True, True]
        assert len(problem.activities) == 2

    def test_joined_classes_are_one_lesson(self) -> None:
        pieces = [lesson(None, set_code="1-3"), lesson(None, of=SEVEN_B, set_code="1-3")]
        asked = school_problem.asked(grid(*pieces), keep=False)
        assert len(asked.problem.activities) == 1
        assert set(asked.cards[0]) == {one.id for one in pieces}

    def test_a_sound_week_breaks_no_demand_and_comes_back_as_it_was(self) -> None:
        pieces = [lesson((1, 1)), lesson((1, 2), by=DANA), lesson((2, 1)), lesson((2, 2), by=DANA)]
        asked = school_problem.asked(grid(*pieces), keep=True)
        assert asked.current is not None
        assert judge(asked.problem, asked.current).hard_violations == 0
        assert asked.places(asked.current) == {one.id: one.place for one in pieces}

    def test_a_pin_is_a_demand(self) -> None:
        pinned = lesson((1, 2), pin="the nurse comes")
        rules = school_problem.asked(grid(pinned, lesson(None)), keep=False).problem.rules
        held = [rule for rule in rules if rule.name == "pinned"]
        assert [(rule.kind, rule.is_hard, len(rule.slots)) for rule in held] == [(Kind.STARTS, True, 1)]

    def test_too_much_load_is_told_beforehand(self) -> None:
        pieces = [lesson(None, of=uuid4()) for _n in range(50)]
        told = telling.beforehand(grid(*pieces))
        assert any("Ермекова" in text and "50" in text for text in told)

    @pytest.mark.parametrize(("second", "is_told"), [(BOLAT, True), (DANA, False)])
    def test_one_teacher_of_both_halves_is_told_beforehand(self, second: Any, is_told: bool) -> None:
        halves = [
            lesson(None, of=SEVEN_B, group=group, by=by)
            for group, by in ((1, BOLAT), (2, second))
            for _n in range(3)
        ]
        told = telling.beforehand(grid(*halves))
        assert any("7Ә" in text and "Ермекова" in text for text in told) is is_told

    def test_every_rule_has_words(self) -> None:
        pieces = [
            lesson((1, 1), subject_code="algebra", pin="so"),
            lesson(None, of=SEVEN_B, shift=2),
            lesson(None, by=DANA),
        ]
        pieces.append(lesson(None, course_id=pieces[2].course_id, by=DANA))
        week = grid(*pieces)
        asked = school_problem.asked(week, keep=False)
        rules = asked.problem.rules
        assert {rule.name for rule in rules} <= set(school_problem.RULES)
        words = telling.conflict_in_words(asked, week, range(len(rules)))
        assert len(words) == len({rule.name for rule in rules})
