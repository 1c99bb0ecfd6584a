"""The demo's people are Kazakhstan's in looks and nobody's in fact."""

from __future__ import annotations

from collections import Counter

import pytest

from demo.people import Crowd
from demo.timetable import Need, compose
from kernel import iin


@pytest.mark.requirement("TEN-06")
def test_numbers_are_synthetic_and_right() -> None:
    crowd = Crowd(1)
    for _ in range(300):
        person = crowd.adult()
        assert iin.check(person.iin, synthetic_allowed=True) == []
        assert iin.check(person.iin, synthetic_allowed=False) == ["synthetic"]
        assert iin.parse(person.iin).sex == person.sex


def test_the_same_seed_gives_the_same_people() -> None:
    assert [Crowd(5).adult() for _ in range(3)] == [Crowd(5).adult() for _ in range(3)]


@pytest.mark.parametrize(
    ("father", "kazakh", "sex", "expected"),
    [
        ("Серік", True, "m", "Серікұлы"),
        ("Серік", True, "f", "Серікқызы"),
        ("Юрий", False, "f", "Юрьевна"),
        ("Игорь", False, "m", "Игоревич"),
        ("Иван", False, "f", "Ивановна"),
        ("Илья", False, "m", "Ильич"),
        ("Никита", False, "f", "Никитична"),
    ],
)
def test_patronymics(father: str, kazakh: bool, sex: str, expected: str) -> None:
    assert Crowd(1).patronymic(father, sex, is_kazakh=kazakh) == expected


def test_nobody_is_in_two_places() -> None:
    needs = [Need((c, s), c, (s, c % 3), 1, 3) for c in range(6) for s in range(9)]
    of = {n.course_id: n for n in needs}
    placed = compose(needs, seed=3)
    assert len(placed) >= 0.97 * sum(n.hours for n in needs)
    assert max(Counter((of[p.course_id].teacher_id, p.weekday, p.number) for p in placed).values()) == 1
    assert max(Counter((of[p.course_id].class_id, p.weekday, p.number) for p in placed).values()) == 1
