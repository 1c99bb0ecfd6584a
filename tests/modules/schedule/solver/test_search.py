"""The solver against brute force: on small problems of every kind it finds an answer exactly when there is one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modules.schedule.solver.check import judge
from modules.schedule.solver.placing.search import Placing
from modules.schedule.solver.problem import Activity, Agent, Kind, Problem, Room, Rule, Timetable
from modules.schedule.solver.search import solve
from modules.schedule.solver.turns import Straight

pytestmark = pytest.mark.requirement("SIS-15")

PAIRS = (Kind.CONSECUTIVE, Kind.ORDERED, Kind.ORDERED_SAME_DAY)
BETWEEN = (
    Kind.MIN_DAYS,
    Kind.BESIDE,
    Kind.MAX_DAYS_BETWEEN,
    Kind.MIN_GAPS_BETWEEN,
    Kind.SAME_START,
    Kind.SAME_DAY,
    Kind.SAME_HOUR,
    Kind.APART,
    Kind.GROUPED,
)
OF_SLOTS = (
    Kind.STARTS,
    Kind.OCCUPY_MAX,
    Kind.OCCUPY_MIN,
    Kind.SIMULTANEOUS_MAX,
    Kind.SIMULTANEOUS_MIN,
    Kind.FROM_SET_MAX,
)
OF_AGENTS = (
    Kind.GAPS_WEEK,
    Kind.GAPS_DAY,
    Kind.EARLY,
    Kind.DAYS_MAX,
    Kind.DAYS_MIN,
    Kind.HOURS_MAX,
    Kind.HOURS_MIN,
    Kind.CONTINUOUS_MAX,
    Kind.SPAN_MAX,
    Kind.REST_MIN,
)


@st.composite
def rule(draw: st.DrawFn, activities: int, agents: int, slots: int) -> Rule:
    kind = draw(st.sampled_from([*PAIRS, *BETWEEN, *OF_SLOTS, *OF_AGENTS, Kind.ENDS_DAY, Kind.ROOMS]))
    weight = draw(st.sampled_from([100.0, 100.0, 95.0, 50.0]))
    several = st.lists(st.integers(0, activities - 1), min_size=2, max_size=3, unique=True)
    some_slots = st.frozensets(st.integers(0, slots - 1), min_size=1, max_size=slots)
    limit, flag = draw(st.integers(0, 3)), draw(st.booleans())
    if kind in PAIRS:
        return Rule(kind, kind, weight=weight, activities=tuple(draw(several)[:2]))
    if kind in BETWEEN:
        acts = draw(several)
        acts = acts[:3] if kind is not Kind.GROUPED else acts
        return Rule(kind, kind, weight=weight, limit=max(1, limit), flag=flag, activities=tuple(acts))
    if kind in OF_SLOTS:
        acts = tuple(draw(several))
        return Rule(
            kind, kind, weight=weight, limit=limit, flag=flag, activities=acts, slots=draw(some_slots)
        )
    if kind is Kind.ENDS_DAY:
        return Rule(kind, kind, weight=weight, activities=(draw(st.integers(0, activities - 1)),))
    if kind is Kind.ROOMS:
        rooms = draw(st.frozensets(st.integers(0, 1), min_size=1))
        return Rule(kind, kind, weight=weight, activities=tuple(draw(several)), rooms=rooms)
    chosen = tuple(draw(st.lists(st.integers(0, agents - 1), min_size=1, max_size=2, unique=True)))
    counted = tuple(draw(several)) if kind in (Kind.HOURS_MAX, Kind.CONTINUOUS_MAX) and flag else ()
    return Rule(kind, kind, weight=weight, limit=limit, flag=flag, agents=chosen, activities=counted)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Schools of two or three agents, four lessons, and a handful of rules."""
    days, hours = draw(st.sampled_from([(2, 4), (3, 3), (2, 3), (1, 5)]))
    count, agents = draw(st.integers(3, 4)), draw(st.integers(2, 3))
    acts = []
    for n in range(count):
        bound = tuple(sorted(draw(st.sets(st.integers(0, agents - 1), min_size=1, max_size=2))))
        acts.append(Activity(n + 1, draw(st.sampled_from([1, 1, 2])), bound))
    slots = days * hours
    breaks = draw(st.frozensets(st.integers(0, slots - 1), max_size=1))
    closed = [draw(st.frozensets(st.integers(0, slots - 1), max_size=2)) | breaks for _ in range(agents)]
    persons = tuple(
        Agent(f"agent {n}", n == 0, tuple(a for a, it in enumerate(acts) if n in it.agents), closed[n])
        for n in range(agents)
    )
    rooms = (Room("1"), Room("2", closed=frozenset({0})))
    names = tuple(map(str, range(max(days, hours))))
    bare = Problem("", names[:days], names[:hours], tuple(acts), persons, rooms, (), breaks)
    open_to = []
    for a, it in enumerate(acts):
        shut = frozenset().union(*(persons[n].closed for n in it.agents))
        open_to.append(
            Rule(Kind.STARTS, "closed", activities=(a,), slots=bare.may_begin(a, set(bare.slots) - shut))
        )
    rules = draw(st.lists(rule(count, agents, slots), max_size=5))
    return replace(bare, rules=(*open_to, *rules))


