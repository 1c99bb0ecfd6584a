"""Finds a timetable and betters it until the time ends: the door of the solver.

The compiled search (placing/) places lesson after lesson, on every core with other dice, and betters what stands. CP-SAT takes
its turns beside it: it proves that there is no timetable, mends what the compiled search does not know, and solves pieces of
the betterment exactly.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from modules.schedule.solver import rooms, say
from modules.schedule.solver.check import Verdict, judge
from modules.schedule.solver.detour import Detour
from modules.schedule.solver.model import Contradiction, Model
from modules.schedule.solver.problem import Kind, Problem, Rule, Timetable
from modules.schedule.solver.turns import Exact, Straight

if TYPE_CHECKING:
    from modules.schedule.solver.placing.search import Placing
    from modules.schedule.solver.placing.tables import Tables

STAY = 99.0  # the weight of the wish to stay where one is
ALONE = (
    20.0  # seconds for which the compiled search has every core, if so much is left; then CP-SAT takes a turn
)
ANEW = 10.0  # seconds after which a core that has not placed everything begins anew with other dice; each next try is longer
SAY = 0.5  # seconds between two words about lessons that wait
CYCLE, LONGER = 2.0, 1.5  # seconds of the first cooling down, and by how much each next one is longer


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been reached: `broken` is the number of lessons not yet placed, or the price of demands still broken."""

    seconds: float
    broken: float
    wishes: float | None
    timetable: Timetable | None
    preparing: bool = False  # the search is being compiled, once an installation


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
        self.seconds = seconds
        self.deadline = self.begun + seconds
        self.report, self.asked_to_stop = report, stop
        self.lock = threading.Lock()
        self.lacks: list[rooms.Lack] = []
        self.best: Timetable | None = None
        self.verdict: Verdict | None = None
        self.first: float | None = None
        self.impossible = self.optimal = False
        self.said = self.begun
        self.offering = 0.0  # seconds that the last offer took

    # ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def left(self) -> float:
        return self.deadline - time.monotonic()

    def over(self) -> bool:
        return self.left <= 0 or self.impossible or bool(self.asked_to_stop and self.asked_to_stop())

    def told(self, broken: float, *, preparing: bool = False) -> None:
        if self.report is not None:
            wishes = None if self.verdict is None else self.verdict.soft_cost
            self.report(Progress(time.monotonic() - self.begun, broken, wishes, self.best, preparing))

    # ── the whole ──────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> Answer:
        tables = self._prepared()
        try:
            self._side_by_side(lambda n: self._first(n, tables))
            if self.best is not None and not self.over():
                self._side_by_side(lambda n: self._better(n, tables))
        except Contradiction:
            self.impossible = True
        return Answer(
            timetable=self.best,
            verdict=self.verdict,
            seconds_to_first=self.first,
            seconds=time.monotonic() - self.begun,
            impossible=self.impossible,
            best_possible=self.optimal or bool(self.verdict and not self.verdict.soft),
        )

    def _prepared(self) -> Tables | None:
        """The tables of the compiled search, or None when the problem is not for it.

        Compiling is done once an installation, and is not taken off the time to search.
        """
        from modules.schedule.solver.placing.compiled import is_ready

        if not is_ready():
            self.told(0.0, preparing=True)
        begun = time.monotonic()
        from modules.schedule.solver.placing import search as _compiled  # noqa: F401
        from modules.schedule.solver.placing.tables import Tables, Unfit

        self.deadline += time.monotonic() - begun
        try:
            return Tables(self.problem)
        except Unfit:
            return None

    def _side_by_side(self, act: Callable[[int], None]) -> None:
        with ThreadPoolExecutor(self.workers) as pool:
            for done in [pool.submit(act, n) for n in range(self.workers)]:
                done.result()

    def offer(self, starts: tuple[int, ...]) -> bool:
        """Take the answer when it keeps every hard rule and is no worse than the best; False when rooms lack."""
        begun = time.monotonic()
        given = rooms.assign(self.problem, starts, seconds=min(5.0, max(0.5, self.left)))
        if given.lacks:
            with self.lock:
                self.lacks += given.lacks
            return False
        timetable = Timetable(starts, given.rooms)
        verdict = judge(self.problem, timetable)
        with self.lock:
            self.offering = time.monotonic() - begun
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

    # ── ways to the first answer ───────────────────────────────────────────────────────────────────────────────────

    def arrived(self) -> bool:
        """Whether the ways to the first answer are no longer needed."""
        return self.best is not None or self.over()

    def _first(self, worker: int, tables: Tables | None) -> None:
        """Place everything; the last worker gives CP-SAT its turns, to prove that it is impossible or to be luckier."""
        straight = Straight(self, self.seed + worker)
        is_last = worker == self.workers - 1
        if tables is None:
            while is_last and not self.arrived():
                straight.go()
            return None if is_last else Detour(self, self.problem, self.seed).go()
        placing = self._begun(tables, worker)
        turn = min(ALONE, self.seconds / 3) if is_last else ANEW
        dice = worker
        while not self.arrived():
            starts = placing.construct(partial(self._weary, placing, time.monotonic() + turn))
            if starts is None:
                if self.arrived():
                    return None
                if is_last:
                    straight.go()
                else:
                    # Which dice place everything is luck; an odd step makes the strict and the mild take turns.
                    dice, turn = dice + 2 * self.workers - 1, turn * LONGER
                    placing = self._begun(tables, dice)
                continue
            if self.offer(starts) or self.arrived():
                return None
            bounded = self._bounded(tables)
            if bounded is None:  # the compiled search does not know what is still broken
                return Detour(self, self.problem, self.seed, starts).go()
            tables, placing = bounded, self._placing(bounded, worker)
            placing.begin_with(starts)
        return None

    def _weary(self, placing: Placing, until: float) -> bool:
        """Whether to break off placing; now and then it says how much waits."""
        now = time.monotonic()
        if now - self.said > SAY and not self.arrived():
            self.said = now
            self.told(placing.waiting)
        return now > until or self.arrived()

    def _placing(self, tables: Tables, dice: int) -> Placing:
        from modules.schedule.solver.placing.search import Placing

        return Placing(tables, self.seed + 17 * dice, strict=dice % 2 == 0)

    def _begun(self, tables: Tables, dice: int) -> Placing:
        """A search that has placed nothing, or as much as it can of the timetable to begin with."""
        placing = self._placing(tables, dice)
        if self.current is not None:
            placing.begin_with(self.current.starts)
        return placing

    def _bounded(self, tables: Tables) -> Tables | None:
        """Tables that heed the rooms that lacked since these were written; None when none has."""
        lacks = list(self.lacks)
        return tables.heeding(lacks) if len(lacks) > tables.heeded else None

    def rooms_are_free(self) -> bool:
        """No wish concerns rooms: what the model of times proves is proven."""
        return not self.lacks and not any(
            rule.kind in say.OF_ROOMS and not rule.is_hard for rule in self.problem.rules
        )

    # ── after the first answer ─────────────────────────────────────────────────────────────────────────────────────

    def settled(self) -> bool:
        """Whether there is nothing left to better."""
        return self.over() or self.optimal or bool(self.verdict and not self.verdict.soft)

    def _better(self, worker: int, tables: Tables | None) -> None:
        """Better the best answer: by thousands of small moves, and by pieces solved exactly when these find no more."""
        exact = Exact(self, self.seed + 1000 + worker)
        placing = None if tables is None else self._placing(tables, 1000 + worker)
        seconds = CYCLE
        while not self.settled():
            assert self.verdict is not None
            before = self.verdict.soft_cost
            if tables is not None and placing is not None:
                bounded = self._bounded(tables)
                if bounded is not None:
                    tables, placing = bounded, self._placing(bounded, 1000 + worker)
                self._cool(placing, min(seconds, self.left - 2 * self.offering))
                seconds *= LONGER
            if worker == self.workers - 1 and (tables is None or self.verdict.soft_cost >= before):
                exact.go()

    def _cool(self, placing: Placing, seconds: float) -> None:
        """Once from hot to cold, beginning at the best answer."""
        assert self.best is not None
        placing.return_to(self.best.starts)
        if placing.waiting == 0:
            before = placing.price
            starts = placing.improve(seconds, self.settled)
            if placing.reached < before:
                self.offer(starts)
