"""The model for CP-SAT: one true-or-false per activity and start, cliques for everyone who cannot be in two places.

Rooms are decided afterwards (rooms.py); here they only bound how many activities may run at once. Activities that must
begin together share their variables. With `guarded`, each hard rule gets a switch of its own, for explain.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model

from modules.schedule.solver.problem import Kind, Problem, Rule

SCALE = 100  # of weights, to whole numbers
Literal = cp_model.IntVar
Linear = cp_model.LinearExpr | int


class Contradiction(Exception):
    """An activity has no start left by the rules about its start alone."""

    def __init__(self, activity: int) -> None:
        super().__init__(activity)
        self.activity = activity


class Model:
    """Variables, and the words in which the rules are said."""

    def __init__(self, problem: Problem, *, guarded: bool = False) -> None:
        self.problem = problem
        self.cp = cp_model.CpModel()
        self.costs: list[tuple[int, Linear]] = []
        self.guards: dict[int, Literal] = {}  # number of the rule → its switch
        self.guarded = guarded
        self._current: Literal | None = None
        self.leader = self._leaders()
        self.starts: list[dict[int, Literal]] = []
        self._make_starts()
        self._busy: dict[tuple[tuple[int, ...], int], Literal] = {}
        self._days: dict[tuple[int, int], Literal] = {}
        self._hours: dict[tuple[int, int], Literal] = {}
        self._cliques: set[frozenset[int]] = set()

    # ── variables ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _leaders(self) -> list[int]:
        """For each activity the first of those that must begin together with it."""
        parent = list(range(len(self.problem.activities)))

        def root(a: int) -> int:
            while parent[a] != a:
                parent[a] = parent[parent[a]]
                a = parent[a]
            return a

        if not self.guarded:
            for rule in self.problem.rules:
                if rule.kind is Kind.SAME_START and rule.is_hard:
                    for a in rule.activities[1:]:
                        first, second = sorted((root(rule.activities[0]), root(a)))
                        parent[second] = first
        return [root(a) for a in range(len(parent))]

    def _make_starts(self) -> None:
        problem = self.problem
        domains = [set(problem.fitting(a)) for a in range(len(problem.activities))]
        if not self.guarded:
            domains = problem.domains()
            self._close_rooms(domains)
            for a, leader in enumerate(self.leader):
                domains[leader] &= domains[a]
        made: dict[int, dict[int, Literal]] = {}
        for a, leader in enumerate(self.leader):
            if leader not in made:
                if not domains[leader]:
                    raise Contradiction(a)
                made[leader] = {s: self.cp.new_bool_var(f"a{a}s{s}") for s in sorted(domains[leader])}
                self.cp.add_exactly_one(made[leader].values())
            self.starts.append(made[leader])

    def _close_rooms(self, domains: list[set[int]]) -> None:
        """Leave out starts at which every room of the activity is closed."""
        for a, rooms in enumerate(self.problem.room_choice()):
            if rooms is None:
                continue
            length = self.problem.activities[a].duration
            closed = [self.problem.rooms[r].closed for r in rooms]
            domains[a] = {
                s for s in domains[a] if any(not any(s + i in shut for i in range(length)) for shut in closed)
            }

    def leaders_of(self, activities: Iterable[int]) -> list[int]:
        return list(dict.fromkeys(self.leader[a] for a in activities))

    def covering(self, activity: int, slot: int) -> list[Literal]:
        """The starts by which the activity runs in the slot."""
        length = self.problem.activities[activity].duration
        own = self.starts[activity]
        first = max(slot - length + 1, slot - slot % self.problem.width)
        return [own[s] for s in range(first, slot + 1) if s in own]

    def covering_any(self, activities: Iterable[int], slot: int) -> list[Literal]:
        """The starts by which any of the activities runs in the slot, each once."""
        found = {var.index: var for a in activities for var in self.covering(a, slot)}
        return list(found.values())

    def on_day(self, activity: int, day: int) -> list[Literal]:
        own = self.starts[activity]
        return [own[s] for s in self.problem.day_slots(day) if s in own]

    def is_on_day(self, activity: int, day: int) -> Literal:
        """Whether the activity is on the day."""
        key = (self.leader[activity], day)
        if key not in self._days:
            self._days[key] = self.sum_of(self.on_day(activity, day))
        return self._days[key]

    def is_at_hour(self, activity: int, hour: int) -> Literal:
        key = (self.leader[activity], hour)
        if key not in self._hours:
            own = self.starts[activity]
            self._hours[key] = self.sum_of([v for s, v in own.items() if s % self.problem.width == hour])
        return self._hours[key]

    def sum_of(self, literals: Sequence[Literal]) -> Literal:
        """A literal for literals of which at most one can be true."""
        if len(literals) == 1:
            return literals[0]
        made = self.cp.new_bool_var("")
        if literals:
            self.cp.add_exactly_one([*literals, ~made])
        else:
            self.cp.add(made == 0)
        return made

    def busy(self, activities: tuple[int, ...], slot: int) -> Literal:
        """Whether any of the activities (of which two never meet) runs in the slot."""
        key = (activities, slot)
        if key not in self._busy:
            found = self.covering_any(activities, slot)
            if self.guarded and len(found) > 1:
                self._busy[key] = self.any_of(found)
            else:
                self._busy[key] = self.sum_of(found)
        return self._busy[key]

    def any_of(self, literals: Sequence[Literal]) -> Literal:
        made = self.cp.new_bool_var("")
        self.cp.add_bool_or([*literals, ~made])
        for one in literals:
            self.cp.add_implication(one, made)
        return made

    # ── words of rules ─────────────────────────────────────────────────────────────────────────────────────────────

    def under(self, number: int, rule: Rule, said: Callable[[], None]) -> None:
        """Say a rule; with guards, under a switch of its own."""
        if self.guarded and rule.is_hard:
            self._current = self.guards[number] = self.cp.new_bool_var(f"rule{number}")
        said()
        self._current = None

    def _enforce(self, constraint: cp_model.Constraint) -> None:
        if self._current is not None:
            constraint.only_enforce_if(self._current)

    def clause(self, *literals: cp_model.LiteralT) -> None:
        self._enforce(self.cp.add_bool_or(*literals))

    def linear(self, expression: Any) -> None:
        """A comparison of sums; CP-SAT's stubs know too many types of it to be named."""
        self._enforce(self.cp.add(expression))

    def at_most_one(self, literals: Sequence[Literal]) -> None:
        if len(literals) < 2:
            return
        if self._current is not None:
            self.linear(sum(literals) <= 1)
            return
        key = frozenset(var.index for var in literals)
        if key not in self._cliques:
            self._cliques.add(key)
            self.cp.add_at_most_one(literals)

    def breach(self, rule: Rule) -> Literal | None:
        """For a wish, a literal that may be bought to break it once; for a demand, None."""
        if rule.is_hard:
            return None
        made = self.cp.new_bool_var("")
        self.cost(rule, made)
        return made

    def excess(self, rule: Rule, most: int) -> Linear:
        """For a wish, by how much it may be broken, at its price; for a demand, 0."""
        if rule.is_hard or most <= 0:
            return 0
        made = self.cp.new_int_var(0, most, "")
        self.cost(rule, made)
        return made

    def cost(self, rule: Rule, amount: Linear) -> None:
        self.costs.append((max(1, round(rule.weight * SCALE / 100)), amount))

    # ── who cannot be in two places ────────────────────────────────────────────────────────────────────────────────

    def forbid_meetings(self) -> None:
        """No agent in two places: for each agent and slot at most one; what another clique says already is left out."""
        for agent in self.problem.agents:
            if len(set(self.leaders_of(agent.activities))) < len(set(agent.activities)):
                self.linear(0 >= 1)  # two of them must begin together
        for acts in self._widest(agent.activities for agent in self.problem.agents):
            for slot in self.problem.slots:
                self.at_most_one(self.covering_any(acts, slot))

    def _widest(self, sets: Iterable[Sequence[int]]) -> list[tuple[int, ...]]:
        """Distinct sets that no other set contains."""
        distinct = sorted({tuple(sorted(set(s))) for s in sets}, key=len, reverse=True)
        kept: list[tuple[int, ...]] = []
        by_member: defaultdict[int, list[int]] = defaultdict(list)
        frozen: list[frozenset[int]] = []
        for one in distinct:
            if len(one) < 2:
                continue
            mine = frozenset(one)
            if any(mine <= frozen[k] for k in by_member[one[0]]):
                continue
            for a in one:
                by_member[a].append(len(kept))
            kept.append(one)
            frozen.append(mine)
        return kept

    def bound_rooms(self) -> None:
        """Never more activities at once than there are rooms for them: for each set of rooms that rules name, and for each
        union of overlapping ones."""
        choice = self.problem.room_choice()
        sets = {rooms for rooms in choice if rooms is not None}
        unions = set(sets)
        for first, second in combinations(sorted(sets, key=sorted), 2):
            if first & second and len(unions) < 400:
                unions.add(first | second)
        for rooms in unions:
            self.bound_room_set(rooms, choice)

    def bound_room_set(
        self, rooms: frozenset[int], choice: Sequence[frozenset[int] | None], slots: Iterable[int] = ()
    ) -> None:
        inside = [a for a, own in enumerate(choice) if own is not None and own <= rooms]
        for slot in slots or self.problem.slots:
            there = sum(1 for r in rooms if slot not in self.problem.rooms[r].closed)
            if len(inside) <= there:
                continue
            if there == 1 and len({self.leader[a] for a in inside}) == len(inside):
                self.at_most_one(self.covering_any(inside, slot))
            elif there:
                self.linear(sum(v for a in inside for v in self.covering(a, slot)) <= there)
            else:
                for one in self.covering_any(inside, slot):
                    self.clause(~one)

    def bound_rule(self, rule: Rule) -> None:
        """Never more activities of one rule at once than it names rooms."""
        choice = [rule.rooms if a in set(rule.activities) else None for a in range(len(self.leader))]
        self.bound_room_set(rule.rooms, choice)

    def wish_rooms(self, rule: Rule) -> None:
        """Wishes for rooms cost what does not fit into them at once."""
        for slot in self.problem.slots:
            there = sum(1 for r in rule.rooms if slot not in self.problem.rooms[r].closed)
            running = [v for a in rule.activities for v in self.covering(a, slot)]
            if len(rule.activities) > there and len(running) > there:
                self.linear(sum(running) <= there + self.excess(rule, len(rule.activities) - there))
