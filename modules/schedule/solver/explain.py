"""Why a timetable cannot be made though the hours add up: the smallest set of rules that exclude each other.

Everything is data, numbers and names; the words are the screen's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from ortools.sat.python import cp_model

from modules.schedule.solver import say
from modules.schedule.solver.problem import Problem

PER_QUESTION = 5.0  # seconds for one "is it possible without this rule?"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that cannot all be kept, by number; without any one of them the others of the set can, when `smallest`.

    `rules` is empty when even the meetings alone exclude a timetable. `possible`: there is no conflict at all.
    """

    rules: tuple[int, ...] = ()
    smallest: bool = False
    possible: bool = False
    known: bool = True


def conflict(problem: Problem, *, seconds: float = 30.0) -> Conflict:
    """The smallest set of hard rules that cannot be kept together, as far as `seconds` reach."""
    deadline = time.monotonic() + seconds
    model = say.modelled(problem, guarded=True)
    number_of = {guard.index: number for number, guard in model.guards.items()}

    def asked(numbers: list[int], most: float) -> tuple[int, list[int]]:
        """The solver's status when these rules must hold, and a part of them that already fails."""
        model.cp.clear_assumptions()
        model.cp.add_assumptions([model.guards[n] for n in numbers])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = max(0.1, most)
        status = int(solver.solve(model.cp))
        core = solver.sufficient_assumptions_for_infeasibility() if status == cp_model.INFEASIBLE else []
        return status, [number_of[index] for index in core if index in number_of]

    status, core = asked(list(model.guards), deadline - time.monotonic())
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Conflict(possible=True)
    if status != cp_model.INFEASIBLE:
        return Conflict(known=False)
    left, smallest = core, True
    for number in core:
        if number not in left:
            continue
        without = [n for n in left if n != number]
        status, core = asked(without, min(PER_QUESTION, deadline - time.monotonic()))
        if status == cp_model.INFEASIBLE:
            left = [n for n in without if n in core] if core else []
            if not core:
                break
        elif status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            smallest = False
    return Conflict(rules=tuple(sorted(left)), smallest=smallest)
