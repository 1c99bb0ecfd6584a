"""Rooms for activities whose times are known: a small model of its own, and what to tell the large one when rooms lack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from ortools.sat.python import cp_model

from modules.schedule.solver.problem import Kind, Problem, Rule

HOMELESS = 1_000_000  # the price of an activity that must have a room and gets none
BROKEN = 10_000  # of breaking another hard rule about rooms
SCALE = 100


@dataclass(frozen=True, slots=True)
class Lack:
    """Activities that run at once and have fewer rooms than there are of them."""

    slot: int
    activities: tuple[int, ...]
    rooms: frozenset[int]


@dataclass(frozen=True, slots=True)
class Assignment:
    rooms: tuple[int | None, ...]
    lacks: tuple[Lack, ...]


def assign(problem: Problem, starts: Sequence[int], *, seconds: float = 5.0, workers: int = 1) -> Assignment:
    """Give each activity the room its rules ask for, as far as rooms go; `lacks` is empty when everyone has one."""
    if not any(rule.kind is Kind.ROOMS for rule in problem.rules):
        return Assignment((None,) * len(starts), ())
    task = _Task(problem, starts)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.solve(task.cp)
    rooms: list[int | None] = [None] * len(starts)
    for (a, room), var in task.held.items():
        if solver.boolean_value(var):
            rooms[a] = room
    homeless = [a for a, choice in enumerate(task.choice) if choice is not None and rooms[a] is None]
    return Assignment(tuple(rooms), tuple(task.lack_of(a, rooms) for a in homeless))


class _Task:
    """The model: whether an activity is held in a room, for each room it may have."""

    def __init__(self, problem: Problem, starts: Sequence[int]) -> None:
        self.problem, self.starts = problem, starts
        self.cp = cp_model.CpModel()
        self.choice = problem.room_choice()
        self.held: dict[tuple[int, int], cp_model.IntVar] = {}
        self.costs: list[tuple[int, cp_model.LinearExpr | int]] = []
        self._make()
        for rule in problem.rules:
            if rule.kind is Kind.ROOMS and not rule.is_hard:
                self._wish(rule)
            elif rule.kind is Kind.ROOMS_DIFFERENT:
                self._different(rule)
            elif rule.kind is Kind.ROOM_KEPT:
                self._kept(rule)
            elif rule.kind in (Kind.BUILDING_CHANGES, Kind.BUILDING_GAPS):
                for agent in rule.agents:
                    self._buildings(rule, agent)
        self.cp.minimize(sum(price * amount for price, amount in self.costs))

    def _slots(self, a: int) -> range:
        return range(self.starts[a], self.starts[a] + self.problem.activities[a].duration)

    def _make(self) -> None:
        wished: defaultdict[int, set[int]] = defaultdict(set)
        for rule in self.problem.rules:
            if rule.kind is Kind.ROOMS and not rule.is_hard:
                for a in rule.activities:
                    wished[a] |= rule.rooms
        taken: defaultdict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for a, must in enumerate(self.choice):
            rooms = wished[a] if must is None else must
            own = []
            for room in sorted(rooms):
                if any(s in self.problem.rooms[room].closed for s in self._slots(a)):
                    continue
                var = self.held[a, room] = self.cp.new_bool_var("")
                own.append(var)
                for slot in self._slots(a):
                    taken[room, slot].append(var)
            self.cp.add_at_most_one(own)
            if must is not None:
                self.costs.append((HOMELESS, 1 - sum(own)))
        for held in taken.values():
            self.cp.add_at_most_one(held)

    def _price(self, rule: Rule) -> int:
        return BROKEN if rule.is_hard else max(1, round(rule.weight * SCALE / 100))

    def _wish(self, rule: Rule) -> None:
        for a in rule.activities:
            inside = [self.held[a, r] for r in rule.rooms if (a, r) in self.held]
            self.costs.append((self._price(rule), 1 - sum(inside)))

    def _different(self, rule: Rule) -> None:
        used = []
        for room in range(len(self.problem.rooms)):
            held = [self.held[a, room] for a in rule.activities if (a, room) in self.held]
            if held:
                used.append(self.cp.new_bool_var(""))
                for one in held:
                    self.cp.add_implication(one, used[-1])
        if len(used) > rule.limit:
            over = self.cp.new_int_var(0, len(used), "")
            self.cp.add(sum(used) <= rule.limit + over)
            self.costs.append((self._price(rule), over))

    def _kept(self, rule: Rule) -> None:
        for a, b in combinations(sorted(rule.activities, key=lambda x: self.starts[x]), 2):
            between = range(self._slots(a).stop, self.starts[b])
            same_day = self.starts[a] // self.problem.width == self.starts[b] // self.problem.width
            if same_day and len(between) >= 0 and all(s in self.problem.breaks for s in between):
                moved = self.cp.new_bool_var("")
                for room in range(len(self.problem.rooms)):
                    one, other = self.held.get((a, room)), self.held.get((b, room))
                    if one is not None:
                        self.cp.add_bool_or([~one, *([other] if other is not None else []), moved])
                self.costs.append((self._price(rule), moved))

    def _in_building(self, a: int) -> dict[str, list[cp_model.IntVar]]:
        found: defaultdict[str, list[cp_model.IntVar]] = defaultdict(list)
        for room, it in enumerate(self.problem.rooms):
            if (a, room) in self.held and it.building:
                found[it.building].append(self.held[a, room])
        return found

    def _buildings(self, rule: Rule, agent: int) -> None:
        """Changes between neighbours of a day; exact when every activity of the agent has a room in some building."""
        acts = sorted(self.problem.agents[agent].activities, key=lambda x: self.starts[x])
        changes: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
        for a, b in pairwise([x for x in acts if self._in_building(x)]):
            day = self.starts[a] // self.problem.width
            if day != self.starts[b] // self.problem.width:
                continue
            near = self.starts[b] - self._slots(a).stop < rule.limit
            if rule.kind is Kind.BUILDING_GAPS and not near:
                continue
            changed = self.cp.new_bool_var("")
            for building, rooms in self._in_building(a).items():
                for other, others in self._in_building(b).items():
                    if other != building:
                        self.cp.add(sum(rooms) + sum(others) <= 1 + changed)
            changes[0 if rule.kind is Kind.BUILDING_CHANGES and rule.flag else day].append(changed)
        allowed = rule.limit if rule.kind is Kind.BUILDING_CHANGES else 0
        for made in changes.values():
            if len(made) > allowed:
                over = self.cp.new_int_var(0, len(made), "")
                self.cp.add(sum(made) <= allowed + over)
                self.costs.append((self._price(rule), over))

    def lack_of(self, homeless: int, rooms: Sequence[int | None]) -> Lack:
        """Who runs beside an activity without a room and, by exchanging, could give it one; and the rooms they share."""
        slot = self.starts[homeless]
        running = {
            rooms[a]: a for a in range(len(self.starts)) if slot in self._slots(a) and rooms[a] is not None
        }
        found, queue, reached = {homeless}, [homeless], set[int]()
        while queue:
            for room in self.choice[queue.pop()] or ():
                if room in reached or slot in self.problem.rooms[room].closed:
                    continue
                reached.add(room)
                holder = running.get(room)
                if holder is not None and holder not in found and self.choice[holder] is not None:
                    found.add(holder)
                    queue.append(holder)
        return Lack(slot, tuple(sorted(found)), frozenset(reached))
