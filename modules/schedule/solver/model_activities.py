"""How the rules between activities are said to the model: days apart, together, in order, next to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations, pairwise

from modules.schedule.solver.model import Literal, Model
from modules.schedule.solver.problem import Kind, Rule


def starts(model: Model, rule: Rule) -> None:
    for a in model.leaders_of(rule.activities) if rule.is_hard else rule.activities:
        outside = [v for s, v in model.starts[a].items() if s not in rule.slots]
        for one in outside:
            if rule.is_hard:
                model.clause(~one)
            else:
                model.cost(rule, one)


def min_days(model: Model, rule: Rule) -> None:
    """All pairs at least `limit` days apart; a pair that may be nearer costs each missing day."""
    leaders = model.leaders_of(rule.activities)
    days = range(len(model.problem.days))
    if rule.is_hard:
        for first in days[: max(1, len(days) - rule.limit + 1)]:
            window = range(first, min(first + rule.limit, len(days)))
            model.at_most_one([v for a in leaders for day in window for v in model.on_day(a, day)])
        if len(leaders) < len(set(rule.activities)):
            model.linear(0 >= 1)
        return
    if len(leaders) < len(set(rule.activities)):
        model.cost(rule, rule.limit)
    # One literal a pair and missing day lets CP-SAT's cores count what each wish costs.
    for a, b in combinations(leaders, 2):
        for missing in range(1, rule.limit + 1):
            reach = rule.limit - missing
            near = model.breach(rule)
            assert near is not None
            for day in days:
                for other in days[max(0, day - reach) : day + reach + 1]:
                    model.clause(~model.is_on_day(a, day), ~model.is_on_day(b, other), near)


def beside(model: Model, rule: Rule) -> None:
    for a, b in combinations(model.leaders_of(rule.activities), 2):
        torn = model.breach(rule)
        relief = [torn] if torn is not None else []
        long_a, long_b = (model.problem.activities[x].duration for x in (a, b))
        own_a, own_b = model.starts[a], model.starts[b]
        for s, v in own_a.items():
            day = s // model.problem.width
            here = model.problem.day_slots(day)
            near = [own_b[t] for t in (s + long_a, s - long_b) if t in own_b and t in here]
            model.clause(~v, ~model.is_on_day(b, day), *near, *relief)


def max_days_between(model: Model, rule: Rule) -> None:
    days = range(len(model.problem.days))
    for a, b in combinations(model.leaders_of(rule.activities), 2):
        if rule.is_hard:
            for day in days:
                for other in days:
                    if abs(day - other) > rule.limit:
                        model.clause(~model.is_on_day(a, day), ~model.is_on_day(b, other))
            continue
        apart = model.excess(rule, len(days) - 1 - rule.limit)
        place_a = sum(day * model.is_on_day(a, day) for day in days)
        place_b = sum(day * model.is_on_day(b, day) for day in days)
        model.linear(place_a - place_b <= rule.limit + apart)
        model.linear(place_b - place_a <= rule.limit + apart)


def min_gaps_between(model: Model, rule: Rule) -> None:
    for a, b in combinations(model.leaders_of(rule.activities), 2):
        near = model.breach(rule)
        long_a, long_b = (model.problem.activities[x].duration for x in (a, b))
        for s, one in model.starts[a].items():
            day = model.problem.day_slots(s // model.problem.width)
            close = [
                v
                for t, v in model.starts[b].items()
                if t in day and s - long_b - rule.limit < t < s + long_a + rule.limit
            ]
            for other in close:
                model.clause(~one, ~other, *([near] if near is not None else []))


def _same(model: Model, rule: Rule, literals: Callable[[int], list[Literal]], most: int) -> None:
    """Pairs agree: neighbours for a demand, every pair at its price for a wish."""
    members = model.leaders_of(rule.activities)
    pairs = pairwise(members) if rule.is_hard else combinations(members, 2)
    for a, b in pairs:
        differ = model.breach(rule)
        relief = [differ] if differ is not None else []
        for one, other in zip(literals(a), literals(b), strict=True):
            model.clause(~one, other, *relief)
            model.clause(~other, one, *relief)


def same_start(model: Model, rule: Rule) -> None:
    if rule.is_hard and not model.guarded:
        return  # they share their variables
    members = model.leaders_of(rule.activities)
    for a, b in combinations(members, 2):
        differ = model.breach(rule)
        relief = [differ] if differ is not None else []
        for one, other in ((a, b), (b, a)):
            for s, v in model.starts[one].items():
                there = [model.starts[other][s]] if s in model.starts[other] else []
                model.clause(~v, *there, *relief)


def same_day(model: Model, rule: Rule) -> None:
    days = range(len(model.problem.days))
    _same(model, rule, lambda a: [model.is_on_day(a, day) for day in days], 1)


def same_hour(model: Model, rule: Rule) -> None:
    hours = range(model.problem.width)
    _same(model, rule, lambda a: [model.is_at_hour(a, hour) for hour in hours], 1)


def apart(model: Model, rule: Rule) -> None:
    members = model.leaders_of(rule.activities)
    if rule.is_hard:
        if len(members) < len(set(rule.activities)):
            model.linear(0 >= 1)
        for slot in model.problem.slots:
            model.at_most_one(model.covering_any(rule.activities, slot))
        return
    for a, b in combinations(members, 2):
        for slot in model.problem.slots:
            first, second = model.covering(a, slot), model.covering(b, slot)
            if first and second:
                model.linear(sum(first) + sum(second) <= 1 + model.excess(rule, 1))


def _followers(model: Model, a: int, start: int, b: int) -> list[Literal]:
    """The starts of b that directly follow a at `start`; breaks between do not count."""
    slot = start + model.problem.activities[a].duration
    end = (start // model.problem.width + 1) * model.problem.width
    while slot < end and slot in model.problem.breaks:
        slot += 1
    return [model.starts[b][slot]] if slot < end and slot in model.starts[b] else []


def _precursors(model: Model, a: int, start: int, b: int) -> list[Literal]:
    """The starts of b after which a at `start` directly follows."""
    return [
        v
        for t, v in model.starts[b].items()
        if t < start and model.starts[a][start] in _followers(model, b, t, a)
    ]


def consecutive(model: Model, rule: Rule) -> None:
    a, b = rule.activities[:2]
    differ = model.breach(rule)
    relief = [differ] if differ is not None else []
    for s, v in model.starts[a].items():
        model.clause(~v, *_followers(model, a, s, b), *relief)
    for s, v in model.starts[b].items():
        model.clause(~v, *_precursors(model, b, s, a), *relief)


def grouped(model: Model, rule: Rule) -> None:
    differ = model.breach(rule)
    relief = [differ] if differ is not None else []
    if len(rule.activities) == 2:
        pairs = [rule.activities, rule.activities[::-1]]
        for a, b in pairs:
            for s, v in model.starts[a].items():
                beside = _followers(model, a, s, b) + _precursors(model, a, s, b)
                model.clause(~v, *beside, *relief)
        return
    _three_grouped(model, rule.activities, relief)


def _three_grouped(model: Model, three: Iterable[int], relief: list[Literal]) -> None:
    """One of them stands in the middle: the two others follow and precede it."""
    members = tuple(three)
    middles = []
    for middle in members:
        first, last = (m for m in members if m != middle)
        for before, after in ((first, last), (last, first)):
            chosen = model.cp.new_bool_var("")
            middles.append(chosen)
            for s, v in model.starts[middle].items():
                model.clause(~chosen, ~v, *_followers(model, middle, s, after))
                model.clause(~chosen, ~v, *_precursors(model, middle, s, before))
    model.clause(*middles, *relief)


def _order(model: Model, rule: Rule, *, one_day: bool) -> None:
    a, b = rule.activities[:2]
    width = model.problem.width
    length = model.problem.activities[a].duration
    differ = model.breach(rule)
    relief = [differ] if differ is not None else []
    for s, v in model.starts[a].items():
        early = [
            w
            for t, w in model.starts[b].items()
            if t < s + length and (not one_day or t // width == s // width)
        ]
        for w in early:
            model.clause(~v, ~w, *relief)


def ordered(model: Model, rule: Rule) -> None:
    _order(model, rule, one_day=False)


def ordered_same_day(model: Model, rule: Rule) -> None:
    _order(model, rule, one_day=True)


def ends_day(model: Model, rule: Rule) -> None:
    """Nothing of its students comes after each of the activities."""
    for a in model.leaders_of(rule.activities) if rule.is_hard else rule.activities:
        late = model.breach(rule)
        relief = [late] if late is not None else []
        twins = [b for b, leader in enumerate(model.leader) if leader == model.leader[a]]
        for agent in {n for twin in twins for n in model.problem.activities[twin].agents}:
            if model.problem.agents[agent].is_teacher or not set(twins) & set(rule.activities) & set(
                model.problem.agents[agent].activities
            ):
                continue
            _last_of_day(model, a, agent, relief)


def _last_of_day(model: Model, a: int, agent: int, relief: list[Literal]) -> None:
    width = model.problem.width
    acts = model.problem.agents[agent].activities
    length = model.problem.activities[a].duration
    for s, v in model.starts[a].items():
        for later in range(s + length, (s // width + 1) * width):
            if model.covering_any(acts, later):
                model.clause(~v, ~model.busy(acts, later), *relief)


def _touched(model: Model, rule: Rule) -> dict[int, Literal]:
    """For each of the rule's slots, whether any of its activities runs there."""
    found = {slot: model.covering_any(rule.activities, slot) for slot in sorted(rule.slots)}
    return {slot: model.any_of(literals) for slot, literals in found.items() if literals}


