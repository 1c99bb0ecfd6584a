"""Who could take a lesson and in which order; who writes in a lesson that was stood in for."""

from __future__ import annotations

import random
from datetime import date, datetime, time
from uuid import UUID

import pytest

from kernel.clock import ALMATY
from modules.schedule.substitutions.rules import (
    Colleague,
    LessonRight,
    Need,
    OwnersRight,
    Term,
    Why,
    has_begun,
    rank,
)
from modules.schedule.year.rules import Place

CLASS, OTHER_CLASS = UUID(int=71), UUID(int=81)
BELLS = {(1, n): (time(7 + n, 0), time(7 + n, 45)) for n in range(1, 9)}
BELLS |= {(2, n): (time(13 + n, 30), time(14 + n, 15)) for n in range(1, 7)}


def at(number: int, shift: int = 1) -> Place:
    return Place(shift, number, *BELLS[shift, number])


def somebody(number: int, name: str = "", **known: object) -> Colleague:
    return Colleague(id=UUID(int=number), name=name or f"Мұғалім {number}", **known)


NEED = Need(at(3), "algebra", CLASS)


def names(need: Need, *people: Colleague) -> list[str]:
    return [one.name for one in rank(need, people)]


@pytest.mark.requirement("SIS-11")
class TestRank:
    def test_who_teaches_then_is_not_offered(self) -> None:
        busy = somebody(1, lessons=(at(3),), subjects=frozenset({"algebra"}))
        assert rank(NEED, [busy]) == []

    def test_a_lesson_of_the_other_shift_at_the_same_hour_makes_busy(self) -> None:
        need = Need(at(8), "algebra", CLASS)
        overlapping = somebody(1, lessons=(at(1, shift=2),))
        assert at(8).meets(at(1, shift=2))
        assert rank(need, [overlapping]) == []

    def test_without_bells_the_number_of_the_shift_decides(self) -> None:
        assert Place(1, 3).meets(Place(1, 3))
        assert not Place(1, 3).meets(Place(2, 3))

    def test_the_absent_are_not_offered_and_from_a_time_only_after_it(self) -> None:
        assert rank(NEED, [somebody(1, is_absent=True)]) == []
        assert rank(NEED, [somebody(1, is_absent=True, away_from=time(9, 0))]) == []
        assert len(rank(NEED, [somebody(1, is_absent=True, away_from=time(12, 0))])) == 1

    def test_subject_before_class_before_a_gap_before_just_being_there(self) -> None:
        subject = somebody(1, "Пән", subjects=frozenset({"algebra"}), lessons=(at(1),))
        school_class = somebody(2, "Сынып", classes=frozenset({CLASS}), lessons=(at(1),))
        gap = somebody(3, "Терезе", lessons=(at(2), at(4)))
        there = somebody(4, "Осында", lessons=(at(1),))
        away = somebody(5, "Үйде")
        assert names(NEED, away, there, gap, school_class, subject) == [
            "Пән",
            "Сынып",
            "Терезе",
            "Осында",
            "Үйде",
        ]

    def test_hours_of_the_month_weigh_against(self) -> None:
        fresh = somebody(1, "Демалған", lessons=(at(1),))
        tired = somebody(2, "Шаршаған", lessons=(at(2), at(4)), hours=12)
        assert names(NEED, tired, fresh) == ["Демалған", "Шаршаған"]

    def test_who_said_no_stands_last_and_is_marked(self) -> None:
        first = somebody(1, "Бірінші", subjects=frozenset({"algebra"}), lessons=(at(2), at(4)))
        need = Need(at(3), "algebra", CLASS, refused=frozenset({first.id}))
        ranked = rank(need, [first, somebody(2, "Екінші")])
        assert [one.name for one in ranked] == ["Екінші", "Бірінші"]
        assert ranked[-1].has_refused

    def test_who_is_asked_for_the_same_hour_stands_behind(self) -> None:
        asked = somebody(1, "А", lessons=(at(1),), asked_at=(at(3),))
        assert names(NEED, asked, somebody(2, "Ә", lessons=(at(1),))) == ["Ә", "А"]

    def test_equals_stand_in_kazakh_order_whatever_the_order_of_asking(self) -> None:
        people = [somebody(n, name) for n, name in enumerate(("Яна", "Әлия", "Алма", "Ғалым", "Гүлнар"))]
        for seed in range(5):
            random.Random(seed).shuffle(people)
            assert names(NEED, *people) == ["Алма", "Әлия", "Гүлнар", "Ғалым", "Яна"]

    def test_every_reason_is_told(self) -> None:
        [one] = rank(
            NEED,
            [
                somebody(
                    1,
                    subjects=frozenset({"algebra"}),
                    classes=frozenset({CLASS}),
                    lessons=(at(2), at(4)),
                    hours=3,
                )
            ],
        )
        assert one.reasons == (Why.FREE, Why.SUBJECT, Why.CLASS, Why.GAP, Why.HOURS)
        assert one.score == 50 + 30 + 25 - 12


