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
from modules.schedule.solver.detour import Detour
from modules.schedule.solver.lns import Better, starts_of, watched
from modules.schedule.solver.model import Contradiction, Model
from modules.schedule.solver.problem import HARD, Kind, Problem, Rule, Timetable

STAY = 99.0  # the weight of the wish to stay where one is
STRONG = 90.0  # wishes that the first answer takes for demands
TRY = 6.0  # seconds for the first try of the straight way; later ones get more
PER_SECOND = 4_000  # variables that lengthen it by a second
STALL, TURN = 4.0, 10.0  # seconds without a better answer before pieces take their turn, and how long that is
TRIES = 6  # before this worker takes a detour too


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
        Rule(Kind.STARTS, "Stay", weight=STAY, activities=(a,), slots=frozenset({s}))
        for a, s in enumerate(current.starts)
    )
    return replace(problem, rules=problem.rules + stay)


def eager(problem: Problem) -> Problem:
    """The demands of the problem, and with them its strong wishes for days apart where there are days enough.

    What never shares a day need not be told to lie together there.
    """
    taken: dict[tuple[int, ...], Rule] = {}
    for rule in problem.rules:
        fits = (len(rule.activities) - 1) * rule.limit < len(problem.days)
        if rule.kind is Kind.MIN_DAYS and rule.limit > 0 and fits and rule.weight >= STRONG:
            taken[rule.activities] = replace(rule, weight=HARD)
    kept = tuple(
        rule
        for rule in problem.rules
        if rule.is_hard and not (rule.kind is Kind.BESIDE and rule.activities in taken)
    )
    return replace(problem, rules=tuple(dict.fromkeys((*kept, *taken.values()))))


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

    def told(self, broken: float) -> None:
        if self.report is not None:
            wishes = None if self.verdict is None else self.verdict.soft_cost
            self.report(Progress(time.monotonic() - self.begun, broken, wishes, self.best))

    # ── the whole ──────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> Answer:
        try:
            ways = [self._straight, self._detour] if self.workers > 1 else [self._straight]
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

    def offer(self, starts: tuple[int, ...]) -> bool:
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
            self.told(0.0)
        return True

    def heed(self, model: Model, heeded: int) -> int:
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
        """CP-SAT on all demands, begun anew with other dice each time it takes long.

        How long it takes is mostly luck (three seconds or three hundred for one school), so many short tries beat a long one.
        Some tries take the strong wishes for demands, which makes the model smaller and the answer better.
        """
        bare = replace(self.problem, rules=tuple(rule for rule in self.problem.rules if rule.is_hard))
        ways = [
            bare,
            self.problem,
            eager(self.problem),
        ]  # the second with its wishes said, but without their price
        models: dict[int, Model] = {}
        heeded = [0] * len(ways)
        for tries in range(TRIES if self.workers > 1 else len(ways)):
            way = tries % len(ways)
            if self.arrived():
                return
            if way not in models:
                models[way] = self._hinted(say.modelled(ways[way]))
            model = models[way]
            heeded[way] = self.heed(model, heeded[way])
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.random_seed = self.seed + tries
            if tries == 0:  # a light one first, for the many schools that are easy
                solver.parameters.linearization_level = 0
                solver.parameters.cp_model_probing_level = 0
                solver.parameters.symmetry_level = 0
            patience = (TRY + len(model.cp.proto.variables) / PER_SECOND) * 1.25**tries
            solver.parameters.max_time_in_seconds = max(0.1, min(patience, self.left))
            status = watched(solver, model, self.arrived)
            if status == cp_model.INFEASIBLE and way < 2:
                self.impossible = not self.lacks
                return
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                self.offer(starts_of(model, solver))
        if not self.arrived():
            Detour(self, eager(self.problem), self.seed + 1).go()

    def _hinted(self, model: Model) -> Model:
        """The model with the current timetable as its hint."""
        if self.current is not None:
            for a, s in enumerate(self.current.starts):
                if model.leader[a] == a and s in model.starts[a]:
                    model.cp.add_hint(model.starts[a][s], 1)
        return model

    def _detour(self) -> None:
        Detour(self, self.problem, self.seed).go()

    def arrived(self) -> bool:
        """Whether the ways to the first answer are no longer needed."""
        return self.best is not None or self.over()

    def lacking(self, starts: tuple[int, ...]) -> set[int]:
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

    def _rooms_are_free(self) -> bool:
        """No wish concerns rooms: what the model of times proves is proven."""
        return not self.lacks and not any(
            rule.kind in say.OF_ROOMS and not rule.is_hard for rule in self.problem.rules
        )

    # ── after the first answer ─────────────────────────────────────────────────────────────────────────────────────

    def _better(self, worker: int) -> None:
        """Better the best answer, one piece after another."""
        better = Better(say.modelled(self.problem), self.seed + 1000 + worker)
        heeded, turn = 0, time.monotonic()
        while not self.over() and not self.optimal:
            heeded = self.heed(better.model, heeded)
            with self.lock:
                best, verdict = self.best, self.verdict
            assert best is not None
            assert verdict is not None
            if not verdict.soft:
                self.optimal = True
                return
            if worker == 0 and time.monotonic() >= turn:
                better.whole(best.starts, self.offer, self._settled, seconds=self.left, patience=STALL)
                turn = time.monotonic() + TURN
            else:
                found = better.step(best.starts, verdict, self.left)
                if found is not None and found != best.starts:
                    self.offer(found)
            if better.proven and self._rooms_are_free():
                self.optimal = True

    def _settled(self) -> bool:
        """Whether there is nothing left to better."""
        return self.over() or self.optimal or bool(self.verdict and not self.verdict.soft)
