"""Finds a timetable and betters it until the time ends: the door of the solver.

Two ways to the first answer run side by side: CP-SAT on the rules as they stand, and a detour through a timetable in which only
nobody is in two places, bettered piece by piece until no hard rule is broken. Whoever arrives first hands over to the
betterment of wishes, on all workers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from modules.schedule.solver import rooms, say
from modules.schedule.solver.check import Verdict, judge
from modules.schedule.solver.lns import Better, starts_of
from modules.schedule.solver.model import Contradiction, Model
from modules.schedule.solver.problem import Kind, Problem, Rule, Timetable

DETOUR = 99.0  # the weight of a hard rule on the detour: to be bettered away, not to be kept at once
# Rules that the detour keeps too: they only say where activities may stand, or make two of them one.
KEPT = frozenset({Kind.STARTS, Kind.SAME_START, Kind.ROOMS})


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been reached: `broken` is the price of hard rules still broken, 0 once there is an answer."""

    seconds: float
    broken: float
    wishes: float | None
    timetable: Timetable | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`timetable` is None when none was found; `impossible`, when it was proven that there is none."""

    timetable: Timetable | None
    verdict: Verdict | None
    seconds_to_first: float | None
    seconds: float
    impossible: bool = False
    best_possible: bool = False


def solve(
    problem: Problem,
    *,
    seconds: float,
    workers: int = 2,
    seed: int = 1,
    current: Timetable | None = None,
    report: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Answer:
    """Find a timetable within `seconds`.

    With `current` it begins from that one and moves as few activities as the rules allow. `report` is told each better
    answer; when `stop` says so, the best so far is the answer.
    """
    if current is not None:
        problem = remembering(problem, current)
    return _Search(problem, seconds, workers, seed, current, report, stop).run()


def remembering(problem: Problem, current: Timetable) -> Problem:
    """The problem with a wish for each activity to stay where it is."""
    stay = tuple(
        Rule(Kind.STARTS, "Stay", weight=DETOUR, activities=(a,), slots=frozenset({s}))
        for a, s in enumerate(current.starts)
    )
    return replace(problem, rules=problem.rules + stay)


def detour(problem: Problem) -> Problem:
    """The problem with its hard rules, but for the plainest, as wishes, and without its wishes."""
    rules = [rule for rule in problem.rules if rule.is_hard]
    return replace(
        problem,
        rules=tuple(rule if rule.kind in KEPT else replace(rule, weight=DETOUR) for rule in rules),
    )


class _Search:
    def __init__(
        self,
        problem: Problem,
        seconds: float,
        workers: int,
        seed: int,
        current: Timetable | None,
        report: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.problem, self.workers, self.seed, self.current = problem, workers, seed, current
        self.begun = time.monotonic()
        self.deadline = self.begun + seconds
        self.report, self.asked_to_stop = report, stop
        self.lock = threading.Lock()
        self.lacks: list[rooms.Lack] = []
        self.best: Timetable | None = None
        self.verdict: Verdict | None = None
        self.first: float | None = None
        self.impossible = self.optimal = False

    # ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def left(self) -> float:
        return self.deadline - time.monotonic()

    def over(self) -> bool:
        return self.left <= 0 or self.impossible or bool(self.asked_to_stop and self.asked_to_stop())

    def _solver(self, workers: int, seed: int) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.1, self.left)
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        return solver

    def _told(self, broken: float) -> None:
        if self.report is not None:
            wishes = None if self.verdict is None else self.verdict.soft_cost
            self.report(Progress(time.monotonic() - self.begun, broken, wishes, self.best))

    # ── the whole ──────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> Answer:
        try:
            ways = [self._detour, self._straight][: max(1, self.workers)]
            with ThreadPoolExecutor(len(ways)) as pool:
                for done in [pool.submit(way) for way in ways]:
                    done.result()
            if self.best is not None and not self.over():
                with ThreadPoolExecutor(self.workers) as pool:
                    for done in [pool.submit(self._better, n) for n in range(self.workers)]:
                        done.result()
        except Contradiction:
            self.impossible = True
        return Answer(
            timetable=self.best,
            verdict=self.verdict,
            seconds_to_first=self.first,
            seconds=time.monotonic() - self.begun,
            impossible=self.impossible,
            best_possible=self.optimal,
        )

    def _offer(self, starts: tuple[int, ...]) -> bool:
        """Take the answer when it keeps every hard rule and is no worse than the best; False when rooms lack."""
        given = rooms.assign(self.problem, starts, seconds=min(5.0, max(0.5, self.left)))
        if given.lacks:
            with self.lock:
                self.lacks += given.lacks
            return False
        timetable = Timetable(starts, given.rooms)
        verdict = judge(self.problem, timetable)
        with self.lock:
            worse = self.verdict is not None and verdict.soft_cost > self.verdict.soft_cost
            if verdict.hard_violations or worse:
                return not verdict.hard_violations
            is_better = self.verdict is None or verdict.soft_cost < self.verdict.soft_cost
            self.best, self.verdict = timetable, verdict
            if self.first is None:
                self.first = time.monotonic() - self.begun
        if is_better:
            self._told(0.0)
        return True

    def _heed(self, model: Model, heeded: int) -> int:
        """Tell the model of rooms that lacked since it was last told."""
        news = self.lacks[heeded:]
        choice = self.problem.room_choice()
        for lack in news:
            there = sum(1 for r in lack.rooms if lack.slot not in self.problem.rooms[r].closed)
            if there < len(lack.activities):
                model.bound_room_set(lack.rooms, choice)
            else:  # long activities that only together find no rooms
                running = [v for a in lack.activities for v in model.covering(a, lack.slot)]
                model.linear(sum(running) <= len(lack.activities) - 1)
        return heeded + len(news)

    # ── ways to the first answer ───────────────────────────────────────────────────────────────────────────────────

    def _straight(self) -> None:
        """CP-SAT on all hard rules, without wishes."""
        model = say.modelled(replace(self.problem, rules=tuple(r for r in self.problem.rules if r.is_hard)))
        if self.current is not None:
            for a, s in enumerate(self.current.starts):
                if model.leader[a] == a and s in model.starts[a]:
                    model.cp.add_hint(model.starts[a][s], 1)
        heeded = 0
        while self.best is None and not self.over():
            heeded = self._heed(model, heeded)
            solver = self._solver(1, self.seed + heeded)
            solver.parameters.max_time_in_seconds = max(0.1, self.left)
            status = self._solve_until_found(solver, model)
            if status == cp_model.INFEASIBLE and not self.lacks:
                self.impossible = True
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return
            self._offer(starts_of(model, solver))

    def _solve_until_found(self, solver: cp_model.CpSolver, model: Model) -> int:
        """Solve, but stop when another way arrives or the time is over."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.1):
                if self.best is not None or self.over():
                    solver.stop_search()
                    return

        with ThreadPoolExecutor(1) as pool:
            pool.submit(watch)
            try:
                return int(solver.solve(model.cp))
            finally:
                done.set()

    def _detour(self) -> None:
        """A timetable without meetings, bettered until no hard rule is broken."""
        loose = detour(self.problem)
        model = say.modelled(loose)
        starts = self._loose_start(model)
        if starts is None:
            return
        better = Better(model, self.seed)
        bare = (None,) * len(starts)
        loose = replace(loose, rules=tuple(r for r in loose.rules if r.kind not in say.OF_ROOMS))
        verdict = judge(loose, Timetable(starts, bare))
        heeded = 0
        while self.best is None and not self.over():
            if not verdict.soft and self._offer(starts):
                return
            if len(self.lacks) > heeded:
                heeded = self._heed(model, heeded)
                starts = self._loose_start(model) or starts
            found = better.step(starts, verdict, self.left)
            if found is None:
                continue
            new = judge(loose, Timetable(found, bare))
            if new.soft_cost < verdict.soft_cost:
                self._told(new.soft_cost)
            if new.soft_cost <= verdict.soft_cost:
                starts, verdict = found, new

    def _loose_start(self, model: Model) -> tuple[int, ...] | None:
        if self.current is not None and not self.lacks:
            domains = [set(own) for own in model.starts]
            if all(s in domains[a] for a, s in enumerate(self.current.starts)):
                return self.current.starts
        solver = self._solver(1, self.seed)
        solver.parameters.stop_after_first_solution = True
        status = self._solve_until_found(solver, model)
        if status == cp_model.INFEASIBLE and not self.lacks:
            self.impossible = True
        return starts_of(model, solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    # ── after the first answer ─────────────────────────────────────────────────────────────────────────────────────

    def _better(self, worker: int) -> None:
        """Better the best answer, one piece after another."""
        better = Better(say.modelled(self.problem), self.seed + 1000 + worker)
        heeded = 0
        while not self.over() and not self.optimal:
            heeded = self._heed(better.model, heeded)
            with self.lock:
                best, verdict = self.best, self.verdict
            assert best is not None
            assert verdict is not None
            if not verdict.soft:
                self.optimal = True
                return
            found = better.step(best.starts, verdict, self.left)
            if found is not None and found != best.starts:
                self._offer(found)
