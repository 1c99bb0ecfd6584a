"""The compiled search against the judge: what it takes for kept is kept, and its prices are the judge's."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from modules.schedule.solver.check import judge
from modules.schedule.solver.placing.search import Placing
from modules.schedule.solver.placing.tables import OF_DAYS, PAIRS, PRICES, Tables, Unfit
from modules.schedule.solver.problem import Activity, Agent, Kind, Problem, Room, Rule, Timetable
from tests.modules.schedule.solver.test_search import FEW, problems

pytestmark = pytest.mark.requirement("SIS-15")

# Breaches that are counted as the judge counts them; of the others only whether there is any.
EXACT = {*PAIRS, *OF_DAYS, Kind.STARTS} - {Kind.SPAN_MAX, Kind.GROUPED}
KNOWN = {*PAIRS, *OF_DAYS, Kind.STARTS, Kind.ENDS_DAY, Kind.SIMULTANEOUS_MAX, Kind.FROM_SET_MAX}


def understood(problem: Problem) -> Problem:
    """The problem without what the search leaves to others, wishes between those who begin together among it."""
    rules = [one for one in problem.rules if one.kind in (KNOWN if one.is_hard else EXACT)]
    if any(one.kind is Kind.SAME_START and one.is_hard for one in rules):
        rules = [one for one in rules if one.is_hard or one.kind not in PAIRS]
    return replace(problem, rules=tuple(rules))


def placed(problem: Problem, turns: int = 50) -> tuple[Placing, tuple[int, ...]] | None:
    """The search after it has placed everything, or None: there is no such timetable, or it was not found."""
    try:
        search = Placing(Tables(problem), seed=1)
    except Unfit:
        return None
    left = iter(range(turns))
    starts = search.construct(lambda: next(left, None) is None)
    return None if starts is None else (search, starts)


def price(problem: Problem, starts: tuple[int, ...]) -> float:
    verdict = judge(problem, Timetable(starts, (None,) * len(starts)))
    assert verdict.hard_violations == 0
    return verdict.soft_cost


class TestPlacing:
    @FEW
    @given(problem=problems())
    def test_what_it_places_keeps_every_demand_at_the_price_that_it_says(self, problem: Problem) -> None:
        problem = understood(problem)
        found = placed(problem)
        if found is None:
            return
        search, starts = found
        before = search.price
        assert price(problem, starts) == pytest.approx(before / (100 * PRICES))
        better = search.improve(0.05, lambda: False)
        assert search.reached <= before
        assert price(problem, better) == pytest.approx(search.reached / (100 * PRICES))

    def test_one_makes_room_for_another(self) -> None:
        """The teacher's only hour is taken by the class's other lesson, which has to leave."""
        acts = (Activity(1, 1, (0,)), Activity(2, 1, (0, 1)))
        agents = (Agent("5А", False, (0, 1)), Agent("Айгүл", True, (1,)))
        rules = (
            Rule(Kind.STARTS, "wish", weight=95, activities=(0,), slots=frozenset({1})),
            Rule(Kind.STARTS, "there", activities=(1,), slots=frozenset({1, 2})),
            Rule(Kind.GAPS_WEEK, "gaps", limit=0, agents=(0,)),
        )
        problem = Problem("", ("1",), ("1", "2", "3"), acts, agents, (), rules)
        found = placed(problem)
        assert found is not None
        _, starts = found
        assert price(problem, starts) in (0.0, 0.95)
        assert found[0].improve(0.2, lambda: False) == (1, 2)

    def test_begins_with_a_timetable_and_leaves_it_where_it_fits(self) -> None:
        acts = tuple(Activity(n + 1, 1, (0,)) for n in range(3))
        problem = Problem("", ("1",), ("1", "2", "3"), acts, (Agent("5А", False, (0, 1, 2)),))
        search = Placing(Tables(problem), seed=3)
        search.begin_with((2, 2, 0))
        assert search.waiting == 1
        assert search.construct(lambda: False) == (2, 1, 0)

    @pytest.mark.parametrize("seed", range(5))
    def test_a_lesson_that_takes_two_rooms_counts_twice(self, seed: int) -> None:
        """Both halls are its own then, and nobody else's: by the rooms themselves, and by a bound on who runs at once."""
        acts = (Activity(1, 1, (0,)), Activity(2, 1, (1,)), Activity(1, 1, (), beside=0))
        agents = (Agent("5А", False, (0,)), Agent("5Ә", False, (1,)))
        together = Rule(Kind.SAME_START, "together", activities=(0, 2))
        halls = tuple(Rule(Kind.ROOMS, "hall", activities=(a,), rooms=frozenset({0, 1})) for a in range(3))
        there = Rule(Kind.STARTS, "there", activities=(1,), slots=frozenset({0}))
        early = Rule(Kind.STARTS, "early", weight=50, activities=(0,), slots=frozenset({0}))
        bound = Rule(Kind.SIMULTANEOUS_MAX, "two", activities=(0, 1, 2), slots=frozenset({0, 1}), limit=2)
        rooms = (Room("Зал"), Room("Кіші зал"))
        for rules in ((together, there, early, *halls), (together, there, early, bound)):
            problem = Problem("", ("1",), ("1", "2"), acts, agents, rooms, rules)
            assert Placing(Tables(problem), seed).construct(lambda: False) == (1, 0, 1)

    def test_two_lessons_of_one_teacher_that_begin_together_are_not_for_it(self) -> None:
        acts = (Activity(1, 1, (0,)), Activity(2, 1, (0,)))
        together = Rule(Kind.SAME_START, "together", activities=(0, 1))
        problem = Problem("", ("1",), ("1", "2"), acts, (Agent("Айгүл", True, (0, 1)),), (), (together,))
        with pytest.raises(Unfit):
            Tables(problem)


def test_the_same_functions_run_uncompiled() -> None:
    """As one reads and debugs them: the same dice, the same timetable."""
    program = (
        "from modules.schedule.solver.placing.search import Placing, IS_COMPILED\n"
        "from modules.schedule.solver.placing.tables import Tables\n"
        "from modules.schedule.solver.problem import Activity, Agent, Problem\n"
        "acts = tuple(Activity(n + 1, 1 + n % 2, (n % 2, 2)) for n in range(5))\n"
        "agents = [Agent(str(k), k < 2, tuple(a for a in range(5) if k in acts[a].agents)) for k in range(3)]\n"
        "problem = Problem('', ('1', '2'), tuple('1234'), acts, tuple(agents))\n"
        "print(IS_COMPILED, Placing(Tables(problem), 1).construct(lambda: False))\n"
    )
    root = Path(__file__).resolve().parents[4]
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root), "NUMBA_DISABLE_JIT": disabled},
        ).stdout.split(maxsplit=1)
        for disabled in ("0", "1")
    ]
    assert [one[0] for one in said] == ["True", "False"]
    assert said[0][1] == said[1][1]
