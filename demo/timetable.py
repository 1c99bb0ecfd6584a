"""A plain weekly timetable for the demo: nobody in two places, no gaps for a class, hard days shared out.

It only has to look like a school's; the real solver is the schedule module's matter.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

DAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Need:
    """A course that wants so many lessons a week."""

    course_id: Any
    class_id: Any
    teacher_id: Any
    shift: int
    hours: int
    # Teachers of the other groups, who are with the class at the same time.
    others: tuple[Any, ...] = ()

    @property
    def teachers(self) -> tuple[Any, ...]:
        return (self.teacher_id, *self.others)


@dataclass(frozen=True, slots=True)
class Placed:
    course_id: Any
    weekday: int
    number: int


def compose(needs: Iterable[Need], *, seed: int, tries: int = 12, longest_day: int = 8) -> list[Placed]:
    """Place the lessons; what cannot be placed in the best of the tries is left out, not doubled up."""
    wanted = list(needs)
    best: list[Placed] = []
    total = sum(n.hours for n in wanted)
    for attempt in range(tries):
        placed = _once(wanted, random.Random(seed + attempt), longest_day)  # noqa: S311
        if len(placed) > len(best):
            best = placed
        if len(best) == total:
            break
    return best


def _once(needs: list[Need], dice: random.Random, longest_day: int) -> list[Placed]:
    teacher_busy: set[tuple[Any, int, int, int]] = set()
    load: dict[Any, int] = defaultdict(int)
    by_class: dict[Any, list[Need]] = defaultdict(list)
    for need in needs:
        for teacher in need.teachers:
            load[teacher] += need.hours
        by_class[need.class_id].append(need)
    placed: list[Placed] = []
    classes = sorted(by_class, key=lambda c: (-max(load[n.teacher_id] for n in by_class[c]), dice.random()))
    for class_id in classes:
        left = {n.course_id: n.hours for n in by_class[class_id]}
        of = {n.course_id: n for n in by_class[class_id]}
        hours = sum(left.values())
        days = {d: min(longest_day, -(-(hours - i) // len(DAYS))) for i, d in enumerate(DAYS)}
        for number in range(1, longest_day + 1):
            for day in DAYS:
                if number > days[day]:
                    continue
                today = {p.course_id for p in placed[-hours:] if p.weekday == day and p.course_id in left}
                options = [
                    c
                    for c, n in left.items()
                    if n > 0
                    and not any((t, of[c].shift, day, number) in teacher_busy for t in of[c].teachers)
                ]
                if not options:
                    days[day] = min(longest_day, days[day] + 1) if number < longest_day else days[day]
                    continue
                course = max(
                    options, key=lambda c: (c not in today, left[c], load[of[c].teacher_id], dice.random())
                )
                need = of[course]
                teacher_busy.update((t, need.shift, day, number) for t in need.teachers)
                left[course] -= 1
                placed.append(Placed(course, day, number))
    return placed
