"""The detour to a first answer: a timetable in which only nobody is in two places, bettered until no demand is broken.

Tight schools are found so: that CP-SAT places everybody rightly at once is luck, that it places a few better than before is
its daily bread.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Protocol

from ortools.sat.python import cp_model

from modules.schedule.solver import say
from modules.schedule.solver.check import Verdict, judge
from modules.schedule.solver.lns import Better
from modules.schedule.solver.model import Model
from modules.schedule.solver.problem import Kind, Problem, Timetable

BROKEN = 99.0  # the weight of a demand on the way: to be bettered away, not to be kept at once
# Rules that are kept on the way too: they only say where activities may stand, or make two of them one.
KEPT = frozenset({Kind.STARTS, Kind.SAME_START, Kind.ROOMS})
STALL, TURN = 4.0, 8.0  # seconds without a better answer before pieces take their turn, and how long that is


class Travellers(Protocol):
    """What the search that is on its way offers to each who is."""

    current: Timetable | None

    @property
    def left(self) -> float: ...
    def arrived(self) -> bool: ...
    def offer(self, starts: tuple[int, ...]) -> bool: ...
    def heed(self, model: Model, heeded: int) -> int: ...
    def lacking(self, starts: tuple[int, ...]) -> set[int]: ...
    def told(self, broken: float) -> None: ...


def loosened(problem: Problem) -> Problem:
    """The problem with its demands, but for the plainest and the days apart, as wishes."""
    return replace(
        problem,
        rules=tuple(
            rule if rule.kind in KEPT else replace(rule, weight=BROKEN)
            for rule in problem.rules
            if rule.is_hard and (rule.kind not in say.OF_ROOMS or rule.kind is Kind.ROOMS)
        ),
    )


class Detour:
    def __init__(
        self, search: Travellers, problem: Problem, seed: int, starts: tuple[int, ...] | None = None
    ) -> None:
        self.search = search
        loose = loosened(problem)
        self.better = Better(say.modelled(loose), seed)
        # Rooms are judged when an answer is offered.
        self.judged = replace(loose, rules=tuple(r for r in loose.rules if r.kind is not Kind.ROOMS))
        self.no_rooms = (None,) * len(problem.activities)
        self.starts: tuple[int, ...] | None = None
        self.verdict: Verdict | None = None
        self.heeded = 0
        current = search.current
        self.begin = starts if starts is not None or current is None else current.starts

    def go(self) -> None:
        """Until somebody arrives, or the time is over."""
        search, begin = self.search, self.begin
        if begin is not None and all(s in self.better.model.starts[a] for a, s in enumerate(begin)):
            self.take(begin)
        while not search.arrived():
            if self.is_there() and self.starts is not None and search.offer(self.starts):
                return
            self.heeded = search.heed(self.better.model, self.heeded)
            status = self.better.whole(
                self.starts,
                self.take,
                lambda: search.arrived() or self.is_there(),
                seconds=search.left,
                patience=STALL if self.starts is not None else search.left,
            )
            if status == cp_model.INFEASIBLE and self.starts is None:
                return
            self.pieces()

    def take(self, starts: tuple[int, ...]) -> None:
        """Go on from here, when it is no worse."""
        verdict = judge(self.judged, Timetable(starts, self.no_rooms))
        if self.starts is not None and self.verdict is not None:
            worse = verdict.soft_cost > self.verdict.soft_cost
            if worse and not self.search.lacking(self.starts):
                return
        if self.verdict is None or verdict.soft_cost < self.verdict.soft_cost:
            self.search.told(verdict.soft_cost)
        self.starts, self.verdict = starts, verdict

    def is_there(self) -> bool:
        """Whether no demand is broken any more and no rooms are known to lack."""
        return (
            self.starts is not None
            and self.verdict is not None
            and not self.verdict.soft
            and not self.search.lacking(self.starts)
        )

    def pieces(self) -> None:
        """Some pieces, solved anew."""
        until = time.monotonic() + TURN
        while not self.search.arrived() and not self.is_there() and time.monotonic() < until:
            if self.starts is None or self.verdict is None:
                return
            lacking = self.search.lacking(self.starts)
            found = self.better.step(self.starts, self.verdict, self.search.left, also=lacking)
            if found is not None:
                self.take(found)
