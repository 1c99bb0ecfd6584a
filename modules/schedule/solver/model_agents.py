"""How the rules about the days of a teacher or of students are said to the model: gaps, beginnings, hours, days.

Each is said once for agents with the same activities and the same closed hours.
"""

from __future__ import annotations

from collections.abc import Callable

from modules.schedule.solver.model import Linear, Literal, Model
from modules.schedule.solver.problem import Agent, Kind, Rule


class Days:
    """The days of one agent in the model: literals made when first asked for, shared by its rules."""

    def __init__(self, model: Model, agent: Agent) -> None:
        self.model, self.problem = model, model.problem
        self.acts = agent.activities
        self.open = [
            [s for s in self.problem.day_slots(d) if s not in agent.closed]
            for d in range(len(self.problem.days))
        ]
        self._used: dict[int, Literal] = {}
        self._after: dict[int, dict[int, Literal]] = {}
        self._before: dict[int, dict[int, Literal]] = {}
        self._gaps: dict[int, list[Literal]] = {}
        self.load = sum(self.problem.activities[a].duration for a in self.acts)

    def busy(self, slot: int) -> Literal:
        return self.model.busy(self.acts, slot)

    def busy_on(self, day: int) -> list[Literal]:
        return [self.busy(s) for s in self.open[day]]

    def used(self, day: int) -> Literal:
        """Whether the agent works on the day."""
        if day not in self._used:
            self._used[day] = self.model.any_of(self.busy_on(day))
        return self._used[day]

    def after(self, day: int) -> dict[int, Literal]:
        """For each open slot of the day, whether the agent works then or later on."""
        if day not in self._after:
            self._after[day] = self._chain(self.open[day][::-1])
        return self._after[day]

    def before(self, day: int) -> dict[int, Literal]:
        if day not in self._before:
            self._before[day] = self._chain(self.open[day])
        return self._before[day]

    def _chain(self, slots: list[int]) -> dict[int, Literal]:
        found: dict[int, Literal] = {}
        last: Literal | None = None
        for s in slots:
            last = self.busy(s) if last is None else self.model.any_of([last, self.busy(s)])
            found[s] = last
        return found

    def gaps(self, day: int) -> list[Literal]:
        """A literal for each open slot that is certainly true when the slot is a gap."""
        if day not in self._gaps:
            slots, made = self.open[day], []
            before, after = self.before(day), self.after(day)
            for i in range(1, len(slots) - 1):
                gap = self.model.cp.new_bool_var("")
                self.model.cp.add_bool_or(
                    ~before[slots[i - 1]], self.busy(slots[i]), ~after[slots[i + 1]], gap
                )
                made.append(gap)
            self._gaps[day] = made
        return self._gaps[day]


def gaps_week(days: Days, rule: Rule) -> None:
    if rule.limit == 0 and rule.is_hard:
        return _no_gaps(days)
    gaps = [g for day in range(len(days.open)) for g in days.gaps(day)]
    return days.model.linear(sum(gaps) <= rule.limit + days.model.excess(rule, len(gaps)))


def gaps_day(days: Days, rule: Rule) -> None:
    if rule.limit == 0 and rule.is_hard:
        return _no_gaps(days)
    for day in range(len(days.open)):
        gaps = days.gaps(day)
        if len(gaps) > rule.limit:
            days.model.linear(sum(gaps) <= rule.limit + days.model.excess(rule, len(gaps)))
    return None


def _no_gaps(days: Days) -> None:
    """After an hour that ends the work of the day, no more of it."""
    for day, slots in enumerate(days.open):
        after = days.after(day)
        for i in range(len(slots) - 2):
            days.model.clause(~days.busy(slots[i]), days.busy(slots[i + 1]), ~after[slots[i + 2]])


def early(days: Days, rule: Rule) -> None:
    """Days begin at the first open hour; at most `limit` of them at the second; none later."""
    model = days.model
    seconds: list[Literal] = []
    for day, slots in enumerate(days.open):
        if not slots:
            continue
        after = days.after(day)
        late = model.breach(rule)
        relief = [late] if late is not None else []
        first = days.busy(slots[0])
        if rule.limit == 0:
            model.clause(~after[slots[0]], first, *relief)
            continue
        second = model.cp.new_bool_var("")
        seconds.append(second)
        model.clause(~after[slots[0]], first, second, *relief)
        if len(slots) > 2:
            model.clause(~after[slots[2]], first, days.busy(slots[1]), *relief)
    if len(seconds) > rule.limit > 0:
        model.linear(sum(seconds) <= rule.limit + model.excess(rule, len(seconds)))


