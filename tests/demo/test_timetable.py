"""The week of a demo school: nobody in two places, and no class with a gap."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from demo.timetable import Need, Week, compose

HOURS = {"mathematics": 5, "language": 5, "english": 3, "history": 3, "science": 6, "sport": 3, "half": 1}


def school(classes: int, seed: int) -> list[Need]:
    """Classes whose teachers have about eighteen hours; English is taught by two at once."""
    dice = random.Random(seed)
    able = {code: [f"{code}{n}" for n in range(classes * hours // 18 + 2)] for code, hours in HOURS.items()}
    load: Counter[str] = Counter()

    def next_of(code: str, but: str = "") -> str:
        chosen = min((one for one in able[code] if one != but), key=lambda one: (load[one], dice.random()))
        load[chosen] += HOURS[code]
        return chosen

    needs = []
    for number in range(classes):
        for code, hours in HOURS.items():
            teacher = next_of(code)
            others = (next_of(code, teacher),) if code == "english" else ()
            needs.append(Need((number, code), number, teacher, 1, hours, others, code == "half"))
    return needs


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_lesson_stands_and_no_class_has_a_gap(seed: int) -> None:
    needs = school(20, seed)
    placed = compose(needs, seed=seed)
    assert len(placed) == sum(one.hours for one in needs)
    assert Week(needs, placed, 8).gaps() == 0
    by_course = {one.course_id: one for one in needs}
    busy = Counter(
        (teacher, one.weekday, one.number) for one in placed for teacher in by_course[one.course_id].teachers
    )
    assert max(busy.values()) == 1
    of_class = Counter((by_course[one.course_id].class_id, one.weekday, one.number) for one in placed)
    assert max(of_class.values()) == 1


def test_a_lesson_of_every_second_week_is_the_last_of_its_day() -> None:
    needs = school(6, 1)
    placed = compose(needs, seed=1)
    ends: dict[tuple[int, int], int] = {}
    by_course = {one.course_id: one for one in needs}
    for one in placed:
        key = (by_course[one.course_id].class_id, one.weekday)
        ends[key] = max(one.number, ends.get(key, 0))
    halves = [one for one in placed if by_course[one.course_id].is_half]
    last = [one.number == ends[by_course[one.course_id].class_id, one.weekday] for one in halves]
    assert sum(last) >= len(last) - 1
