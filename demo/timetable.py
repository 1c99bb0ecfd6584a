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
    is_half: bool = False

    @property
    def teachers(self) -> tuple[Any, ...]:
        return tuple(dict.fromkeys((self.teacher_id, *self.others)))


@dataclass(frozen=True, slots=True)
class Placed:
    course_id: Any
    weekday: int
    number: int


def compose(needs: Iterable[Need], *, seed: int, tries: int = 12, longest_day: int = 8) -> list[Placed]:
    """Place the lessons; what cannot be placed in the best of the tries is left out, not doubled up."""
    wanted = list(needs)
    best: list[Placed] = []
    least: int | None = None
    total = sum(n.hours for n in wanted)
    for attempt in range(tries):
        week = Week(wanted, _once(wanted, random.Random(seed + attempt), longest_day), longest_day)  # noqa: S311
        week.mend()
        harm = 3 * (total - len(week.placed())) + week.gaps()
        if least is None or harm < least:
            best, least = week.placed(), harm
        if not least:
            break
    return best


class Week:
    """Everybody's places, so that gaps of classes can be closed: a lesson comes into the gap, or changes places for it."""

    def __init__(self, needs: Iterable[Need], placed: Iterable[Placed], longest_day: int) -> None:
        self.needs = {one.course_id: one for one in needs}
        self.longest_day = longest_day
        self.of_class: dict[Any, dict[tuple[int, int], Any]] = {}
        self.of_teacher: dict[tuple[Any, int, int, int], Any] = {}
        for need in self.needs.values():
            self.of_class.setdefault(need.class_id, {})
        for one in placed:
            self._put(one.course_id, (one.weekday, one.number))

    def placed(self) -> list[Placed]:
        return [Placed(c, *place) for week in self.of_class.values() for place, c in sorted(week.items())]

    def _put(self, course_id: Any, place: tuple[int, int]) -> None:
        need = self.needs[course_id]
        self.of_class[need.class_id][place] = course_id
        for teacher in need.teachers:
            self.of_teacher[teacher, need.shift, *place] = course_id

    def _take(self, place: tuple[int, int], class_id: Any) -> Any:
        course_id = self.of_class[class_id].pop(place)
        need = self.needs[course_id]
        for teacher in need.teachers:
            del self.of_teacher[teacher, need.shift, *place]
        return course_id

    def _barring(self, need: Need, place: tuple[int, int]) -> set[Any]:
        """Courses that hold the teachers then."""
        keys = ((teacher, need.shift, *place) for teacher in need.teachers)
        return {self.of_teacher[key] for key in keys if key in self.of_teacher}

    def _gaps(self, class_id: Any) -> list[tuple[int, int]]:
        week = self.of_class[class_id]
        ends = self._ends(class_id)
        return [(day, n) for day, end in ends.items() for n in range(1, end) if (day, n) not in week]

    def gaps(self) -> int:
        return sum(len(self._gaps(key)) for key in self.of_class)

    def _ends(self, class_id: Any) -> dict[int, int]:
        """The last lesson of each day."""
        ends: dict[int, int] = {}
        for day, number in self.of_class[class_id]:
            ends[day] = max(number, ends.get(day, 0))
        return ends

    def mend(self) -> None:
        """Close what gaps can be closed, place what was left out, and put lessons of every second week last."""
        for class_id in self.of_class:
            for _turn in range(40):
                gaps = self._gaps(class_id)
                if not any(self._close(class_id, gap) for gap in gaps):
                    break
            self._place_rest(class_id)
            self._halves_last(class_id)

    def _close(self, class_id: Any, gap: tuple[int, int]) -> bool:
        """Bring the last lesson of a day into the gap; whoever holds its teacher then changes places within the own class."""
        last = sorted(self._ends(class_id).items(), key=lambda item: (item[0] != gap[0], -item[1]))
        last = [place for place in last if place > gap or place[0] != gap[0]]
        for place in last:
            need = self.needs[self.of_class[class_id][place]]
            if not self._barring(need, gap):
                self._put(self._take(place, class_id), gap)
                return True
        for place in last:
            need = self.needs[self.of_class[class_id][place]]
            barring = self._barring(need, gap)
            if len(barring) == 1 and self._give_way(self.needs[barring.pop()], gap):
                self._put(self._take(place, class_id), gap)
                return True
        return False

    def _give_way(self, need: Need, place: tuple[int, int]) -> bool:
        """Change the lesson at the place for another of its class, where both have their teachers free."""
        for other_place, course_id in self.of_class[need.class_id].items():
            other = self.needs[course_id]
            if course_id == need.course_id or set(other.teachers) & set(need.teachers):
                continue
            if not self._barring(other, place) and not self._barring(need, other_place):
                one, two = self._take(place, need.class_id), self._take(other_place, need.class_id)
                self._put(one, other_place)
                self._put(two, place)
                return True
        return False

    def _place_rest(self, class_id: Any) -> None:
        """Lessons that found no place go to the end of a day, the shortest first."""
        have = list(self.of_class[class_id].values())
        mine = [need for need in self.needs.values() if need.class_id == class_id]
        for need in mine:
            for _missing in range(need.hours - have.count(need.course_id)):
                ends = self._ends(class_id)
                for day in sorted(DAYS, key=lambda day: ends.get(day, 0)):
                    place = (day, ends.get(day, 0) + 1)
                    if place[1] <= self.longest_day and not self._barring(need, place):
                        self._put(need.course_id, place)
                        break

    def _halves_last(self, class_id: Any) -> None:
        """A lesson of every second week in the middle of a day would leave a gap in the other weeks."""
        for place, course_id in list(self.of_class[class_id].items()):
            end = (place[0], self._ends(class_id)[place[0]])
            if not self.needs[course_id].is_half or place == end:
                continue
            other = self.needs[self.of_class[class_id][end]]
            first, second = self._take(place, class_id), self._take(end, class_id)
            if self._barring(other, place) or self._barring(self.needs[first], end):
                first, second = second, first  # nobody is free then: they stay
            self._put(second, place)
            self._put(first, end)


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