def days_max(days: Days, rule: Rule) -> None:
    """At most `limit` days with work; when the rule names slots, with work in these."""
    if rule.slots:
        used = [
            days.model.any_of([days.busy(s) for s in slots if s in rule.slots])
            for slots in days.open
            if any(s in rule.slots for s in slots)
        ]
    else:
        used = [days.used(day) for day, slots in enumerate(days.open) if slots]
    if len(used) > rule.limit:
        days.model.linear(sum(used) <= rule.limit + days.model.excess(rule, len(used)))


def days_min(days: Days, rule: Rule) -> None:
    used = [days.used(day) for day, slots in enumerate(days.open) if slots]
    days.model.linear(sum(used) >= rule.limit - days.model.excess(rule, rule.limit))


def _counted(days: Days, rule: Rule) -> tuple[int, ...]:
    """The activities whose hours the rule counts."""
    if not rule.activities:
        return days.acts
    wanted = set(rule.activities)
    return tuple(a for a in days.acts if a in wanted)


def hours_max(days: Days, rule: Rule) -> None:
    acts = _counted(days, rule)
    for slots in days.open:
        if len(slots) > rule.limit:
            hours: list[Linear] = [days.model.busy(acts, s) for s in slots]
            most = len(slots) - rule.limit
            days.model.linear(sum(hours) <= rule.limit + days.model.excess(rule, most))


def hours_min(days: Days, rule: Rule) -> None:
    if not days.acts:
        return
    for day, slots in enumerate(days.open):
        lacking = days.model.excess(rule, rule.limit)
        if rule.flag and slots:
            days.model.linear(sum(days.busy_on(day)) >= rule.limit * days.used(day) - lacking)
        elif not rule.flag:
            days.model.linear(sum(days.busy_on(day)) >= rule.limit - lacking)


def continuous_max(days: Days, rule: Rule) -> None:
    """In no `limit` + 1 hours in a row is every hour taken."""
    acts = _counted(days, rule)
    model, width = days.model, days.problem.width
    if not acts:
        return
    for day in range(len(days.open)):
        for first in list(days.problem.day_slots(day))[: max(0, width - rule.limit)]:
            row = range(first, first + rule.limit + 1)
            literals = [model.busy(acts, s) for s in row if model.covering_any(acts, s)]
            if len(literals) == len(row):
                over = model.breach(rule)
                model.clause(*(~one for one in literals), *([over] if over is not None else []))


def span_max(days: Days, rule: Rule) -> None:
    """From the first to the last hour of work at most `limit`; with the flag one day may have one more."""
    model = days.model
    exceptions: list[Literal] = []
    for slots in days.open:
        longer = model.cp.new_bool_var("")
        exceptions.append(longer)
        over = model.breach(rule)
        relief = [over] if over is not None else []
        for i, first in enumerate(slots):
            for last in slots[i + 1 :]:
                span = last - first + 1
                if span == rule.limit + 1 and rule.flag:
                    model.clause(~days.busy(first), ~days.busy(last), longer, *relief)
                elif span > rule.limit:
                    model.clause(~days.busy(first), ~days.busy(last), *relief)
    if rule.flag:
        model.at_most_one(exceptions)


def rest_min(days: Days, rule: Rule) -> None:
    width, count = days.problem.width, len(days.open)
    for day in range(count if rule.flag else count - 1):
        tomorrow = (day + 1) % count
        short = days.model.breach(rule)
        relief = [short] if short is not None else []
        for last in days.open[day]:
            for first in days.open[tomorrow]:
                if (width - 1 - last % width) + first % width < rule.limit:
                    days.model.clause(~days.busy(last), ~days.busy(first), *relief)


SAID: dict[Kind, Callable[[Days, Rule], None]] = {
    Kind.GAPS_WEEK: gaps_week,
    Kind.GAPS_DAY: gaps_day,
    Kind.EARLY: early,
    Kind.DAYS_MAX: days_max,
    Kind.DAYS_MIN: days_min,
    Kind.HOURS_MAX: hours_max,
    Kind.HOURS_MIN: hours_min,
    Kind.CONTINUOUS_MAX: continuous_max,
    Kind.SPAN_MAX: span_max,
    Kind.REST_MIN: rest_min,
}


class Agents:
    """Says rules about agents, each once for agents of whom the model cannot tell one from another."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.days: dict[tuple[tuple[int, ...], frozenset[int]], Days] = {}
        self.said: set[tuple[object, ...]] = set()

    def say(self, rule: Rule) -> None:
        for number in rule.agents:
            agent = self.model.problem.agents[number]
            key = (agent.activities, agent.closed)
            if rule.is_hard and not self.model.guarded:
                asked = (rule.kind, rule.limit, rule.flag, rule.slots, rule.activities, *key)
                if asked in self.said:
                    continue
                self.said.add(asked)
            if key not in self.days:
                self.days[key] = Days(self.model, agent)
            SAID[rule.kind](self.days[key], rule)
