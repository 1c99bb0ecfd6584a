"""Writes a problem into the flat tables of the compiled search, and reads an arrangement out of them.

Kinds of rules that the search does not know are left out; the judge and the pieces of CP-SAT know them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from modules.schedule.solver.placing import layout as at
from modules.schedule.solver.problem import Kind, Problem, Rule
from modules.schedule.solver.rooms import Lack

PRICES = 100  # of one unit of weight
WIDEST = 58  # hours of a day that fit into a number's bits
PAIRS = {
    Kind.MIN_DAYS: at.MIN_DAYS,
    Kind.BESIDE: at.BESIDE,
    Kind.MAX_DAYS_BETWEEN: at.MAX_DAYS_BETWEEN,
    Kind.MIN_GAPS_BETWEEN: at.MIN_GAPS_BETWEEN,
    Kind.SAME_START: at.SAME_START,
    Kind.SAME_DAY: at.SAME_DAY,
    Kind.SAME_HOUR: at.SAME_HOUR,
    Kind.APART: at.APART,
    Kind.CONSECUTIVE: at.CONSECUTIVE,
    Kind.GROUPED: at.GROUPED,
    Kind.ORDERED: at.ORDERED,
    Kind.ORDERED_SAME_DAY: at.ORDERED_SAME_DAY,
}
TOGETHER = (at.MAX_DAYS_BETWEEN, at.SAME_START, at.SAME_DAY, at.SAME_HOUR)  # kept by whoever begins together
OF_DAYS = {
    Kind.GAPS_WEEK: at.GAPS_WEEK,
    Kind.GAPS_DAY: at.GAPS_DAY,
    Kind.EARLY: at.EARLY,
    Kind.DAYS_MAX: at.DAYS_MAX,
    Kind.DAYS_MIN: at.DAYS_MIN,
    Kind.HOURS_MAX: at.HOURS_MAX,
    Kind.HOURS_MIN: at.HOURS_MIN,
    Kind.CONTINUOUS_MAX: at.CONTINUOUS_MAX,
    Kind.SPAN_MAX: at.SPAN_MAX,
    Kind.REST_MIN: at.REST_MIN,
}
FILLS = {Kind.GAPS_WEEK: at.R_GAPS_WEEK, Kind.GAPS_DAY: at.R_GAPS_DAY, Kind.EARLY: at.R_EARLY}
LONG_APART = 3  # so many activities that must not overlap are a watch, not pairs


class Unfit(Exception):
    """The problem is not for this search: no start is left to an activity, or its days are too long."""


@dataclass
class _Watch:
    """Rows to be written; demands and wishes apart."""

    members: tuple[tuple[int, int], ...]  # (block, hours)
    closed: frozenset[int]
    interval: frozenset[int]
    demands: dict[tuple[int, int, int], list[int]] = field(default_factory=dict)
    wishes: dict[tuple[int, int, int, int], list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bound:
    """At most so many of the activities may run in each slot that is named; `touch`: may touch any of these slots."""

    activities: tuple[int, ...]
    limits: tuple[tuple[int, int], ...]  # (slot, how many)
    touch: bool = False


class Tables:
    """The problem in numbers: `t` for the compiled functions, and `state` for a search to begin with."""

    def __init__(self, problem: Problem, lacks: Sequence[Lack] = ()) -> None:
        if problem.width > WIDEST or not problem.activities:
            raise Unfit
        self.problem = problem
        self.block_of, self.blocks = _blocks(problem)
        self.domains = self._domains()
        self.hours = [max(problem.activities[a].duration for a in acts) for acts in self.blocks]
        self.prices = [[0] * len(problem.slots) for _ in self.blocks]
        self.pairs: list[list[tuple[int, ...]]] = [[] for _ in self.blocks]
        self.pair_wishes: list[list[tuple[int, ...]]] = [[] for _ in self.blocks]
        self.watches: dict[tuple[object, ...], _Watch] = {}
        self.heeded = len(lacks)
        self.bounds: list[Bound] = []
        for rule in problem.rules:
            self._read(rule)
        self._watch_everybody()
        self._bound_rooms(lacks)
        self.t = self._written()
        self.waiting = self._hardest_last()

    def heeding(self, lacks: Sequence[Lack]) -> Tables:
        """The same, with bounds where rooms lacked."""
        return Tables(self.problem, lacks)

    # ── reading the problem ────────────────────────────────────────────────────────────────────────────────────────

    def _domains(self) -> list[list[int]]:
        problem = self.problem
        domains = problem.domains()
        for a, rooms in enumerate(problem.room_choice()):
            if rooms is not None:
                hours = range(problem.activities[a].duration)
                closed = [problem.rooms[r].closed for r in rooms]
                domains[a] = {
                    s for s in domains[a] if any(all(s + i not in shut for i in hours) for shut in closed)
                }
        found = [sorted(set.intersection(*(domains[a] for a in acts))) for acts in self.blocks]
        if not all(found):
            raise Unfit
        return found

    def _read(self, rule: Rule) -> None:
        price = 0 if rule.is_hard else max(1, round(rule.weight * PRICES))
        if rule.kind is Kind.STARTS:
            if price:
                for a in rule.activities:
                    row = self.prices[self.block_of[a]]
                    for slot in self.domains[self.block_of[a]]:
                        row[slot] += 0 if slot in rule.slots else price
        elif rule.kind in OF_DAYS:
            self._of_days(rule, price)
        elif rule.kind is Kind.APART and rule.is_hard and len(rule.activities) >= LONG_APART:
            self._watch(rule.activities, frozenset(), frozenset())
        elif rule.kind is Kind.GROUPED and len(rule.activities) > 2:
            self._three_grouped(rule, price)
        elif rule.kind in PAIRS:
            if rule.kind is not Kind.SAME_START or price:
                for a, b in combinations(rule.activities, 2):
                    self._pair(PAIRS[rule.kind], rule.limit, a, b, price)
        elif rule.kind is Kind.ENDS_DAY and rule.is_hard:
            for a in rule.activities:
                for b in self._fellows(a):
                    self._pair(at.ORDERED_SAME_DAY, 0, b, a, 0)
        elif rule.kind is Kind.BUILDING_GAPS and rule.is_hard:
            self._between_buildings(rule)
        elif rule.kind is Kind.SIMULTANEOUS_MAX and rule.is_hard:
            self.bounds.append(Bound(rule.activities, tuple((s, rule.limit) for s in rule.slots)))
        elif rule.kind is Kind.FROM_SET_MAX and rule.is_hard:
            limits = tuple((s, rule.limit) for s in rule.slots)
            self.bounds.append(Bound(rule.activities, limits, touch=True))

    def _fellows(self, a: int) -> set[int]:
        """Whoever shares students with the activity."""
        agents = self.problem.agents
        students = [n for n in self.problem.activities[a].agents if not agents[n].is_teacher]
        return {b for n in students for b in agents[n].activities if self.block_of[b] != self.block_of[a]}

    def _between_buildings(self, rule: Rule) -> None:
        """Activities whose rooms are all in one building have free hours between them and those of another."""
        problem, choice = self.problem, self.problem.room_choice()
        of = [{problem.rooms[r].building for r in rooms or ()} - {""} for rooms in choice]
        for number in rule.agents:
            for a, b in combinations(problem.agents[number].activities, 2):
                if len(of[a]) == len(of[b]) == 1 and of[a] != of[b]:
                    self._pair(at.MIN_GAPS_BETWEEN, rule.limit, a, b, 0)

    def _three_grouped(self, rule: Rule, price: int) -> None:
        """Between two of three that follow each other there is nothing but the third, and breaks."""
        acts = rule.activities
        for a, b in combinations(acts, 2):
            rest = sum(self.problem.activities[c].duration for c in acts if c not in (a, b))
            self._pair(at.NEAR, rest + min(len(self.problem.breaks), self.problem.width), a, b, price)

    def _pair(self, kind: int, limit: int, a: int, b: int, price: int) -> None:
        one, other = self.block_of[a], self.block_of[b]
        if one == other:  # they begin together whatever the search does
            if not price and kind not in TOGETHER:
                raise Unfit
            return
        hours, other_hours = (self.problem.activities[x].duration for x in (a, b))
        rows = self.pair_wishes if price else self.pairs
        rows[one].append((other, kind, limit, hours, other_hours, 0, price))
        rows[other].append((one, kind, limit, other_hours, hours, 1, price))

    def _watch(self, acts: Iterable[int], closed: frozenset[int], interval: frozenset[int]) -> _Watch:
        members = tuple(sorted({(self.block_of[a], self.problem.activities[a].duration) for a in acts}))
        key = (members, closed, interval)
        if key not in self.watches:
            if len({block for block, _ in members}) < len(members):
                raise Unfit  # one block, two lengths: somebody would be in two places
            self.watches[key] = _Watch(members, closed, interval)
        return self.watches[key]

    def _of_days(self, rule: Rule, price: int) -> None:
        counted = set(rule.activities)
        for number in rule.agents:
            agent = self.problem.agents[number]
            acts = [a for a in agent.activities if not counted or a in counted]
            if not acts:
                continue
            watch = self._watch(acts, agent.closed, rule.slots)
            kind, always = OF_DAYS[rule.kind], int(rule.kind is Kind.HOURS_MIN and not rule.flag)
            if price:
                flag = int(rule.flag or rule.kind is Kind.DAYS_MAX)
                row = watch.wishes.setdefault(
                    (kind, rule.limit, flag, price), [kind, rule.limit, flag, 0, -1, -1, -1, -1, 0]
                )
                row[at.R_PRICE] += price
            elif rule.kind in FILLS or rule.kind is Kind.HOURS_MIN:
                # One row gathers them; least hours on every day and on days with work are two.
                row = watch.demands.setdefault((at.FILL, 0, 0), [at.FILL, 0, 0, 0, -1, -1, -1, -1, 0])
                if rule.kind is Kind.HOURS_MIN:
                    if row[at.R_LEAST] >= 0 and row[at.R_LEAST_ALWAYS] != always:
                        row = watch.demands.setdefault(
                            (at.FILL, 1, always), [at.FILL, 0, 0, 0, -1, -1, -1, -1, always]
                        )
                    row[at.R_LEAST] = max(row[at.R_LEAST], rule.limit)
                    row[at.R_LEAST_ALWAYS] = always
                else:
                    place = FILLS[rule.kind]
                    row[place] = rule.limit if row[place] < 0 else min(row[place], rule.limit)
            else:
                watch.demands[kind, rule.limit, int(rule.flag and kind != at.DAYS_MAX)] = [
                    *(kind, rule.limit, int(rule.flag and kind != at.DAYS_MAX), 0),
                    *(-1, -1, -1, -1, 0),
                ]

    def _watch_everybody(self) -> None:
        """Nobody in two places; whose activities another has all of needs no watch of his own."""
        sharing: defaultdict[int, list[frozenset[int]]] = defaultdict(list)
        for watch in self.watches.values():
            blocks = frozenset(block for block, _ in watch.members)
            for block in blocks:
                sharing[block].append(blocks)
        for agent in sorted(self.problem.agents, key=lambda one: -len(one.activities)):
            if not agent.activities:
                continue
            blocks = frozenset(self.block_of[a] for a in agent.activities)
            if len(blocks) < len(set(agent.activities)):
                raise Unfit  # somebody has two activities that begin together
            if len(blocks) > 1 and not any(blocks <= one for one in sharing[min(blocks)]):
                self._watch(agent.activities, frozenset(), frozenset())
                for block in blocks:
                    sharing[block].append(blocks)

    def _bound_rooms(self, lacks: Sequence[Lack]) -> None:
        """Never more at once than there are rooms: for each set of rooms that rules name, unions of overlapping ones, and
        those that lacked."""
        choice = self.problem.room_choice()
        sets = {rooms for rooms in choice if rooms is not None}
        unions = set(sets)
        for one, other in combinations(sorted(sets, key=sorted), 2):
            if one & other and len(unions) < 400:
                unions.add(one | other)
        unions |= {lack.rooms for lack in lacks}
        for rooms in unions:
            inside = tuple(a for a, own in enumerate(choice) if own is not None and own <= rooms)
            limits = [(s, there) for s in self.problem.slots if (there := self._open(rooms, s)) < len(inside)]
            if limits:
                self.bounds.append(Bound(inside, tuple(limits)))
        for lack in lacks:
            count = len(lack.activities)
            if self._open(lack.rooms, lack.slot) >= count:  # long ones that only together find no rooms
                self.bounds.append(Bound(lack.activities, ((lack.slot, count - 1),)))

    def _open(self, rooms: Set[int], slot: int) -> int:
        return sum(1 for room in rooms if slot not in self.problem.rooms[room].closed)

    # ── writing the tables ─────────────────────────────────────────────────────────────────────────────────────────

    def _written(self) -> np.ndarray:
        problem, slots = self.problem, len(self.problem.slots)
        watches = list(self.watches.values())
        members: list[list[tuple[int, int]]] = [[] for _ in self.blocks]
        for number, watch in enumerate(watches):
            for block, hours in watch.members:
                members[block].append((number, hours))
        capped: list[list[tuple[int, int]]] = [[] for _ in self.blocks]
        caps: list[tuple[int, ...]] = []
        limits: list[int] = []
        in_cap: list[tuple[int, int]] = []
        for number, bound in enumerate(self.bounds):
            row = [-1] * slots
            for slot, limit in bound.limits:
                row[slot] = limit
            first = len(in_cap)
            for a in bound.activities:
                entry = (self.block_of[a], problem.activities[a].duration)
                in_cap.append(entry)
                capped[entry[0]].append((number, entry[1]))
            caps.append((first, len(in_cap), 1 + bound.limits[0][1] if bound.touch and bound.limits else 0))
            limits += row
        block_rows: list[list[int]] = []
        domain: list[int] = []
        member: list[tuple[int, int]] = []
        pair: list[tuple[int, ...]] = []
        capped_rows: list[tuple[int, int]] = []
        for n in range(len(self.blocks)):
            row = [
                len(domain),
                len(domain) + len(self.domains[n]),
                len(member),
                len(member) + len(members[n]),
            ]
            domain += self.domains[n]
            member += members[n]
            row += [len(pair), len(pair) + len(self.pairs[n])]
            pair += self.pairs[n] + self.pair_wishes[n]
            row += [len(pair), len(capped_rows), len(capped_rows) + len(capped[n])]
            capped_rows += capped[n]
            block_rows.append(row)
        watch_rows: list[list[int]] = []
        in_watch: list[tuple[int, int]] = []
        rules: list[list[int]] = []
        open_hours: list[int] = []
        intervals: list[int] = []
        for watch in watches:
            row = [len(in_watch), len(in_watch) + len(watch.members), len(rules)]
            in_watch += watch.members
            rules += list(watch.demands.values())
            row.append(len(rules))
            rules += list(watch.wishes.values())
            row.append(len(rules))
            watch_rows.append(row)
            open_hours += self._bits(set(problem.slots) - watch.closed)
            intervals += self._bits(watch.interval or set(problem.slots))
        self.watch_count, self.cap_count = len(watches), len(caps)
        parts: list[Sequence[object]] = [
            *(block_rows, domain, self.prices, member, pair, watch_rows, in_watch, rules),
            *(open_hours, intervals, caps, limits, in_cap, capped_rows),
            [int(s in problem.breaks) for s in problem.slots],
        ]
        head = [len(self.blocks), len(problem.days), problem.width, slots, len(watches), len(caps)]
        return _joined(head, parts)

    def _bits(self, slots: Set[int]) -> list[int]:
        return [
            sum(1 << h for h, s in enumerate(self.problem.day_slots(d)) if s in slots)
            for d in range(len(self.problem.days))
        ]

    def state(self, seed: int) -> np.ndarray:
        """Nothing is placed; everything waits, the hardest next."""
        problem, blocks, slots = self.problem, len(self.blocks), len(self.problem.slots)
        days, watches, caps = len(problem.days), self.watch_count, self.cap_count
        left, left_count = [0] * watches, [0] * watches
        for n, watch in enumerate(self.watches.values()):
            left[n], left_count[n] = sum(hours for _, hours in watch.members), len(watch.members)
        parts = [
            *([-1] * blocks, [0] * blocks, [0] * blocks, [1] * blocks, [0] * (blocks * slots)),
            *([-1] * (watches * slots), [0] * (watches * days), left, left_count, [0] * watches),
            *([0] * (caps * slots), [0] * (at.MOST_EVICTED + 1), [0] * days, [0] * days),
            *([0] * (8 * blocks + 64), [0] * ((at.DEPTH + 2) * slots)),
            *([0] * ((at.DEPTH + 2) * (at.MOST_EVICTED + 1)), self.waiting, [-1] * blocks),
        ]
        head = [0] * 12
        head[at.DICE] = seed * 7919 + 88172645
        head[at.UNPLACED] = head[at.QUEUE_COUNT] = head[at.BEST] = blocks
        return _joined(head, parts)

    def _hardest_last(self) -> list[int]:
        """Blocks by how hard they seem to be to place, the hardest last."""
        busy = [len(watch.members) for watch in self.watches.values()]
        load = [0] * len(self.blocks)
        for number, watch in enumerate(self.watches.values()):
            for block, _ in watch.members:
                load[block] += busy[number]
        hardness = [
            load[n] * self.hours[n] / (len(self.domains[n]) - 1) if len(self.domains[n]) > 1 else float("inf")
            for n in range(len(self.blocks))
        ]
        return sorted(range(len(self.blocks)), key=lambda n: hardness[n])

    def starts(self, found: Sequence[int]) -> tuple[int, ...]:
        """Where each activity begins, in an arrangement of the blocks."""
        return tuple(int(found[block]) for block in self.block_of)


def _blocks(problem: Problem) -> tuple[list[int], list[list[int]]]:
    """For each activity its block, and the activities of each block."""
    parent = list(range(len(problem.activities)))

    def root(a: int) -> int:
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        return a

    for rule in problem.rules:
        if rule.kind is Kind.SAME_START and rule.is_hard:
            for a in rule.activities[1:]:
                one, other = sorted((root(rule.activities[0]), root(a)))
                parent[other] = one
    numbers: dict[int, int] = {}
    blocks: list[list[int]] = []
    block_of = []
    for a in range(len(parent)):
        leader = root(a)
        if leader not in numbers:
            numbers[leader] = len(blocks)
            blocks.append([])
        blocks[numbers[leader]].append(a)
        block_of.append(numbers[leader])
    return block_of, blocks


def _joined(head: list[int], parts: Sequence[Sequence[object]]) -> np.ndarray:
    """Numbers in a row: the head, where each part begins, the parts."""
    flat = [np.asarray(part, dtype=np.int64).reshape(-1) for part in parts]
    begin = len(head) + len(parts)
    offsets = []
    for part in flat:
        offsets.append(begin)
        begin += len(part)
    return np.concatenate([np.asarray([*head, *offsets], dtype=np.int64), *flat])
