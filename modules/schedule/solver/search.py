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
SHARE, LEAST = (
    0.15,
    6.0,
)  # of the time, and at least these seconds, for the straight way when there are two workers
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
    if current is None:
        return _Search(problem, seconds, workers, seed, None, report, stop).run()
    answer = _Search(remembering(problem, current), seconds, workers, seed, current, report, stop).run()
    if answer.timetable is None:
        return answer
    return replace(answer, verdict=judge(problem, answer.timetable))


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
        self.loose: tuple[tuple[int, ...], Verdict] | None = None  # where the detour has come to
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
        """CP-SAT on all hard rules, without wishes; for a share of the time, and then the detour with a second worker."""
        model = say.modelled(replace(self.problem, rules=tuple(r for r in self.problem.rules if r.is_hard)))
        if self.current is not None:
            for a, s in enumerate(self.current.starts):
                if model.leader[a] == a and s in model.starts[a]:
                    model.cp.add_hint(model.starts[a][s], 1)
        until = time.monotonic() + (self.left if self.workers == 1 else max(LEAST, SHARE * self.left))
        heeded = 0
        while self.best is None and not self.over():
            heeded = self._heed(model, heeded)
            solver = self._solver(1, self.seed + heeded)
            solver.parameters.max_time_in_seconds = max(0.1, until - time.monotonic())
            status = self._solve_until_found(solver, model)
            if status == cp_model.INFEASIBLE and not self.lacks:
                self.impossible = True
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                break
            self._offer(starts_of(model, solver))
        if self.workers > 1 and self.best is None and not self.over():
            self._detour(1)

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

    def _detour(self, worker: int = 0) -> None:
        """A timetable without meetings, bettered by all who come here until no hard rule is broken."""
        loose = detour(self.problem)
        model = say.modelled(loose)
        bare = replace(loose, rules=tuple(r for r in loose.rules if r.kind not in say.OF_ROOMS))
        no_rooms = (None,) * len(self.problem.activities)
        if self.loose is None:
            starts = self._loose_start(model)
            if starts is None:
                return
            self.loose = (starts, judge(bare, Timetable(starts, no_rooms)))
        better = Better(model, self.seed + worker)
        heeded = 0
        while self.best is None and not self.over():
            starts, verdict = self.loose
            if not verdict.soft and not self._lacking(starts) and self._offer(starts):
                return
            heeded = self._heed(model, heeded)
            found = better.step(starts, verdict, self.left, also=self._lacking(starts))
            if found is None:
                continue
            new = judge(bare, Timetable(found, no_rooms))
            with self.lock:
                cost = self.loose[1].soft_cost
                if new.soft_cost <= cost or self._lacking(starts):
                    self.loose = (found, new)
            if new.soft_cost < cost:
                self._told(new.soft_cost)

    def _lacking(self, starts: tuple[int, ...]) -> set[int]:
        """Activities that run at once where rooms are known to lack for them."""
        found: set[int] = set()
        for lack in self.lacks:
            running = {
                a
                for a in lack.activities
                if starts[a] <= lack.slot < starts[a] + self.problem.activities[a].duration
            }
            if len(running) == len(lack.activities):
                found |= running
        return found

    def _loose_start(self, model: Model) -> tuple[int, ...] | None:
        if self.current is not None and all(s in model.starts[a] for a, s in enumerate(self.current.starts)):
            return self.current.starts
        solver = self._solver(1, self.seed)
        solver.parameters.stop_after_first_solution = True
        status = self._solve_until_found(solver, model)
        if status == cp_model.INFEASIBLE:
            self.impossible = not self.lacks
        return starts_of(model, solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def _rooms_are_free(self) -> bool:
        """No wish concerns rooms: what the model of times proves is proven."""
        return not self.lacks and not any(
            rule.kind in say.OF_ROOMS and not rule.is_hard for rule in self.problem.rules
        )

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
            if better.proven and self._rooms_are_free():
                self.optimal = True
