"""Substitutions on days that differ: shortened lessons, a grade with bells of its own, a grade's day off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from kernel.access import Actor
from kernel.clock import ALMATY
from modules.schedule.lessons import services as lessons
from modules.schedule.models import BellSet, BellTime, Lesson, SpecialDays
from modules.schedule.services import TeacherBusy
from modules.schedule.substitutions import queries, services
from modules.schedule.substitutions.models import Absence, Substitution
from tests.factories import schedule as make
from tests.modules.schedule.substitutions.conftest import DAY, Staff, lesson

pytestmark = pytest.mark.requirement("SIS-11")
FRIDAY = DAY + timedelta(days=1)


def shortened(day: date, *, grades: Sequence[int] = ()) -> None:
    """Lessons of half an hour, one every 40 minutes from 8:00."""
    bells = BellSet.objects.create(name=f"Қысқа {day} {grades}", is_on_call=True)
    first = datetime.combine(day, time(8))
    for number in range(1, 8):
        start = first + timedelta(minutes=40 * (number - 1))
        end = start + timedelta(minutes=30)
        BellTime.objects.create(bell_set=bells, shift=1, number=number, start=start.time(), end=end.time())
    SpecialDays.objects.create(
        year="2026-27", kind="short", start=day, end=day, grades=list(grades), bell_set=bells
    )


def day_off(day: date, *, grades: Sequence[int]) -> None:
    SpecialDays.objects.create(year="2026-27", kind="frost", start=day, end=day, grades=list(grades))


class TestShortenedDay:
    def test_the_board_shows_the_times_of_the_day(
        self, absence: Absence, staff_room: Staff, aigul: Actor
    ) -> None:
        shortened(DAY)
        found = queries.board(actor=aigul, day=DAY)
        assert [(hour.number, hour.start, hour.end) for hour in found.hours] == [
            (2, time(8, 40), time(9, 10)),
            (4, time(10, 0), time(10, 30)),
        ]

    def test_bells_of_a_grade_alone_decide_who_is_free(
        self, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        # By the usual bells Gulzhan is free at 2 (9:00); the 7th grade's second lesson begins at 8:40, in her first.
        assert staff_room.gulzhan.pk in {one.id for one in _proposals(opened, aigul)}
        shortened(DAY, grades=[7])
        assert staff_room.gulzhan.pk not in {one.id for one in _proposals(opened, aigul)}
        with pytest.raises(services.SubstituteBusy):
            services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)

    def test_a_part_of_the_day_is_missed_by_its_bells(
        self, scene: make.Scene, staff_room: Staff, aigul: Actor
    ) -> None:
        shortened(DAY)
        # From 10:30 on: by the usual bells lesson 4 (11:00) would be missed, on this day it is over by then.
        services.note_absence(
            actor=aigul,
            teacher_id=scene.teacher.pk,
            since=DAY,
            until=DAY,
            reason="sick",
            from_time=time(10, 30),
        )
        assert not Substitution.objects.exists()

    def test_a_lesson_that_has_begun_by_its_bells_is_not_moved(
        self, opened: Substitution, aigul: Actor
    ) -> None:
        shortened(DAY)
        with (
            time_machine.travel(datetime.combine(DAY, time(8, 50), tzinfo=ALMATY)),
            pytest.raises(services.AlreadyHeld),
        ):
            services.move(actor=aigul, substitution_id=opened.pk, day=FRIDAY, number=5)

    def test_a_question_waits_no_longer_than_to_the_day_s_bell(
        self, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        shortened(DAY)
        with time_machine.travel(datetime.combine(DAY, time(8, 35), tzinfo=ALMATY)):
            services.ask(actor=aigul, substitution_id=opened.pk, teacher_ids=[staff_room.marat.pk])
        until = opened.questions.get().until
        assert until.astimezone(ALMATY).time() == time(8, 40)

    def test_only_lessons_that_ring_together_are_joined(
        self, absence: Absence, staff_room: Staff, aigul: Actor
    ) -> None:
        lesson(staff_room.courses["algebra8"], DAY, 4)
        row = Substitution.objects.select_related("lesson__course").get(lesson=staff_room.second)
        assert [one.teacher_id for one in queries.joinable(row, actor=aigul)] == [staff_room.gulzhan.pk]
        shortened(DAY, grades=[7])
        assert queries.joinable(row, actor=aigul) == []
        with pytest.raises(services.NothingToJoin):
            services.join(actor=aigul, substitution_id=row.pk, substitute_id=staff_room.gulzhan.pk)


class TestDayOffOfAGrade:
    def test_no_lesson_is_moved_there(self, opened: Substitution, staff_room: Staff, aigul: Actor) -> None:
        lesson(staff_room.courses["physics7"], FRIDAY, 1)
        lesson(staff_room.courses["physics7"], FRIDAY, 3)
        day_off(FRIDAY, grades=[7])
        row = Substitution.objects.select_related("lesson__course").get(pk=opened.pk)
        assert FRIDAY not in {one.day for one in queries.free_places(row, actor=aigul)}
        with pytest.raises(services.NoSuchPlace):
            services.move(actor=aigul, substitution_id=opened.pk, day=FRIDAY, number=2)

    def test_of_another_grade_hinders_nobody(
        self, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        day_off(FRIDAY, grades=[8])
        services.move(actor=aigul, substitution_id=opened.pk, day=FRIDAY, number=2)
        opened.lesson.refresh_from_db()
        assert (opened.lesson.date, opened.lesson.number) == (FRIDAY, 2)


class TestMoving:
    def test_a_group_s_lesson_keeps_the_whole_class_away(
        self, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        lesson(staff_room.courses["physics7"], FRIDAY, 2, group=1)
        with pytest.raises(services.PlaceTaken):
            services.move(actor=aigul, substitution_id=opened.pk, day=FRIDAY, number=2)

    def test_the_teacher_s_other_lesson_counts_by_the_clock(
        self, scene: make.Scene, staff_room: Staff, aigul: Actor
    ) -> None:
        # The 8th grade's fourth lesson rings at 10:00 on the day, in the middle of the third of the others.
        shortened(FRIDAY, grades=[8])
        eighth = make.course(make.school_class(8, "Г"), scene.teacher, "algebra")
        lesson(eighth, FRIDAY, 4)
        with pytest.raises(TeacherBusy):
            lessons.move(
                actor=aigul,
                lesson_id=staff_room.lesson.pk,
                day=FRIDAY,
                number=3,
                room="",
                reason="Семинар",
            )
        row = lessons.move(
            actor=aigul, lesson_id=staff_room.lesson.pk, day=FRIDAY, number=5, room="", reason="Семинар"
        )
        assert Lesson.objects.get(pk=row.pk).number == 5


def _proposals(row: Substitution, actor: Actor) -> Sequence[queries.Proposal]:
    shown, __ = queries.opened(actor=actor, substitution_id=row.pk)
    return shown.proposals
