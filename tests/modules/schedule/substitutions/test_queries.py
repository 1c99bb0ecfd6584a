"""The board in its states with a steady number of reads; the book and the sheet of hours that add up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from modules.schedule.models import Course, Lesson
from modules.schedule.substitutions import queries, services
from modules.schedule.substitutions.models import Absence, Question, Substitution
from modules.schedule.substitutions.queries import Light
from modules.staff.models import Employee
from tests.factories import schedule as make
from tests.modules.journal.conftest import MOMENT
from tests.modules.schedule.substitutions.conftest import DAY, Staff, lesson

MONTH = DAY.replace(day=1)
MOST_READS = 20


def lights(actor: Actor) -> dict[int, Light]:
    found = queries.board(actor=actor, day=DAY)
    return {one.number: one.light for hour in found.hours for one in hour.lessons}


@pytest.mark.requirement("SIS-11")
class TestBoard:
    def test_a_lesson_goes_through_its_states(
        self,
        opened: Substitution,
        staff_room: Staff,
        aigul: Actor,
        as_teacher: Callable[[Employee], Actor],
    ) -> None:
        assert lights(aigul) == {2: Light.OPEN, 4: Light.OPEN}
        services.ask(actor=aigul, substitution_id=opened.pk, teacher_ids=[staff_room.gulzhan.pk])
        assert lights(aigul)[2] is Light.ASKED
        [question] = Question.objects.all()
        services.answer(actor=as_teacher(staff_room.gulzhan), question_id=question.pk, is_yes=True)
        assert lights(aigul)[2] is Light.TAKEN
        Lesson.objects.filter(pk=staff_room.lesson.pk).update(topic="Көпмүшелер")
        assert lights(aigul)[2] is Light.HELD
        second = Substitution.objects.get(lesson=staff_room.second)
        services.cancel(actor=aigul, substitution_id=second.pk, reason="Карантин")
        assert lights(aigul)[4] is Light.OFF
        found = queries.board(actor=aigul, day=DAY)
        assert dict(found.lights) == {
            Light.OPEN: 0,
            Light.ASKED: 0,
            Light.TAKEN: 0,
            Light.HELD: 1,
            Light.OFF: 1,
        }

    def test_the_candidates_are_ranked_with_reasons_in_words(
        self, opened: Substitution, staff_room: Staff, scene: make.Scene, aigul: Actor
    ) -> None:
        shown, __ = queries.opened(actor=aigul, substitution_id=opened.pk)
        # Gulzhan: the subject and a gap. Marat: the class and a lesson right after. Saule: no lessons that day.
        assert [one.id for one in shown.proposals] == [
            staff_room.gulzhan.pk,
            staff_room.marat.pk,
            staff_room.saule.pk,
        ]
        assert len(shown.proposals[0].reasons) == 4
        assert scene.teacher.pk not in {one.id for one in shown.proposals}

    def test_the_reads_do_not_grow_with_what_is_open(
        self, absence: Absence, staff_room: Staff, scene: make.Scene, aigul: Actor
    ) -> None:
        def reads() -> int:
            with CaptureQueriesContext(connection) as caught:
                queries.board(actor=aigul, day=DAY)
            return len(caught)

        before = reads()
        for number in (5, 6, 7, 8):
            lesson(scene.course, DAY, number)
        services.open_new_lessons(actor=aigul, since=DAY)
        assert Substitution.objects.count() == 6
        assert reads() == before <= MOST_READS

    def test_a_lesson_that_got_another_teacher_needs_nobody(
        self, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        Lesson.objects.filter(pk=opened.lesson_id).update(teacher_id=staff_room.saule.pk)
        assert lights(aigul) == {4: Light.OPEN}

    def test_only_who_arranges_sees_it(
        self, opened: Substitution, bolat: Actor, actor_of: Callable[..., Actor]
    ) -> None:
        for actor in (bolat, actor_of(Role.SECRETARY), actor_of(Role.PARENT)):
            with pytest.raises(NotAllowed):
                queries.board(actor=actor, day=DAY)

    def test_free_places_are_free_for_the_class_and_the_teacher_and_not_in_the_absence(
        self, opened: Substitution, staff_room: Staff, scene: make.Scene, aigul: Actor
    ) -> None:
        friday = DAY + timedelta(days=1)
        lesson(staff_room.courses["physics7"], friday, 1)
        lesson(staff_room.courses["physics7"], friday, 4)
        eighth = make.course(make.school_class(9, "А"), scene.teacher, "algebra")
        lesson(eighth, friday, 2)
        [row] = Substitution.objects.select_related("lesson__course").filter(pk=opened.pk)
        places = [(one.day, one.number) for one in queries.free_places(row, actor=aigul)]
        assert places == [(friday, 3), (friday, 5)]

    def test_joinable_are_the_same_subject_or_grade_at_that_time(
        self, absence: Absence, staff_room: Staff, aigul: Actor
    ) -> None:
        lesson(staff_room.courses["algebra8"], DAY, 4)
        lesson(staff_room.courses["music8"], DAY, 2)
        rows = {row.number: row for row in Substitution.objects.select_related("lesson__course")}
        assert [one.teacher_id for one in queries.joinable(rows[4], actor=aigul)] == [staff_room.gulzhan.pk]
        assert queries.joinable(rows[2], actor=aigul) == []


@pytest.mark.requirement("SIS-43", screen="schedule:book")
class TestBook:
    @pytest.fixture
    def month(
        self, absence: Absence, staff_room: Staff, scene: make.Scene, aigul: Actor
    ) -> Iterator[dict[str, Substitution]]:
        """One taken, one joined, one moved, one cancelled; the day has come."""
        lesson(staff_room.courses["algebra8"], DAY, 4)
        for number in (5, 6):
            lesson(scene.course, DAY, number)
        services.open_new_lessons(actor=aigul, since=DAY)
        by_number = {row.number: row for row in Substitution.objects.filter(absence=absence)}
        services.assign(actor=aigul, substitution_id=by_number[2].pk, substitute_id=staff_room.gulzhan.pk)
        services.join(actor=aigul, substitution_id=by_number[4].pk, substitute_id=staff_room.gulzhan.pk)
        services.move(actor=aigul, substitution_id=by_number[5].pk, day=DAY + timedelta(days=1), number=5)
        services.cancel(actor=aigul, substitution_id=by_number[6].pk, reason="Карантин")
        with time_machine.travel(MOMENT + timedelta(days=1)):
            yield {
                "taken": by_number[2],
                "joined": by_number[4],
                "moved": by_number[5],
                "cancelled": by_number[6],
            }

    def test_only_a_changed_teacher_is_a_line(
        self, month: dict[str, Substitution], aigul: Actor, scene: make.Scene, staff_room: Staff
    ) -> None:
        rows = list(queries.book_rows(aigul).order_by("number"))
        assert [row.pk for row in rows] == [month["taken"].pk, month["joined"].pk]
        [first, second] = queries.lines(rows, actor=aigul)
        assert (first.school_class, first.teacher, first.substitute, first.hours) == (
            "7А",
            scene.teacher.person_name.short,
            staff_room.gulzhan.person_name.short,
            Decimal(1),
        )
        assert second.is_joined

    def test_the_sheet_is_the_sum_of_the_book(
        self, month: dict[str, Substitution], aigul: Actor, scene: make.Scene, staff_room: Staff
    ) -> None:
        services.correct(
            actor=aigul,
            substitution_id=month["joined"].pk,
            subject_code="algebra",
            hours=Decimal("0.5"),
            is_paid=False,
            ground="12",
        )
        sheet = queries.hours_sheet(actor=aigul, month=MONTH)
        by_teacher = {one.teacher_id: one for one in sheet.lines}
        hers, his = by_teacher[staff_room.gulzhan.pk], by_teacher[scene.teacher.pk]
        assert (hers.paid, hers.unpaid, hers.total) == (1, Decimal("0.5"), Decimal("1.5"))
        assert (his.missed, his.total) == (Decimal("1.5"), 0)
        assert dict(hers.by_reason) == {"sick": Decimal("1.5")}
        assert sheet.total.total == sum(one.total for one in sheet.lines)
        assert sheet.total.total == sum(row.hours for row in queries.book_rows(aigul))
        assert sheet.total.missed == sheet.total.total
        assert (sheet.cancelled, sheet.moved, sheet.uncovered) == (1, 1, 0)
        assert queries.hours_sheet(actor=aigul, month=MONTH.replace(month=10)).lines == ()

    def test_the_month_and_the_teacher_narrow_it(
        self, month: dict[str, Substitution], aigul: Actor, staff_room: Staff
    ) -> None:
        rows = queries.book_rows(aigul)
        assert queries.of_month(rows, "2026-11").count() == 2
        assert queries.of_month(rows, "2026-10").count() == 0
        assert queries.of_month(rows, "soon").count() == 0
        assert queries.of_teacher(rows, str(staff_room.gulzhan.pk)).count() == 2
        assert queries.of_teacher(rows, str(staff_room.marat.pk)).count() == 0
        assert queries.of_teacher(rows, "x").count() == 0
        assert queries.of_person(rows, "Ғабит", aigul).count() == 2
        assert queries.of_person(rows, "Марат", aigul).count() == 0

    def test_a_lesson_ahead_is_no_line_yet(
        self, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)
        assert not queries.book_rows(aigul).exists()
        assert queries.hours_sheet(actor=aigul, month=MONTH).lines == ()
        with time_machine.travel(MOMENT + timedelta(days=1)):
            assert queries.book_rows(aigul).count() == 1
            assert queries.hours_sheet(actor=aigul, month=MONTH).total.total == 1

    def test_a_line_of_an_open_lesson_is_not_there(
        self, opened: Substitution, aigul: Actor, bolat: Actor
    ) -> None:
        with pytest.raises(NotFound):
            queries.get_line(actor=aigul, substitution_id=opened.pk)
        with pytest.raises(NotAllowed):
            queries.book_rows(bolat)


def test_a_course_handed_over_is_no_substitution(scene: make.Scene, staff_room: Staff, aigul: Actor) -> None:
    Course.objects.filter(pk=scene.course.pk).update(teacher_id=staff_room.gulzhan.pk)
    assert queries.stood_in(actor=aigul, lesson_id=staff_room.lesson.pk) is None
