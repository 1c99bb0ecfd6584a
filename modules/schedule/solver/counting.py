"""What plainly does not fit into a week, told at once by counting alone: no search, and nothing of the solver is loaded.

Everything is data, numbers and names; the words are the screen's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from modules.schedule.solver.problem import Kind, Problem


class Misfit(StrEnum):
    NOWHERE = "nowhere"  # an activity has no hour left to begin at
    AGENT_FULL = "agent_full"  # a teacher or students have more hours than the week leaves them
    DAYS_FULL = "days_full"  # more hours than their days with their daily most
    DAYS_EMPTY = "days_empty"  # fewer hours than their days with their daily least
    ROOMS_FULL = "rooms_full"  # more hours than the rooms have
    SERIES_LONG = "series_long"  # more activities on different days than there are days


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit: whose it is, how much is needed and how much there is; `rules` are numbers in the problem."""

    kind: Misfit
    subject: str
    needed: int
    available: int
    rules: tuple[int, ...] = ()
    activities: tuple[int, ...] = ()


def misfits(problem: Problem) -> list[Finding]:
    """Everything that can be seen to fail by counting alone, without a search."""
    return [
        *_nowhere(problem),
        *_full_agents(problem),
        *_full_days(problem),
        *_full_rooms(problem),
        *_long_series(problem),
    ]


def _nowhere(problem: Problem) -> Iterator[Finding]:
    for a, domain in enumerate(problem.domains()):
        if not domain:
            about = tuple(
                n
                for n, rule in enumerate(problem.rules)
                if rule.kind is Kind.STARTS and rule.is_hard and a in rule.activities
            )
            activity = problem.activities[a]
            subject = " · ".join((activity.subject, *activity.students, *activity.teachers))
            yield Finding(Misfit.NOWHERE, subject, activity.duration, 0, about, (a,))


def _full_agents(problem: Problem) -> Iterator[Finding]:
    for agent in problem.agents:
        load = sum(problem.activities[a].duration for a in agent.activities)
        there = len(problem.slots) - len(agent.closed)
        if load > there:
            yield Finding(Misfit.AGENT_FULL, agent.name, load, there, activities=agent.activities)


def _full_days(problem: Problem) -> Iterator[Finding]:
    """The load against the daily most and least, and the most days."""
    most_days: dict[int, tuple[int, int]] = {}
    for n, rule in enumerate(problem.rules):
        if rule.kind is Kind.DAYS_MAX and rule.is_hard and not rule.slots:
            for number in rule.agents:
                if number not in most_days or rule.limit < most_days[number][0]:
                    most_days[number] = (rule.limit, n)
    for n, rule in enumerate(problem.rules):
        if not rule.is_hard or rule.activities or rule.kind not in (Kind.HOURS_MAX, Kind.HOURS_MIN):
            continue
        for number in rule.agents:
            agent = problem.agents[number]
            load = sum(problem.activities[a].duration for a in agent.activities)
            open_hours = sorted(
                (
                    sum(1 for s in problem.day_slots(d) if s not in agent.closed)
                    for d in range(len(problem.days))
                ),
                reverse=True,
            )
            if rule.kind is Kind.HOURS_MAX:
                days, also = most_days.get(number, (len(problem.days), None))
                there = sum(min(rule.limit, hours) for hours in open_hours[:days])
                if load > there:
                    rules = (n,) if also is None else (n, also)
                    yield Finding(Misfit.DAYS_FULL, agent.name, load, there, rules, agent.activities)
            elif not rule.flag and rule.limit * len(problem.days) > load:
                least = rule.limit * len(problem.days)
                yield Finding(Misfit.DAYS_EMPTY, agent.name, least, load, (n,), agent.activities)


def _full_rooms(problem: Problem) -> Iterator[Finding]:
    choice = problem.room_choice()
    for rooms in sorted({own for own in choice if own is not None}, key=sorted):
        inside = tuple(a for a, own in enumerate(choice) if own is not None and own <= rooms)
        load = sum(problem.activities[a].duration for a in inside)
        there = sum(len(problem.slots) - len(problem.rooms[r].closed) for r in rooms)
        if load > there:
            about = tuple(
                n
                for n, rule in enumerate(problem.rules)
                if rule.kind is Kind.ROOMS and rule.is_hard and set(rule.activities) & set(inside)
            )
            subject = ", ".join(problem.rooms[r].name for r in sorted(rooms))
            yield Finding(Misfit.ROOMS_FULL, subject, load, there, about, inside)


def _long_series(problem: Problem) -> Iterator[Finding]:
    for n, rule in enumerate(problem.rules):
        if rule.kind is Kind.MIN_DAYS and rule.is_hard:
            needed = (len(rule.activities) - 1) * rule.limit + 1
            if needed > len(problem.days):
                yield Finding(Misfit.SERIES_LONG, rule.told, needed, len(problem.days), (n,), rule.activities)
