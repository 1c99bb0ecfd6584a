"""The journal's right goes with the lesson: for that lesson only, and it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine

from kernel.access import Actor
from kernel.errors import NotFound
from modules.journal import queries as journal
from modules.journal import services as marks
from modules.journal.services import Operation
from modules.schedule import api as schedule
from modules.schedule import services as lessons
from modules.schedule.models import Lesson
from modules.schedule.substitutions import services
from modules.schedule.substitutions.models import Substitution
from modules.school import api as school
from modules.staff.models import Employee
from tests.factories import schedule as make
from tests.modules.journal.conftest import MOMENT
from tests.modules.schedule.substitutions.conftest import DAY, Staff

AsTeacher = Callable[[Employee], Actor]
ON_THE_DAY = MOMENT + timedelta(days=1)


@pytest.fixture
def taken(opened: Substitution, staff_room: Staff, aigul: Actor) -> Substitution:
    """Gulzhan takes number 2 of the day; number 4 stays open."""
    return services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)


def write(actor: Actor, scene: make.Scene, lesson_id: UUID) -> str:
    """A nine for the first pupil at the lesson."""
    operation = Operation(
        id=uuid4(),
        lesson_id=lesson_id,
        pupil_id=scene.pupils[0].pk,
        kind="fo",
        field="points",
        old=None,
        new=9,
    )
    [result] = marks.save_cells(actor=actor, course_id=scene.course.pk, operations=[operation])
    return result.status


@pytest.mark.requirement("SIS-11")
class TestTheSubstitutesJournal:
    def test_she_writes_in_the_lesson_and_only_there(
        self, taken: Substitution, scene: make.Scene, staff_room: Staff, as_teacher: AsTeacher
    ) -> None:
        gulzhan = as_teacher(staff_room.gulzhan)
        with time_machine.travel(ON_THE_DAY):
            assert write(gulzhan, scene, staff_room.lesson.pk) == "ok"
            with pytest.raises(NotFound):
                write(gulzhan, scene, staff_room.second.pk)
            course = journal.open_course(actor=gulzhan, course_id=scene.course.pk)
            grid = journal.grid(actor=gulzhan, course=course, period=scene.quarter)
        mine = [one.lesson_id for one in grid.columns if one.is_mine]
        assert mine == [str(staff_room.lesson.pk)]
        assert grid.may_write
        assert not grid.decides

    def test_the_topic_is_hers_too(
        self, taken: Substitution, staff_room: Staff, as_teacher: AsTeacher
    ) -> None:
        gulzhan = as_teacher(staff_room.gulzhan)
        lessons.fill_lesson(actor=gulzhan, lesson_id=staff_room.lesson.pk, topic="Көпмүшелер")
        with pytest.raises(lessons.NotYourLesson):
            lessons.fill_lesson(actor=gulzhan, lesson_id=staff_room.second.pk, topic="Көпмүшелер")
        assert Lesson.objects.get(pk=staff_room.lesson.pk).topic == "Көпмүшелер"

    def test_the_right_ends_and_with_it_the_journal(
        self, taken: Substitution, scene: make.Scene, staff_room: Staff, as_teacher: AsTeacher
    ) -> None:
        gulzhan = as_teacher(staff_room.gulzhan)
        with time_machine.travel(ON_THE_DAY + timedelta(days=1)):
            assert write(gulzhan, scene, staff_room.lesson.pk) == "ok"
        with time_machine.travel(ON_THE_DAY + timedelta(days=2)):
            with pytest.raises(NotFound):
                write(gulzhan, scene, staff_room.lesson.pk)
            with pytest.raises(NotFound):
                journal.open_course(actor=gulzhan, course_id=scene.course.pk)
            with pytest.raises(lessons.NotYourLesson):
                lessons.fill_lesson(actor=gulzhan, lesson_id=staff_room.lesson.pk, topic="Кеш")
            nagged = journal.unfilled_lessons(
                actor=gulzhan, teacher_id=gulzhan.person_id, start=DAY, until=DAY
            )
        assert staff_room.lesson.pk not in {one.lesson_id for one in nagged}

    def test_the_schools_choice_makes_it_longer_and_keeps_the_owner_out(
        self,
        taken: Substitution,
        scene: make.Scene,
        staff_room: Staff,
        as_teacher: AsTeacher,
        aigul: Actor,
        bolat: Actor,
    ) -> None:
        with time_machine.travel(ON_THE_DAY):
            assert write(bolat, scene, staff_room.second.pk) == "ok"
            school.change_setting(actor=aigul, code="schedule.absent_teacher_writes", value="never")
            school.change_setting(actor=aigul, code="schedule.substitute_writes_days", value=7)
            assert write(bolat, scene, staff_room.lesson.pk) == "refused"
        with time_machine.travel(ON_THE_DAY + timedelta(days=7)):
            assert write(as_teacher(staff_room.gulzhan), scene, staff_room.lesson.pk) == "ok"

    def test_her_day_and_the_classs_day_show_it(
        self, taken: Substitution, scene: make.Scene, staff_room: Staff, as_teacher: AsTeacher
    ) -> None:
        gulzhan = as_teacher(staff_room.gulzhan)
        hers = schedule.next_day_of_teacher(actor=gulzhan, teacher_id=staff_room.gulzhan.pk, day=DAY)
        assert [(one.number, one.is_substituted) for one in hers.lines] == [(1, False), (2, True), (3, False)]
        theirs = schedule.day_of_class(actor=gulzhan, class_id=scene.school_class.pk, day=DAY)
        [changed] = [one for one in theirs if one.is_substituted]
        assert changed.teacher == staff_room.gulzhan.person_name.short
