"""The judge: counts what a finished timetable breaks, from the timetable alone.

It shares no code with the model on purpose: the tests hold one against the other. Units are FET's: a pair of activities two
days too near is broken twice, a gap too many once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from modules.schedule.solver.problem import Agent, Kind, Problem, Rule, Timetable


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that the timetable breaks, `units` times."""

    rule: Rule
    units: int

    @property
    def cost(self) -> float:
        return self.units * self.rule.weight / 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a timetable breaks; `meetings` counts who is in two places, and activities outside their day."""

    meetings: int
    hard: tuple[Broken, ...]
    soft: tuple[Broken, ...]

    @property
    def hard_violations(self) -> int:
        return self.meetings + sum(one.units for one in self.hard)

    @property
    def soft_cost(self) -> float:
        return round(sum(one.cost for one in self.soft), 4)


def judge(problem: Problem, timetable: Timetable) -> Verdict:
    """Count everything that the timetable breaks."""
    view = _View(problem, timetable)
    hard: list[Broken] = []
    soft: list[Broken] = []
    for rule in problem.rules:
        units = COUNTED[rule.kind](view, rule)
        if units:
            (hard if rule.is_hard else soft).append(Broken(rule, units))
    return Verdict(view.meetings(), tuple(hard), tuple(soft))


class _View:
    """A timetable seen from its activities, agents and rooms."""

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self.problem, self.starts, self.rooms = problem, timetable.starts, timetable.rooms
        self.width = problem.width
        self.length = [one.duration for one in problem.activities]

    def day(self, a: int) -> int:
        return self.starts[a] // self.width

    def hour(self, a: int) -> int:
        return self.starts[a] % self.width

    def end(self, a: int) -> int:
        return self.starts[a] + self.length[a]

    def hours(self, a: int) -> range:
        return range(self.starts[a], self.end(a))

    def overlap(self, a: int, b: int) -> bool:
        return self.starts[a] < self.end(b) and self.starts[b] < self.end(a)

    def follows(self, a: int, b: int) -> bool:
        """b directly after a on one day; breaks between do not count."""
        return (
            self.day(a) == self.day(b)
            and self.starts[b] >= self.end(a)
            and all(s in self.problem.breaks for s in range(self.end(a), self.starts[b]))
        )

    def gap(self, a: int, b: int) -> int:
        """Hours between two activities, below zero when they overlap."""
        first, second = sorted((a, b), key=lambda x: self.starts[x])
        return self.starts[second] - self.end(first)

    def taken(self, activities: Iterable[int]) -> list[int]:
        return sorted({s for a in activities for s in self.hours(a)})

    def by_day(self, agent: Agent, activities: Sequence[int] = ()) -> list[list[int]]:
        """For each day the hours (from 0) at which the agent works, with `activities` counting only these."""
        wanted = set(activities)
        days: list[list[int]] = [[] for _ in self.problem.days]
        for slot in self.taken(a for a in agent.activities if not wanted or a in wanted):
            days[slot // self.width].append(slot % self.width)
        return days

    def open_hours(self, agent: Agent, day: int) -> list[int]:
        return [h for h in range(self.width) if day * self.width + h not in agent.closed]

    def gaps(self, agent: Agent) -> list[int]:
        """Gaps of each day: open hours without work between the first and the last hour of work."""
        found = []
        for day, worked in enumerate(self.by_day(agent)):
            inside = range(worked[0], worked[-1]) if worked else range(0)
            found.append(sum(1 for h in self.open_hours(agent, day) if h in inside and h not in worked))
        return found

    def meetings(self) -> int:
        """Agents and rooms in two places at once, activities that leave their day, and rooms that are closed."""
        count = sum(1 for a in range(len(self.starts)) if self.hour(a) + self.length[a] > self.width)
        held = [[a for a, r in enumerate(self.rooms) if r == room] for room in range(len(self.problem.rooms))]
        for acts in [*(agent.activities for agent in self.problem.agents), *held]:
            hours = [s for a in acts for s in self.hours(a)]
            count += len(hours) - len(set(hours))
        for room, acts in zip(self.problem.rooms, held, strict=True):
            count += sum(1 for a in acts for s in self.hours(a) if s in room.closed)
            count += sum(1 for a in acts if self.problem.activities[a].size > room.capacity)
        return count


# ── rules between activities ───────────────────────────────────────────────────────────────────────────────────────


def _starts(view: _View, rule: Rule) -> int:
    return sum(1 for a in rule.activities if view.starts[a] not in rule.slots)


def _min_days(view: _View, rule: Rule) -> int:
    count = 0
    for a, b in combinations(rule.activities, 2):
        count += max(0, rule.limit - abs(view.day(a) - view.day(b)))
    return count


def _beside(view: _View, rule: Rule) -> int:
    return _pairs(view, rule, lambda a, b: view.day(a) == view.day(b) and view.gap(a, b) != 0)


def _max_days_between(view: _View, rule: Rule) -> int:
    pairs = combinations(rule.activities, 2)
    return sum(max(0, abs(view.day(a) - view.day(b)) - rule.limit) for a, b in pairs)


def _min_gaps_between(view: _View, rule: Rule) -> int:
    return _pairs(view, rule, lambda a, b: view.day(a) == view.day(b) and view.gap(a, b) < rule.limit)


def _pairs(view: _View, rule: Rule, is_broken: Callable[[int, int], bool]) -> int:
    return sum(1 for a, b in combinations(rule.activities, 2) if is_broken(a, b))


def _same_start(view: _View, rule: Rule) -> int:
    return _pairs(view, rule, lambda a, b: view.starts[a] != view.starts[b])


def _same_day(view: _View, rule: Rule) -> int:
    return _pairs(view, rule, lambda a, b: view.day(a) != view.day(b))


def _same_hour(view: _View, rule: Rule) -> int:
    return _pairs(view, rule, lambda a, b: view.hour(a) != view.hour(b))


def _apart(view: _View, rule: Rule) -> int:
    return sum(len(set(view.hours(a)) & set(view.hours(b))) for a, b in combinations(rule.activities, 2))


def _consecutive(view: _View, rule: Rule) -> int:
    return int(not view.follows(*rule.activities[:2]))


def _grouped(view: _View, rule: Rule) -> int:
    ordered = sorted(rule.activities, key=lambda a: view.starts[a])
    return int(not all(view.follows(a, b) for a, b in pairwise(ordered)))


def _ordered(view: _View, rule: Rule) -> int:
    a, b = rule.activities[:2]
    return int(view.starts[b] < view.end(a))


def _ordered_same_day(view: _View, rule: Rule) -> int:
    a, b = rule.activities[:2]
    return int(view.day(a) == view.day(b) and view.starts[b] < view.end(a))


def _ends_day(view: _View, rule: Rule) -> int:
    count = 0
    for a in rule.activities:
        day = view.problem.day_slots(view.day(a))
        students = [
            view.problem.agents[n]
            for n in view.problem.activities[a].agents
            if not view.problem.agents[n].is_teacher
        ]
        later = range(view.end(a), day.stop)
        count += any(s in later for agent in students for s in view.taken(agent.activities))
    return count


def _occupied(view: _View, rule: Rule) -> int:
    return len(rule.slots.intersection(view.taken(rule.activities)))


def _running(view: _View, rule: Rule) -> list[int]:
    return [sum(1 for a in rule.activities if s in view.hours(a)) for s in rule.slots]


def _simultaneous_min(view: _View, rule: Rule) -> int:
    return sum(max(0, rule.limit - n) for n in _running(view, rule) if n or not rule.flag)


def _from_set(view: _View, rule: Rule) -> int:
    return sum(1 for a in rule.activities if rule.slots.intersection(view.hours(a)))


# ── rules about the days of agents ─────────────────────────────────────────────────────────────────────────────────


def _early(view: _View, agent: Agent, rule: Rule) -> int:
    seconds = late = 0
    for day, worked in enumerate(view.by_day(agent)):
        open_hours = view.open_hours(agent, day)
        if worked and worked[0] != open_hours[0]:
            seconds += 1
            late += rule.limit == 0 or worked[0] != open_hours[1]
    return late if rule.limit == 0 else late + max(0, seconds - rule.limit)


def _days(view: _View, agent: Agent, rule: Rule) -> int:
    taken = view.taken(agent.activities)
    return len({s // view.width for s in taken if not rule.slots or s in rule.slots})


def _hours_max(view: _View, agent: Agent, rule: Rule) -> int:
    return sum(max(0, len(worked) - rule.limit) for worked in view.by_day(agent, rule.activities))


def _hours_min(view: _View, agent: Agent, rule: Rule) -> int:
    return sum(max(0, rule.limit - len(worked)) for worked in view.by_day(agent) if worked or not rule.flag)


def _continuous_max(view: _View, agent: Agent, rule: Rule) -> int:
    if rule.activities and not set(rule.activities) & set(agent.activities):
        return 0
    count = 0
    for worked in view.by_day(agent, rule.activities):
        count += sum(1 for h in worked if all(h + i in worked for i in range(rule.limit + 1)))
    return count


def _span_max(view: _View, agent: Agent, rule: Rule) -> int:
    spans = [worked[-1] - worked[0] + 1 for worked in view.by_day(agent) if worked]
    over = sum(1 for span in spans if span > rule.limit)
    return over - (rule.flag and rule.limit + 1 in spans)


def _rest_min(view: _View, agent: Agent, rule: Rule) -> int:
    days = view.by_day(agent)
    nights = list(zip(days, days[1:] + days[:1], strict=True))
    return sum(
        1
        for today, tomorrow in (nights if rule.flag else nights[:-1])
        if today and tomorrow and view.width - 1 - today[-1] + tomorrow[0] < rule.limit
    )


def _each(count: Callable[[_View, Agent, Rule], int]) -> Callable[[_View, Rule], int]:
    return lambda view, rule: sum(count(view, view.problem.agents[n], rule) for n in rule.agents)


# ── rules about rooms ──────────────────────────────────────────────────────────────────────────────────────────────


def _rooms(view: _View, rule: Rule) -> int:
    return sum(1 for a in rule.activities if view.rooms[a] not in rule.rooms)


def _rooms_different(view: _View, rule: Rule) -> int:
    return max(0, len({view.rooms[a] for a in rule.activities} - {None}) - rule.limit)


def _room_kept(view: _View, rule: Rule) -> int:
    def is_broken(a: int, b: int) -> bool:
        return view.rooms[a] != view.rooms[b] and (view.follows(a, b) or view.follows(b, a))

    return _pairs(view, rule, is_broken)


def _buildings(view: _View, agent: Agent) -> list[list[tuple[int, int, str]]]:
    """For each day (start, end, building) of the agent's activities in named buildings, in their order."""
    days: list[list[tuple[int, int, str]]] = [[] for _ in view.problem.days]
    for a in sorted(agent.activities, key=lambda x: view.starts[x]):
        room = view.rooms[a]
        if room is not None and view.problem.rooms[room].building:
            days[view.day(a)].append((view.starts[a], view.end(a), view.problem.rooms[room].building))
    return days