OWNER, TEACHER, STRANGER = UUID(int=1), UUID(int=2), UUID(int=3)
LESSON = date(2026, 11, 25)


@pytest.mark.requirement("SIS-11")
class TestWhoWrites:
    def may(self, right: LessonRight, who: UUID | None, today: date, *, stood_in: bool = True) -> bool:
        return right.may_write(
            who, owner=OWNER, teacher=TEACHER, is_substituted=stood_in, day=LESSON, today=today
        )

    def test_the_substitutes_right_ends_after_its_days(self) -> None:
        right = LessonRight(days=1)
        assert self.may(right, TEACHER, date(2026, 11, 25))
        assert self.may(right, TEACHER, date(2026, 11, 26))
        assert not self.may(right, TEACHER, date(2026, 11, 27))

    def test_who_got_the_course_handed_over_is_no_substitute(self) -> None:
        assert self.may(LessonRight(), TEACHER, date(2027, 5, 1), stood_in=False)
        assert self.may(LessonRight(), OWNER, date(2027, 5, 1), stood_in=False)

    @pytest.mark.parametrize(
        ("choice", "within", "after"),
        [
            (OwnersRight.ALWAYS, True, True),
            (OwnersRight.AFTER, False, True),
            (OwnersRight.NEVER, False, False),
        ],
    )
    def test_the_absent_teacher_writes_as_the_school_has_chosen(
        self, choice: OwnersRight, within: bool, after: bool
    ) -> None:
        right = LessonRight(days=1, owner=choice)
        assert self.may(right, OWNER, date(2026, 11, 26)) is within
        assert self.may(right, OWNER, date(2026, 11, 27)) is after

    def test_nobody_else_writes(self) -> None:
        assert not self.may(LessonRight(), STRANGER, LESSON)
        assert not self.may(LessonRight(), None, LESSON)


class TestTerm:
    def test_both_days_are_in_and_a_time_counts_on_the_first_only(self) -> None:
        term = Term(date(2026, 11, 25), date(2026, 11, 27), time(10, 0))
        assert not term.covers(date(2026, 11, 24), time(12, 0))
        assert not term.covers(date(2026, 11, 25), time(9, 0))
        assert term.covers(date(2026, 11, 25), time(10, 0))
        assert term.covers(date(2026, 11, 26), time(8, 0))
        assert term.covers(date(2026, 11, 27), time(8, 0))
        assert not term.covers(date(2026, 11, 28), time(8, 0))

    def test_without_a_last_day_it_goes_on(self) -> None:
        assert Term(date(2026, 11, 25)).covers(date(2027, 5, 25), None)

    def test_what_has_begun_belongs_to_what_was(self) -> None:
        now = datetime(2026, 11, 25, 10, 0, tzinfo=ALMATY)
        assert has_begun(day=date(2026, 11, 24), start=time(12, 0), now=now)
        assert has_begun(day=date(2026, 11, 25), start=time(10, 0), now=now)
        assert not has_begun(day=date(2026, 11, 25), start=time(10, 1), now=now)
        assert not has_begun(day=date(2026, 11, 26), start=time(8, 0), now=now)
