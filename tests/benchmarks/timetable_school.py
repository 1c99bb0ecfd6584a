"""A large school of Kazakhstan as the solver gets it, and its two figures: the first timetable, and one teacher's day anew.

Forty classes in two shifts of seven lessons; languages and computing in two halves at once, each with its teacher; three halls;
teachers of up to 24 hours, some of them away on a day. Classes have no gaps and begin with their shift.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from modules.schedule.solver.check import judge
from modules.schedule.solver.problem import Activity, Agent, Kind, Problem, Room, Rule, Timetable
from modules.schedule.solver.search import Progress, solve
from tests.benchmarks.measure import alone

CLASSES, DAYS, SHIFT = 40, 5, 7
# Hours a week by subject; the halves of a class have the marked ones at once.
HOURS = {
    "Қазақ тілі": 3,
    "Әдебиет": 2,
    "Орыс тілі*": 3,
    "Ағылшын тілі*": 3,
    "Математика": 5,
    "Информатика*": 1,
    "Физика": 2,
    "Химия": 2,
    "Биология": 2,
    "География": 2,
    "Тарих": 3,
    "Дене шынықтыру": 3,
}
HALL = "Дене шынықтыру"
RATE = 24  # hours of a teacher


@dataclass
class _School:
    dice: random.Random
    activities: list[Activity] = field(default_factory=list)
    agents: list[tuple[str, bool, list[int], frozenset[int]]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    free: dict[str, tuple[int, int]] = field(default_factory=dict)  # subject → its last teacher, hours left

    def closed(self, late: bool) -> frozenset[int]:
        """The slots of the other shift."""
        return frozenset(
            day * 2 * SHIFT + h for day in range(DAYS) for h in range(2 * SHIFT) if (h >= SHIFT) != late
        )

    def teacher(self, subject: str, hours: int) -> int:
        number, left = self.free.get(subject, (-1, 0))
        if left < hours:
            may_be_away = "*" not in subject and self.dice.random() < 0.25
            away = self.dice.randrange(DAYS) if may_be_away else -1
            closed = frozenset(s for s in range(DAYS * 2 * SHIFT) if s // (2 * SHIFT) == away)
            number, left = len(self.agents), RATE
            self.agents.append((f"{subject} {number}", True, [], closed))
        self.free[subject] = number, left - hours
        return number

    def teach(self, subject: str, hours: int, students: tuple[int, ...]) -> list[int]:
        """The week's lessons of a subject, on different days if it can be."""
        bound = (self.teacher(subject, hours), *students)
        made = []
        for _ in range(hours):
            made.append(len(self.activities))
            self.activities.append(Activity(len(self.activities) + 1, 1, bound, subject=subject, size=25))
            for n in bound:
                self.agents[n][2].append(made[-1])
        if hours > 1:
            self.rules.append(Rule(Kind.MIN_DAYS, "spread", weight=95, limit=1, activities=tuple(made)))
        return made


def school(seed: int = 1) -> Problem:
    it = _School(random.Random(seed))
    halves = [
        tuple(_student(it, f"{5 + n % 7}{n}/{half}", late=n >= CLASSES // 2) for half in (1, 2))
        for n in range(CLASSES)
    ]
    for pair in halves:
        for subject, hours in HOURS.items():
            if subject.endswith("*"):
                one, other = (it.teach(f"{subject}{n}", hours, (half,)) for n, half in enumerate(pair))
                for twins in zip(one, other, strict=True):
                    it.rules.append(Rule(Kind.SAME_START, "halves", activities=twins))
            else:
                it.teach(subject, hours, pair)
    agents = tuple(Agent(name, teaches, tuple(acts), closed) for name, teaches, acts, closed in it.agents)
    names = tuple(map(str, range(max(DAYS, 2 * SHIFT))))
    bare = Problem("", names[:DAYS], names[: 2 * SHIFT], tuple(it.activities), agents)
    rules = list(it.rules)
    for agent in agents:
        open_slots = set(bare.slots) - agent.closed
        rules.append(Rule(Kind.STARTS, "open", activities=agent.activities, slots=frozenset(open_slots)))
    students = tuple(n for n, agent in enumerate(agents) if not agent.is_teacher)
    teachers = tuple(n for n, agent in enumerate(agents) if agent.is_teacher)
    in_hall = tuple(a for a, one in enumerate(it.activities) if one.subject == HALL)
    rules += [
        Rule(Kind.GAPS_WEEK, "gaps", limit=0, agents=students),
        Rule(Kind.EARLY, "early", limit=0, agents=students),
        Rule(Kind.HOURS_MIN, "least", limit=4, agents=students),
        Rule(Kind.GAPS_WEEK, "teachers' gaps", weight=10, limit=2, agents=teachers),
        Rule(Kind.ROOMS, "hall", activities=in_hall, rooms=frozenset({0, 1, 2})),
    ]
    return replace(bare, rooms=tuple(Room(f"hall {n}") for n in range(3)), rules=tuple(rules))


def _student(it: _School, name: str, *, late: bool) -> int:
    it.agents.append((name, False, [], it.closed(late)))
    return len(it.agents) - 1


def without_a_day(problem: Problem, timetable: Timetable) -> Problem:
    """The same, when the teacher with the fullest day is away on that day."""
    days: Counter[tuple[int, int]] = Counter()
    for n, agent in enumerate(problem.agents):
        if agent.is_teacher:
            days.update((n, timetable.starts[a] // problem.width) for a in agent.activities)
    (teacher, day), _ = days.most_common(1)[0]
    there = frozenset(set(problem.slots) - set(problem.day_slots(day)))
    away = Rule(Kind.STARTS, "away", activities=problem.agents[teacher].activities, slots=there)
    return replace(problem, rules=(*problem.rules, away))


def figures() -> list[dict[str, Any]]:
    problem = school()
    told: list[Progress] = []
    first = solve(problem, seconds=60, report=told.append, stop=lambda: any(one.timetable for one in told))
    name = f"Timetable of {CLASSES} classes in two shifts, {len(problem.activities)} lessons"
    if first.timetable is None or first.seconds_to_first is None:
        return [alone(f"{name}: not found in", value=60, goal=0, unit="s")]
    changed = without_a_day(problem, first.timetable)
    begun = solve(changed, seconds=30, current=first.timetable)
    moved = 100.0
    if begun.timetable is not None and not judge(changed, begun.timetable).hard_violations:
        pairs = zip(first.timetable.starts, begun.timetable.starts, strict=True)
        moved = 100 * sum(a != b for a, b in pairs) / len(problem.activities)
    return [
        alone(f"{name}: the first", value=first.seconds_to_first, goal=60, unit="s"),
        alone("One teacher's day anew, within 30 s: lessons moved", value=moved, goal=5, unit="%"),
    ]