def brute_force(problem: Problem) -> float | None:
    """The least price of broken wishes over all timetables that keep every demand; None when none does."""
    best = None
    without_rooms = replace(problem, rules=tuple(r for r in problem.rules if r.kind is not Kind.ROOMS))
    needs_rooms = len(without_rooms.rules) < len(problem.rules)
    domains = problem.domains()
    for starts in product(*(sorted(domain) for domain in domains)):
        bare = (None,) * len(starts)
        if judge(without_rooms, Timetable(starts, bare)).hard_violations:
            continue
        for rooms in product((None, 0, 1), repeat=len(starts)) if needs_rooms else (bare,):
            verdict = judge(problem, Timetable(starts, rooms))
            if not verdict.hard_violations and (best is None or verdict.soft_cost < best):
                best = verdict.soft_cost
    return best


FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


class TestSolve:
    @FEW
    @given(problem=problems())
    def test_agrees_with_brute_force(self, problem: Problem) -> None:
        expected = brute_force(problem)
        answer = solve(problem, seconds=1.0, workers=1)
        if expected is None:
            assert answer.timetable is None
            return
        assert answer.timetable is not None
        assert judge(problem, answer.timetable).hard_violations == 0
        assert answer.verdict is not None
        assert answer.verdict.soft_cost >= expected
        if answer.best_possible:
            assert answer.verdict.soft_cost == pytest.approx(expected)

    def test_a_core_without_luck_begins_anew_with_other_dice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The first dice of both cores never place everything, and CP-SAT does not find it either."""
        thrown: list[tuple[int, bool]] = []
        honest = Placing.construct

        def construct(self: Placing, enough: Callable[[], bool]) -> tuple[int, ...] | None:
            dice = (self.seed, bool(self.strict))
            thrown.append(dice)
            if dice[0] in (5, 22, 56):
                while not enough():
                    time.sleep(0.001)
                return None
            return honest(self, enough)

        monkeypatch.setattr(Placing, "construct", construct)
        monkeypatch.setattr(Straight, "go", lambda _: time.sleep(0.001))
        monkeypatch.setattr("modules.schedule.solver.search.ANEW", 0.01)
        acts = (Activity(1, 1, (0,)), Activity(2, 1, (0,)))
        problem = Problem("", ("1",), ("1", "2"), acts, (Agent("5А", False, (0, 1)),))
        answer = solve(problem, seconds=20, workers=2, seed=5)
        assert answer.timetable is not None
        assert sorted(answer.timetable.starts) == [0, 1]
        assert [one for one in thrown if one[0] not in (22,)] == [(5, True), (56, False), (107, True)]