def _building_changes(view: _View, agent: Agent, rule: Rule) -> int:
    changes = [
        sum(1 for one, other in pairwise(day) if one[2] != other[2]) for day in _buildings(view, agent)
    ]
    if rule.flag:
        return max(0, sum(changes) - rule.limit)
    return sum(max(0, n - rule.limit) for n in changes)


def _building_gaps(view: _View, agent: Agent, rule: Rule) -> int:
    return sum(
        1
        for day in _buildings(view, agent)
        for one, other in pairwise(day)
        if one[2] != other[2] and other[0] - one[1] < rule.limit
    )


COUNTED: dict[Kind, Callable[[_View, Rule], int]] = {
    Kind.STARTS: _starts,
    Kind.MIN_DAYS: _min_days,
    Kind.BESIDE: _beside,
    Kind.MAX_DAYS_BETWEEN: _max_days_between,
    Kind.MIN_GAPS_BETWEEN: _min_gaps_between,
    Kind.SAME_START: _same_start,
    Kind.SAME_DAY: _same_day,
    Kind.SAME_HOUR: _same_hour,
    Kind.APART: _apart,
    Kind.CONSECUTIVE: _consecutive,
    Kind.GROUPED: _grouped,
    Kind.ORDERED: _ordered,
    Kind.ORDERED_SAME_DAY: _ordered_same_day,
    Kind.ENDS_DAY: _ends_day,
    Kind.OCCUPY_MAX: lambda view, rule: max(0, _occupied(view, rule) - rule.limit),
    Kind.OCCUPY_MIN: lambda view, rule: max(0, rule.limit - _occupied(view, rule)),
    Kind.SIMULTANEOUS_MAX: lambda view, rule: sum(max(0, n - rule.limit) for n in _running(view, rule)),
    Kind.SIMULTANEOUS_MIN: _simultaneous_min,
    Kind.FROM_SET_MAX: lambda view, rule: max(0, _from_set(view, rule) - rule.limit),
    Kind.GAPS_WEEK: _each(lambda view, agent, rule: max(0, sum(view.gaps(agent)) - rule.limit)),
    Kind.GAPS_DAY: _each(lambda view, agent, rule: sum(max(0, n - rule.limit) for n in view.gaps(agent))),
    Kind.EARLY: _each(_early),
    Kind.DAYS_MAX: _each(lambda view, agent, rule: max(0, _days(view, agent, rule) - rule.limit)),
    Kind.DAYS_MIN: _each(lambda view, agent, rule: max(0, rule.limit - _days(view, agent, rule))),
    Kind.HOURS_MAX: _each(_hours_max),
    Kind.HOURS_MIN: _each(_hours_min),
    Kind.CONTINUOUS_MAX: _each(_continuous_max),
    Kind.SPAN_MAX: _each(_span_max),
    Kind.REST_MIN: _each(_rest_min),
    Kind.ROOMS: _rooms,
    Kind.ROOMS_DIFFERENT: _rooms_different,
    Kind.ROOM_KEPT: _room_kept,
    Kind.BUILDING_CHANGES: _each(_building_changes),
    Kind.BUILDING_GAPS: _each(_building_gaps),
}
