"""Betters a timetable, in two ways that take turns.

`whole` leaves it to CP-SAT's own neighbourhoods: they are small, quick and blind, and best while much is wrong. `step` frees a
piece and lets CP-SAT solve it exactly; the pieces are those a deputy director would take up: whose rules are broken, a few
teachers and classes, two days. Their size follows the solver: pieces it finishes grow, others shrink. An equal answer is taken
too, so that the search does not stand still on a plain.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from modules.schedule.solver.check import Verdict
from modules.schedule.solver.model import Model
from modules.schedule.solver.problem import Problem, Rule

SMALLEST = 12
PATIENCE = 3.0  # seconds for a piece


def starts_of(model: Model, solver: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> tuple[int, ...]:
    """Where the solver's answer begins each activity."""
    found: dict[int, int] = {}
    for a, leader in enumerate(model.leader):
        if leader not in found:
            found[leader] = next(s for s, v in model.starts[a].items() if solver.boolean_value(v))
    return tuple(found[leader] for leader in model.leader)


@dataclass
class Pieces:
    """Chooses what to free."""

    problem: Problem
    random: random.Random
    size: float = 60.0
    weights: dict[str, float] = field(default_factory=lambda: {"broken": 6.0, "agents": 2.0, "days": 1.0})

    def choose(self, starts: Sequence[int], broken: Verdict) -> set[int]:
        """Activities to be placed anew, about `size` of them."""
        if self.size >= len(self.problem.activities) or not self.problem.agents:
            return set(range(len(self.problem.activities)))
        kind = self.random.choices(list(self.weights), list(self.weights.values()))[0]
        rules = [one.rule for one in (*broken.hard, *broken.soft)]
        if kind == "broken" and rules:
            return self._around(self.random.choice(rules), starts)
        if kind == "days":
            return self._days(starts)
        return self._agents([self.random.randrange(len(self.problem.agents))])

    def _around(self, rule: Rule, starts: Sequence[int]) -> set[int]:
        """The activities of a broken rule and of those it binds."""
        agents, activities = list(rule.agents), list(rule.activities)
        self.random.shuffle(agents)
        self.random.shuffle(activities)
        agents = agents[:2] + [n for a in activities[:2] for n in self.problem.activities[a].agents]
        return self._agents(agents) | set(activities[: SMALLEST // 2])

    def _agents(self, seeds: Sequence[int]) -> set[int]:
        """All activities of some agents, and of agents who share activities with them, until the piece is full."""
        queue, seen, freed = list(dict.fromkeys(seeds)), set(seeds), set[int]()
        while queue and len(freed) < self.size:
            agent = queue.pop(self.random.randrange(min(3, len(queue))))
            freed.update(self.problem.agents[agent].activities)
            beside = [
                n for a in self.problem.agents[agent].activities for n in self.problem.activities[a].agents
            ]
            self.random.shuffle(beside)
            for n in beside:
                if n not in seen:
                    seen.add(n)
                    queue.append(n)
            if not queue and len(freed) < self.size:
                queue.append(self.random.randrange(len(self.problem.agents)))
        return freed

    def _days(self, starts: Sequence[int]) -> set[int]:
        """What stands on some days, as much as fits the size."""
        width = self.problem.width
        days = list(range(len(self.problem.days)))
        self.random.shuffle(days)
        freed: list[int] = []
        for day in days[: 2 if len(days) < 8 else 3]:
            freed += [a for a, s in enumerate(starts) if s // width == day]
        if len(freed) <= 2 * self.size:
            return set(freed)
        # Too much for one piece: of these days, only some agents' activities.
        standing = set(freed)
        return {
            a for a in self._agents([self.random.randrange(len(self.problem.agents))]) if a in standing
        } | set(self.random.sample(freed, int(self.size / 2)))

    def learn(self, finished: bool) -> None:
        """Grow after a piece that was solved to the end, shrink after one that was not."""
        most = max(SMALLEST, len(self.problem.activities))
        self.size = min(most, max(SMALLEST, self.size * (1.08 if finished else 0.85)))


class _Found(cp_model.CpSolverSolutionCallback):
    """Passes on each answer, and stops the solver when none has come for a while."""

    def __init__(self, model: Model, tell: Callable[[tuple[int, ...]], object]) -> None:
        super().__init__()
        self.model, self.tell = model, tell
        self.last = time.monotonic()

    def on_solution_callback(self) -> None:
        self.last = time.monotonic()
        self.tell(starts_of(self.model, self))


def watched(
    solver: cp_model.CpSolver,
    model: Model,
    enough: Callable[[], bool],
    callback: cp_model.CpSolverSolutionCallback | None = None,
) -> int:
    """Solve, but stop soon after it is `enough`."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            if enough():
                solver.stop_search()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(watch)
        try:
            return int(solver.solve(model.cp, callback))
        finally:
            done.set()


class Better:
    """One worker's model, and the acts of bettering a timetable in it."""

    def __init__(self, model: Model, seed: int) -> None:
        self.model = model
        self.random = random.Random(seed)  # noqa: S311 — a search, not a secret
        self.pieces = Pieces(model.problem, self.random)
        self.proven = False  # the last piece was the whole, solved to the end
        model.cp.minimize(sum(price * amount for price, amount in model.costs))

    def whole(
        self,
        starts: Sequence[int] | None,
        tell: Callable[[tuple[int, ...]], object],
        enough: Callable[[], bool],
        *,
        seconds: float,
        patience: float,
    ) -> int:
        """Let CP-SAT better the whole until nothing has come for `patience` seconds; each answer is told. Its status."""
        self.model.cp.clear_hints()
        for a, leader in enumerate(self.model.leader if starts is not None else ()):
            if leader == a and starts is not None:
                for s, v in self.model.starts[a].items():
                    self.model.cp.add_hint(v, int(s == starts[a]))
        found = _Found(self.model, tell)
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers = 2  # one reasons, the other tries neighbourhoods
        parameters.ignore_subsolvers.append("default_lp")
        parameters.extra_subsolvers.append("no_lp")
        parameters.random_seed = self.random.randrange(1 << 30)
        parameters.max_time_in_seconds = max(0.1, seconds)
        status = watched(
            solver, self.model, lambda: enough() or time.monotonic() - found.last > patience, found
        )
        self.proven = status == cp_model.OPTIMAL
        return status

    def step(
        self, starts: Sequence[int], broken: Verdict, seconds: float, also: Iterable[int] = ()
    ) -> tuple[int, ...] | None:
        """One piece solved anew, with `also` in it; the whole timetable, or None when the piece did not yield."""
        freed = self.pieces.choose(starts, broken).union(also)
        leaders = self.model.leader
        free_leaders = {leaders[a] for a in freed}
        self.model.cp.clear_hints()
        for a, leader in enumerate(leaders):
            if leader == a and leader not in free_leaders:
                self.model.cp.add_hint(self.model.starts[a][starts[a]], 1)
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers = 1
        parameters.fix_variables_to_their_hinted_value = True
        parameters.max_time_in_seconds = min(PATIENCE, max(0.05, seconds))
        parameters.random_seed = self.random.randrange(1 << 30)
        parameters.linearization_level = 0
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        status = solver.solve(self.model.cp)
        self.pieces.learn(status in (cp_model.OPTIMAL, cp_model.INFEASIBLE))
        self.proven = status == cp_model.OPTIMAL and len(freed) == len(leaders)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return starts_of(self.model, solver)
