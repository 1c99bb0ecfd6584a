"""Why a timetable cannot be made, and a timetable made anew with the fewest changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modules.schedule.solver.check import judge
from modules.schedule.solver.counting import Misfit, misfits
from modules.schedule.solver.explain import conflict
from modules.schedule.solver.problem import Activity, Agent, Kind, Problem, Room, Rule, Timetable
from modules.schedule.solver.search import solve

pytestmark = pytest.mark.requirement("SIS-15")


def school(*rules: Rule, closed: frozenset[int] = frozenset(), lessons: int = 4) -> Problem:
    """One teacher and one class with lessons of an hour, two days of three hours."""
    acts = tuple(Activity(n + 1, 1, (0, 1), ("Айгүл",), ("5А",), "Алгебра") for n in range(lessons))
    everything = tuple(range(lessons))
    return Problem(
        "№ 1 мектеп",
        ("Дүйсенбі", "Сейсенбі"),
        ("1", "2", "3"),
        acts,
        (Agent("Айгүл", True, everything, closed), Agent("5А", False, everything)),
        (Room("Зал"), Room("Шеберхана")),
        rules,
    )


ALL = (0, 1, 2, 3)


class TestMisfits:
    def test_a_school_that_fits_has_none(self) -> None:
        assert misfits(school(Rule(Kind.HOURS_MAX, "most", limit=2, agents=(0,)))) == []

    @pytest.mark.parametrize(
        ("problem", "kind", "needed", "available"),
        [
            (school(closed=frozenset({0, 1, 2})), Misfit.AGENT_FULL, 4, 3),
            (school(Rule(Kind.HOURS_MAX, "most", limit=1, agents=(0,))), Misfit.DAYS_FULL, 4, 2),
            (
                school(Rule(Kind.HOURS_MIN, "least", limit=3, agents=(1,))),
                Misfit.DAYS_EMPTY,
                6,
                4,
            ),
            (
                school(Rule(Kind.ROOMS, "hall", activities=ALL, rooms=frozenset({0})), lessons=7),
                Misfit.AGENT_FULL,
                7,
                6,
            ),
            (school(Rule(Kind.MIN_DAYS, "apart", limit=1, activities=ALL)), Misfit.SERIES_LONG, 4, 2),
            (school(Rule(Kind.STARTS, "never", activities=(2,))), Misfit.NOWHERE, 1, 0),
        ],
    )
    def test_says_what_does_not_fit_and_by_how_much(
        self, problem: Problem, kind: Misfit, needed: int, available: int
    ) -> None:
        found = misfits(problem)[0]
        assert (found.kind, found.needed, found.available) == (kind, needed, available)

    def test_a_day_off_counts_with_the_daily_most(self) -> None:
        rules = (
            Rule(Kind.DAYS_MAX, "days", limit=1, agents=(0,)),
            Rule(Kind.HOURS_MAX, "hours", limit=3, agents=(0,)),
        )
        (found,) = misfits(school(*rules))
        assert found.kind is Misfit.DAYS_FULL
        assert found.rules == (1, 0)

    def test_two_classes_in_one_hall(self) -> None:
        hall = Rule(Kind.ROOMS, "hall", activities=(0, 1), rooms=frozenset({0}))
        closed = replace(school(hall), rooms=(Room("Зал", closed=frozenset({0, 1, 2, 3, 4})),))
        (found,) = misfits(closed)
        assert (found.kind, found.subject, found.needed, found.available) == (Misfit.ROOMS_FULL, "Зал", 2, 1)


class TestConflict:
    def test_the_smallest_set_leaves_the_innocent_out(self) -> None:
        rules = (
            Rule(Kind.STARTS, "Monday", activities=(0,), slots=frozenset({0, 1, 2})),
            Rule(Kind.HOURS_MAX, "most", limit=3, agents=(1,)),
            Rule(Kind.ORDERED, "first", activities=(0, 1)),
            Rule(Kind.STARTS, "early", activities=(1,), slots=frozenset({0})),
            Rule(Kind.GAPS_WEEK, "gaps", limit=0, agents=(1,)),
        )
        found = conflict(school(*rules), seconds=10)
        assert found.rules == (2, 3)
        assert found.smallest

    def test_without_any_one_of_it_the_rest_can_be_kept(self) -> None:
        rules = (
            Rule(Kind.SAME_DAY, "one day", activities=ALL[:3]),
            Rule(Kind.MIN_DAYS, "apart", limit=1, activities=(0, 1)),
            Rule(Kind.EARLY, "early", limit=0, agents=(1,)),
        )
        problem = school(*rules)
        found = conflict(problem, seconds=10)
        assert found.rules == (0, 1)
        for number in found.rules:
            rest = tuple(rule for n, rule in enumerate(rules) if n != number)
            assert conflict(replace(problem, rules=rest), seconds=10).possible

    def test_meetings_alone_need_no_rule(self) -> None:
        found = conflict(school(lessons=7), seconds=10)
        assert found.rules == ()
        assert not found.possible


class TestFewChanges:
    def test_only_what_must_move_moves(self) -> None:
        """Айгүл falls ill on Monday's first hour: one lesson moves, the others stay."""
        current = Timetable((0, 1, 3, 4), (None,) * 4)
        ill = Rule(Kind.STARTS, "ill", activities=ALL, slots=frozenset({1, 2, 3, 4, 5}))
        problem = school(ill)
        answer = solve(problem, seconds=5, workers=1, current=current)
        assert answer.timetable is not None
        assert judge(problem, answer.timetable).hard_violations == 0
        moved = [a for a, s in enumerate(answer.timetable.starts) if s != current.starts[a]]
        assert moved == [0]

    def test_what_can_stay_stays_whole(self) -> None:
        current = Timetable((5, 1, 3, 4), (None,) * 4)
        answer = solve(school(), seconds=5, workers=1, current=current)
        assert answer.timetable == current
        assert answer.best_possible

    def test_a_stop_is_heeded(self) -> None:
        answer = solve(school(), seconds=60, workers=1, stop=lambda: True)
        assert answer.seconds < 5

    def test_each_better_answer_is_told(self) -> None:
        told: list[float] = []
        wish = Rule(Kind.STARTS, "wish", weight=50, activities=(0,), slots=frozenset({5}))
        solve(school(wish), seconds=5, workers=1, report=lambda p: told.append(p.wishes or 0.0))
        assert told
        assert told == sorted(told, reverse=True)
        assert told[-1] == 0
