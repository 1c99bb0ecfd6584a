"""Where summative works may stand: the order's limits, and placements that keep them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from modules.journal.planner.rules import (
    Book,
    Breach,
    Place,
    Wish,
    Work,
    best_days,
    broken_days,
    nearest,
    propose,
    targets,
)

pytestmark = pytest.mark.requirement("SIS-54")
CLASS = UUID(int=7)
MONDAY = date(2026, 12, 14)
LAST = date(2026, 12, 25)


def work(subject: str, kind: str, day: date = MONDAY, *, group: int = 0, course: UUID | None = None) -> Work:
    return Work(course or uuid4(), CLASS, subject, group, kind, day, uuid4(), 1, uuid4())


def book(*works: Work) -> Book:
    return Book({CLASS: LAST}, works)


def wish(subject: str, kind: str, days: list[date], best: date, **more: bool) -> Wish:
    places = [Place(uuid4(), day, 2) for day in days]
    return Wish(uuid4(), CLASS, subject, 0, kind, places, best, **more)


def days(count: int, start: date = date(2026, 11, 30)) -> list[date]:
    found = [start + timedelta(days=n) for n in range(60)]
    return [day for day in found if day.isoweekday() <= 5][:count]


class TestWhatIsBroken:
    def test_three_soch_a_day_are_allowed_and_the_fourth_is_not(self) -> None:
        three = [work(subject, "soch") for subject in ("algebra", "physics", "biology")]
        assert broken_days(book(*three)) == []
        [day] = broken_days(book(*three, work("chemistry", "soch")))
        assert (day.class_id, day.day, day.breaches) == (CLASS, MONDAY, (Breach.SOCH_A_DAY,))
        assert len(day.works) == 4

    def test_groups_of_a_subject_are_one_soch(self) -> None:
        works = [work(subject, "soch") for subject in ("algebra", "physics")]
        english = [work("foreign_language", "soch", group=n) for n in (1, 2)]
        assert broken_days(book(*works, *english)) == []

    def test_no_soch_on_the_last_day_but_a_sor_may_stand_there(self) -> None:
        [day] = broken_days(book(work("algebra", "soch", LAST)))
        assert day.breaches == (Breach.LAST_DAY,)
        assert broken_days(book(work("algebra", "sor", LAST))) == []

    def test_sor_and_soch_of_one_subject_never_meet(self) -> None:
        [day] = broken_days(book(work("algebra", "sor"), work("algebra", "soch")))
        assert day.breaches == (Breach.SAME_DAY,)
        assert broken_days(book(work("algebra", "sor"), work("physics", "soch"))) == []

    def test_groups_that_write_different_works_do_not_meet(self) -> None:
        apart = [work("foreign_language", "sor", group=1), work("foreign_language", "soch", group=2)]
        assert broken_days(book(*apart)) == []
        whole = [work("foreign_language", "sor", group=0), work("foreign_language", "soch", group=2)]
        assert [one.breaches for one in broken_days(book(*whole))] == [(Breach.SAME_DAY,)]

    def test_the_fourth_sor_of_a_quarter_is_one_too_many(self) -> None:
        course = uuid4()
        four = [work("algebra", "sor", day, course=course) for day in days(4)]
        [day] = broken_days(book(*four))
        assert (day.day, day.breaches) == (four[-1].day, (Breach.SOR_MANY,))

    def test_another_class_does_not_count(self) -> None:
        works = [work(subject, "soch") for subject in ("algebra", "physics", "biology")]
        elsewhere = Work(uuid4(), UUID(int=8), "chemistry", 0, "soch", MONDAY, uuid4())
        assert broken_days(book(*works, elsewhere)) == []


class TestProposing:
    def test_a_planned_day_is_kept(self) -> None:
        asked = wish("algebra", "soch", days(20), date(2026, 12, 9), is_planned=True)
        [one] = propose(book(), [asked])
        assert one.work is not None
        assert (one.work.day, one.is_by_plan) == (date(2026, 12, 9), True)

    def test_a_planned_day_that_breaks_a_rule_gives_way_to_the_nearest(self) -> None:
        full = [work(subject, "soch", date(2026, 12, 9)) for subject in ("physics", "biology", "chemistry")]
        asked = wish("algebra", "soch", days(20), date(2026, 12, 9), is_planned=True)
        [one] = propose(book(*full), [asked])
        assert one.work is not None
        assert not one.is_by_plan
        assert abs((one.work.day - date(2026, 12, 9)).days) == 1

    def test_a_whole_class_is_placed_without_a_breach(self) -> None:
        subjects = [f"subject{n}" for n in range(14)]
        asked = [wish(s, kind, days(20), date(2026, 12, 18)) for s in subjects for kind in ("sor", "soch")]
        filled = book()
        found = propose(filled, asked)
        assert all(one.work for one in found)
        assert broken_days(filled) == []
        soch = [one.work.day for one in found if one.work and one.work.kind == "soch"]
        assert max(soch.count(day) for day in soch) <= 3
        assert LAST not in soch

    def test_a_sor_comes_before_the_soch_of_its_course(self) -> None:
        course = uuid4()
        places = [Place(uuid4(), day, 2) for day in days(20)]
        soch = work("algebra", "soch", date(2026, 12, 14), course=course)
        asked = Wish(course, CLASS, "algebra", 0, "sor", places, date(2026, 12, 16))
        [one] = propose(book(soch), [asked])
        assert one.work is not None
        assert one.work.day < soch.day

    def test_what_has_no_place_is_told(self) -> None:
        asked = wish("algebra", "soch", [LAST], LAST)
        assert [one.work for one in propose(book(), [asked])] == [None]

    def test_the_same_question_has_the_same_answer(self) -> None:
        asked = [wish(f"s{n}", "soch", days(15), date(2026, 12, 16)) for n in range(8)]
        first = [one.work for one in propose(book(), asked)]
        assert first == [one.work for one in propose(book(), asked)]

    def test_works_without_a_plan_are_spread(self) -> None:
        places = [Place(uuid4(), day, 1) for day in days(18)]
        first, second, last = best_days(["sor", "sor", "soch"], places, LAST)
        assert first < second < LAST
        assert last == date(2026, 12, 18)


class TestWhereToMove:
    def test_the_nearest_day_that_breaks_nothing(self) -> None:
        works = [work(s, "soch") for s in ("algebra", "physics", "biology", "chemistry")]
        asked = Wish(works[0].course_id, CLASS, "algebra", 0, "soch",
                     [Place(uuid4(), day, 3) for day in (MONDAY, MONDAY + timedelta(days=2), LAST)], MONDAY)  # fmt: skip
        found = targets(book(*works), asked, instead=works[0])
        assert [one.breaks for one in found] == [(Breach.SOCH_A_DAY,), (), (Breach.LAST_DAY,)]
        best = nearest(found, MONDAY)
        assert best is not None
        assert best.place.day == MONDAY + timedelta(days=2)

    def test_one_sor_too_many_is_so_everywhere_and_keeps_no_day_closed(self) -> None:
        course = uuid4()
        four = [work("algebra", "sor", day, course=course) for day in days(4)]
        asked = Wish(course, CLASS, "algebra", 0, "sor", [Place(uuid4(), day, 3) for day in days(8)], MONDAY)
        assert all(not one.breaks for one in targets(book(*four), asked, instead=four[-1]))
