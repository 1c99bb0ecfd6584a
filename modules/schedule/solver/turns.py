"""CP-SAT's turns beside the compiled search: the whole at once, for a proof or a lucky answer, and pieces solved exactly."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Protocol

from ortools.sat.python import cp_model

from modules.schedule.solver import say
from modules.schedule.solver.check import Verdict
from modules.schedule.solver.lns import Better, starts_of, watched
from modules.schedule.solver.model import Model
from modules.schedule.solver.problem import Problem, Timetable
from modules.schedule.solver.rooms import Lack

TRY = 6.0  # seconds for the first try; later ones get more
PER_SECOND = 4_000  # variables that lengthen it by a second
STALL, TURN = 4.0, 10.0  # seconds without a better answer before pieces take their turn, and how long that is


class Search(Protocol):
    """What the search offers to those who take turns in it."""

    problem: Problem
    current: Timetable | None
    best: Timetable | None
    verdict: Verdict | None
    lacks: list[Lack]
    impossible: bool
    optimal: bool

    @property
    def left(self) -> float: ...
    def arrived(self) -> bool: ...
    def settled(self) -> bool: ...
    def offer(self, starts: tuple[int, ...]) -> bool: ...
    def heed(self, model: Model, heeded: int) -> int: ...
    def rooms_are_free(self) -> bool: ...


class Straight:
    """CP-SAT on all demands at once, begun anew with other dice each time: how long it takes is mostly luck.

    Every second try has the wishes said, but without their price.
    """

    def __init__(self, search: Search, seed: int) -> None:
        self.search, self.seed = search, seed
        bare = tuple(rule for rule in search.problem.rules if rule.is_hard)
        self.ways = [replace(search.problem, rules=bare), search.problem]
        self.models: dict[int, Model] = {}
        self.heeded = [0, 0]
        self.tries = 0

    def go(self) -> None:
        """One try."""
        search, way = self.search, self.tries % 2
        if way not in self.models:
            self.models[way] = self._hinted(say.modelled(self.ways[way]))
        model = self.models[way]
        self.heeded[way] = search.heed(model, self.heeded[way])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed + self.tries
        if self.tries == 0:  # a light one first, for the many schools that are easy
            solver.parameters.linearization_level = 0
            solver.parameters.cp_model_probing_level = 0
            solver.parameters.symmetry_level = 0
        patience = (TRY + len(model.cp.proto.variables) / PER_SECOND) * 1.25**self.tries
        solver.parameters.max_time_in_seconds = max(0.1, min(patience, search.left))
        self.tries += 1
        status = watched(solver, model, search.arrived)
        if status == cp_model.INFEASIBLE:
            search.impossible = not search.lacks
        elif status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            search.offer(starts_of(model, solver))

    def _hinted(self, model: Model) -> Model:
        """The model with the current timetable as its hint."""
        if self.search.current is not None:
            for a, s in enumerate(self.search.current.starts):
                if model.leader[a] == a and s in model.starts[a]:
                    model.cp.add_hint(model.starts[a][s], 1)
        return model


class Exact:
    """One worker's pieces of the betterment of wishes."""

    def __init__(self, search: Search, seed: int) -> None:
        self.search, self.seed = search, seed
        self.better: Better | None = None
        self.heeded = 0

    def go(self) -> None:
        """The whole until nothing comes of it, then pieces, for a turn."""
        search, until = self.search, time.monotonic() + TURN
        if self.better is None:
            self.better = Better(say.modelled(search.problem), self.seed)
        better = self.better
        self.heeded = search.heed(better.model, self.heeded)
        assert search.best is not None
        better.whole(search.best.starts, search.offer, search.settled, seconds=search.left, patience=STALL)
        self._prove()
        while not search.settled() and time.monotonic() < until:
            best, verdict = search.best, search.verdict
            assert best is not None
            assert verdict is not None
            found = better.step(best.starts, verdict, search.left)
            if found is not None and found != best.starts:
                search.offer(found)
            self._prove()

    def _prove(self) -> None:
        if self.better is not None and self.better.proven and self.search.rooms_are_free():
            self.search.optimal = True