def occupy_max(model: Model, rule: Rule) -> None:
    touched = _touched(model, rule)
    model.linear(sum(touched.values()) <= rule.limit + model.excess(rule, len(touched)))


def occupy_min(model: Model, rule: Rule) -> None:
    touched = _touched(model, rule)
    model.linear(sum(touched.values()) >= rule.limit - model.excess(rule, rule.limit))


def simultaneous_max(model: Model, rule: Rule) -> None:
    for slot in rule.slots:
        running = [v for a in rule.activities for v in model.covering(a, slot)]
        if len(running) > rule.limit:
            model.linear(sum(running) <= rule.limit + model.excess(rule, len(rule.activities)))


def simultaneous_min(model: Model, rule: Rule) -> None:
    for slot in rule.slots:
        running = [v for a in rule.activities for v in model.covering(a, slot)]
        lacking = model.excess(rule, rule.limit)
        if not rule.flag:
            model.linear(sum(running) >= rule.limit - lacking)
        elif running:
            any_of = model.any_of(list({v.index: v for v in running}.values()))
            model.linear(sum(running) >= rule.limit * any_of - lacking)


def from_set_max(model: Model, rule: Rule) -> None:
    inside = []
    for a in rule.activities:
        length = model.problem.activities[a].duration
        inside += [v for s, v in model.starts[a].items() if any(s + i in rule.slots for i in range(length))]
    model.linear(sum(inside) <= rule.limit + model.excess(rule, len(rule.activities)))


SAID: dict[Kind, Callable[[Model, Rule], None]] = {
    Kind.STARTS: starts,
    Kind.MIN_DAYS: min_days,
    Kind.BESIDE: beside,
    Kind.MAX_DAYS_BETWEEN: max_days_between,
    Kind.MIN_GAPS_BETWEEN: min_gaps_between,
    Kind.SAME_START: same_start,
    Kind.SAME_DAY: same_day,
    Kind.SAME_HOUR: same_hour,
    Kind.APART: apart,
    Kind.CONSECUTIVE: consecutive,
    Kind.GROUPED: grouped,
    Kind.ORDERED: ordered,
    Kind.ORDERED_SAME_DAY: ordered_same_day,
    Kind.ENDS_DAY: ends_day,
    Kind.OCCUPY_MAX: occupy_max,
    Kind.OCCUPY_MIN: occupy_min,
    Kind.SIMULTANEOUS_MAX: simultaneous_max,
    Kind.SIMULTANEOUS_MIN: simultaneous_min,
    Kind.FROM_SET_MAX: from_set_max,
}
