"""How lines fall on lessons, and how hours are counted."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from modules.plans.data import Kind
from modules.plans.rules.hours import by_quarters, weeks
from modules.plans.rules.laying import Place, Unit, lay

pytestmark = pytest.mark.requirement("SIS-40")
FIRST = date(2026, 11, 2)


def units(*kinds: str, quarter: int = 2) -> list[Unit]:
    return [Unit(uuid4(), 1, quarter, kind) for kind in kinds]


def places(count: int, *, held: int = 0, quarter: int = 2) -> list[Place]:
    return [Place(uuid4(), FIRST + timedelta(days=2 * n), 2, quarter, n < held) for n in range(count)]


def kept(laid: dict[UUID, Unit]) -> dict[UUID, tuple[UUID, int]]:
    return {key: unit.key for key, unit in laid.items()}


class TestLaying:
    def test_lines_follow_lessons_in_order(self) -> None:
        plan, lessons = units(*[Kind.LESSON] * 3), places(5)
        laid = lay(plan, lessons, {})
        assert [laid.at[one.lesson_id] for one in lessons[:3]] == plan
        assert len(laid.at) == 3

    def test_a_lost_lesson_moves_the_rest_and_the_soch_keeps_a_place(self) -> None:
        plan = units(Kind.LESSON, Kind.LESSON, Kind.RESERVE, Kind.SOCH)
        lessons = places(3)
        laid = lay(plan, lessons, {})
        assert [laid.at[one.lesson_id].kind for one in lessons] == [Kind.LESSON, Kind.LESSON, Kind.SOCH]
        assert [one.kind for one in laid.without] == [Kind.RESERVE]

    def test_without_reserve_the_last_ordinary_lesson_gives_way(self) -> None:
        plan = units(Kind.LESSON, Kind.SOR, Kind.LESSON, Kind.SOCH)
        laid = lay(plan, places(3), {})
        assert laid.without == (plan[2],)

    def test_held_lessons_keep_their_lines_when_dates_move(self) -> None:
        plan, lessons = units(*[Kind.LESSON] * 5), places(5, held=2)
        before = lay(plan, lessons, {})
        # A frosty day: the third lesson falls out. A line is put in front of all.
        new = units(Kind.LESSON)
        after = lay([*new, *plan], [*lessons[:2], *lessons[3:]], kept(dict(before.at)))
        assert [after.at[one.lesson_id] for one in lessons[:2]] == plan[:2]
        assert after.at[lessons[3].lesson_id] == new[0]
        assert after.at[lessons[4].lesson_id] == plan[2]
        assert after.without == (plan[3], plan[4])

    def test_quarters_do_not_flow_into_each_other(self) -> None:
        plan = [*units(*[Kind.LESSON] * 3, quarter=1), *units(Kind.LESSON, quarter=2)]
        lessons = places(4)
        laid = lay(plan, lessons, {})
        assert list(laid.at.values()) == [plan[3]]
        assert len(laid.without) == 3

    def test_what_a_held_lesson_had_and_is_deleted_leaves_it_to_others(self) -> None:
        plan, lessons = units(*[Kind.LESSON] * 2), places(2, held=1)
        laid = lay(plan[1:], lessons, {lessons[0].lesson_id: plan[0].key})
        assert laid.at[lessons[0].lesson_id] == plan[1]

    def test_whatever_happens_each_hour_stands_once_and_in_order(self) -> None:
        dice = random.Random(7)
        for _turn in range(300):
            plan = [
                Unit(uuid4(), 1, q, dice.choice(list(Kind)))
                for q in (1, 2)
                for _n in range(dice.randint(0, 9))
            ]
            lessons = [
                Place(uuid4(), FIRST + timedelta(days=n), 1, 1 + (n > 6), n < 4)
                for n in range(dice.randint(0, 14))
            ]
            before = lay(plan, lessons, {})
            left = [one for one in lessons if dice.random() > 0.2]
            after = lay(plan, left, kept(dict(before.at)))
            placed = list(after.at.values())
            assert len(set(placed)) == len(placed)
            assert {*placed, *after.without} == set(plan)
            assert not set(placed) & set(after.without)
            for one in left:
                if one.is_held and one.lesson_id in before.at:
                    assert after.at[one.lesson_id] == before.at[one.lesson_id]
            fresh = [after.at[one.lesson_id] for one in left if one.lesson_id in after.at and not one.is_held]
            assert fresh == sorted(fresh, key=plan.index)
            # Laying once more changes nothing.
            assert lay(plan, left, kept(dict(after.at))) == after


class TestHours:
    def test_the_ministrys_weeks(self) -> None:
        """8, 8, 10 and 8 weeks in 2026-27 (order 213-НҚ) and in 2025-26."""
        this = [
            ("2026-09-01", "2026-10-25"),
            ("2026-11-02", "2026-12-27"),
            ("2027-01-11", "2027-03-21"),
            ("2027-03-29", "2027-05-25"),
        ]
        last = [
            ("2025-09-01", "2025-10-26"),
            ("2025-11-03", "2025-12-28"),
            ("2026-01-08", "2026-03-18"),
            ("2026-03-30", "2026-05-25"),
        ]
        for year in (this, last):
            assert [weeks(date.fromisoformat(a), date.fromisoformat(b)) for a, b in year] == [8, 8, 10, 8]

    def test_too_many_and_too_few(self) -> None:
        spans = {1: (date(2026, 9, 1), date(2026, 10, 25)), 2: (date(2026, 11, 2), date(2026, 12, 27))}
        found = by_quarters([(1, 26), (2, 20)], Decimal(3), spans)
        assert [one.surplus for one in found] == [2, -4, 0, 0]
        assert found[2].given is None

    def test_half_an_hour_is_nobodys_fault(self) -> None:
        spans = {1: (date(2026, 9, 1), date(2026, 10, 25))}
        [first, *_rest] = by_quarters([(1, 12)], Decimal("1.5"), spans)
        assert first.given == 12
        assert by_quarters([(1, 12)], Decimal("1.55"), spans)[0].surplus == 0
