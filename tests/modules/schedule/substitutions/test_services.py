"""Absences open and close lessons; lessons are given, asked for, joined, moved, cancelled, and opened again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.utils import translation

from identity import api as identity
from identity.models import User
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry, OutboxEvent
from modules.schedule import handlers
from modules.schedule import services as schedule
from modules.schedule.events import LessonsGenerated
from modules.schedule.models import Course, Lesson
from modules.schedule.substitutions import services
from modules.schedule.substitutions.models import Absence, Question, Substitution
from modules.staff import services as staff
from modules.staff.events import LeavesChanged
from modules.staff.models import Employee, Leave
from notify import api as notify
from notify.models import Notification
from tests.factories import schedule as make
from tests.modules.journal.conftest import MOMENT
from tests.modules.schedule.substitutions.conftest import DAY, Staff, lesson

State = Substitution.State
AsTeacher = Callable[[Employee], Actor]


def states(absence: Absence) -> list[tuple[date, int, str]]:
    rows = Substitution.objects.filter(absence=absence).order_by("date", "number")
    return [(row.date, row.number, row.state) for row in rows]


@pytest.mark.requirement("SIS-11")
class TestAbsence:
    def test_opens_the_lessons_of_its_days(self, absence: Absence, staff_room: Staff) -> None:
        assert states(absence) == [(DAY, 2, "open"), (DAY, 4, "open")]

    def test_from_a_time_opens_the_later_ones_only(
        self, scene: make.Scene, staff_room: Staff, aigul: Actor
    ) -> None:
        row = services.note_absence(
            actor=aigul,
            teacher_id=scene.teacher.pk,
            since=DAY,
            until=DAY,
            reason="sick",
            from_time=time(10, 30),
        )
        assert states(row) == [(DAY, 4, "open")]

    def test_prolonged_opens_more_and_shortened_closes(
        self, absence: Absence, scene: make.Scene, aigul: Actor
    ) -> None:
        friday = DAY + timedelta(days=1)
        lesson(scene.course, friday, 1)
        services.change_absence(
            actor=aigul, absence_id=absence.pk, since=DAY, until=friday, reason="sick", ground="15-ө"
        )
        assert states(absence) == [(DAY, 2, "open"), (DAY, 4, "open"), (friday, 1, "open")]
        services.change_absence(actor=aigul, absence_id=absence.pk, since=friday, until=friday, reason="sick")
        assert states(absence) == [(DAY, 2, "withdrawn"), (DAY, 4, "withdrawn"), (friday, 1, "open")]
        services.change_absence(actor=aigul, absence_id=absence.pk, since=DAY, until=friday, reason="sick")
        assert [one for one in states(absence) if one[2] == "open"] == [
            (DAY, 2, "open"),
            (DAY, 4, "open"),
            (friday, 1, "open"),
        ]

    def test_cancelled_gives_the_lessons_ahead_back_and_tells_the_substitute(
        self, absence: Absence, opened: Substitution, staff_room: Staff, scene: make.Scene, aigul: Actor,
        account: Callable[..., User],
    ) -> None:  # fmt: skip
        user = account(Role.TEACHER, person_id=staff_room.gulzhan.pk, username="gulzhan")
        services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)
        services.cancel_absence(actor=aigul, absence_id=absence.pk)
        assert {state for *_where, state in states(absence)} == {"withdrawn"}
        staff_room.lesson.refresh_from_db()
        assert staff_room.lesson.teacher_id == scene.teacher.pk
        told = Notification.objects.filter(user_id=user.pk).values_list("message", flat=True)
        assert set(told) == {"schedule.assigned", "schedule.taken_away"}
        # Twice is once.
        services.cancel_absence(actor=aigul, absence_id=absence.pk)
        assert Notification.objects.filter(user_id=user.pk).count() == 2

    def test_what_was_held_stays(
        self, absence: Absence, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)
        with time_machine.travel(
            MOMENT + timedelta(days=1, minutes=30)
        ):  # 10:30 of the day: number 2 has begun
            services.cancel_absence(actor=aigul, absence_id=absence.pk)
        assert states(absence) == [(DAY, 2, "taken"), (DAY, 4, "withdrawn")]
        staff_room.lesson.refresh_from_db()
        assert staff_room.lesson.teacher_id == staff_room.gulzhan.pk

    def test_a_second_one_at_the_time_is_refused(
        self, absence: Absence, scene: make.Scene, aigul: Actor
    ) -> None:
        def note(since: date, until: date | None) -> Absence:
            return services.note_absence(
                actor=aigul, teacher_id=scene.teacher.pk, since=since, until=until, reason="other"
            )

        with pytest.raises(services.AbsentAlready):
            note(DAY - timedelta(days=3), None)
        with pytest.raises(services.DatesBackwards):
            note(DAY + timedelta(days=2), DAY + timedelta(days=1))
        assert note(DAY + timedelta(days=1), DAY + timedelta(days=1)).pk

    def test_an_unknown_reason_and_an_unknown_teacher_are_refused(
        self, scene: make.Scene, staff_room: Staff, aigul: Actor
    ) -> None:
        with pytest.raises(services.UnknownReason):
            services.note_absence(
                actor=aigul, teacher_id=scene.teacher.pk, since=DAY, until=DAY, reason="lazy"
            )
        with pytest.raises(NotFound):
            services.note_absence(actor=aigul, teacher_id=uuid4(), since=DAY, until=DAY, reason="sick")

    def test_a_teacher_notes_nobody(self, scene: make.Scene, staff_room: Staff, bolat: Actor) -> None:
        with pytest.raises(NotAllowed):
            services.note_absence(
                actor=bolat, teacher_id=scene.teacher.pk, since=DAY, until=DAY, reason="sick"
            )

    def test_a_substitute_who_falls_ill_opens_the_lesson_again(
        self, absence: Absence, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)
        hers = services.note_absence(
            actor=aigul, teacher_id=staff_room.gulzhan.pk, since=DAY, until=DAY, reason="sick"
        )
        opened.refresh_from_db()
        assert (opened.state, opened.substitute_id) == (State.OPEN, None)
        assert states(hers) == [(DAY, 1, "open"), (DAY, 3, "open")]

    def test_lessons_laid_later_are_opened_too(
        self, absence: Absence, scene: make.Scene, aigul: Actor
    ) -> None:
        lesson(scene.course, DAY, 6)
        assert services.open_new_lessons(actor=aigul, since=DAY) == 1
        assert services.open_new_lessons(actor=aigul, since=DAY) == 0


@pytest.mark.requirement("SIS-11")
class TestLeaves:
    def test_a_leave_on_the_card_opens_lessons_and_taking_it_back_closes_them(
        self, scene: make.Scene, staff_room: Staff
    ) -> None:
        product = Actor.system_actor("tests")
        leave = Leave.objects.create(
            employee=scene.teacher, kind="business_trip", since=DAY, until=DAY, paper="12-ж/қ"
        )
        for _twice in range(2):
            services.follow_leaves(actor=product, employee_ids=[scene.teacher.pk])
        row = Absence.objects.get()
        assert (row.leave_id, row.reason, row.ground) == (leave.pk, "business_trip", "12-ж/қ")
        assert states(row) == [(DAY, 2, "open"), (DAY, 4, "open")]
        leave.delete()
        services.follow_leaves(actor=product, employee_ids=[scene.teacher.pk])
        assert states(row) == [(DAY, 2, "withdrawn"), (DAY, 4, "withdrawn")]

    def test_the_news_of_a_leave_and_of_lessons_open_them(self, scene: make.Scene, staff_room: Staff) -> None:
        product = Actor.system_actor("tests")
        Leave.objects.create(employee=scene.teacher, kind="sick", since=DAY, until=DAY)
        told = LeavesChanged(employee_ids=(str(scene.teacher.pk),))
        for _twice in range(2):
            handlers.open_lessons_of_leave(told, actor=product, at=MOMENT)
        assert Substitution.objects.count() == 2
        lesson(scene.course, DAY, 6)
        laid = LessonsGenerated(period_id=str(scene.quarter.id), year=make.YEAR, made=1)
        for _twice in range(2):
            handlers.open_lessons_laid_into_absences(laid, actor=product, at=MOMENT)
        assert Substitution.objects.count() == 3

    def test_a_leave_that_began_long_ago_opens_no_old_lessons(
        self, scene: make.Scene, staff_room: Staff
    ) -> None:
        old = lesson(scene.course, date(2026, 10, 1), 2)
        Leave.objects.create(employee=scene.teacher, kind="child_care", since=date(2026, 9, 1))
        services.follow_leaves(actor=Actor.system_actor("tests"), employee_ids=[scene.teacher.pk])
        assert Substitution.objects.filter(lesson=staff_room.lesson).exists()
        assert not Substitution.objects.filter(lesson=old).exists()

    def test_it_is_changed_on_the_card_only(self, scene: make.Scene, staff_room: Staff, aigul: Actor) -> None:
        Leave.objects.create(employee=scene.teacher, kind="annual", since=DAY, until=DAY)
        services.follow_leaves(actor=Actor.system_actor("tests"), employee_ids=[scene.teacher.pk])
        row = Absence.objects.get()
        with pytest.raises(services.FromStaffCard):
            services.cancel_absence(actor=aigul, absence_id=row.pk)
        with pytest.raises(services.FromStaffCard):
            services.change_absence(actor=aigul, absence_id=row.pk, since=DAY, until=None, reason="annual")

    def test_the_card_tells_of_its_leaves(
        self, scene: make.Scene, staff_room: Staff, aigul: Actor, after_commit: Callable[[], int]
    ) -> None:
        row = staff.add_record(
            actor=aigul, employee_id=scene.teacher.pk, section="leaves", kind="sick", since=DAY, until=DAY
        )
        staff.remove_record(actor=aigul, employee_id=scene.teacher.pk, section="leaves", record_id=row.pk)
        assert OutboxEvent.objects.filter(name="staff.leaves.changed.v1").count() == 2


@pytest.mark.requirement("SIS-11")
class TestGiving:
    def test_the_lesson_is_the_substitutes_and_the_course_is_not(
        self, opened: Substitution, staff_room: Staff, scene: make.Scene, aigul: Actor
    ) -> None:
        services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)
        staff_room.lesson.refresh_from_db()
        opened.refresh_from_db()
        assert staff_room.lesson.teacher_id == staff_room.gulzhan.pk
        assert Course.objects.get(pk=scene.course.pk).teacher_id == scene.teacher.pk
        assert (opened.state, opened.hours, opened.subject_code) == (State.TAKEN, Decimal(1), "algebra")

    def test_only_once(self, opened: Substitution, staff_room: Staff, aigul: Actor) -> None:
        services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)
        with pytest.raises(services.AlreadyDecided):
            services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.saule.pk)

    def test_not_to_who_is_busy_absent_or_gone(
        self, opened: Substitution, staff_room: Staff, scene: make.Scene, aigul: Actor
    ) -> None:
        lesson(staff_room.courses["music8"], DAY, 2)
        with pytest.raises(services.SubstituteBusy):
            services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.saule.pk)
        with pytest.raises(services.SubstituteAbsent):
            services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=scene.teacher.pk)
        staff_room.gulzhan.left_date = DAY - timedelta(days=1)
        staff_room.gulzhan.save(update_fields=["left_date"])
        with pytest.raises(services.WorksHereNoMore):
            services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)
        opened.refresh_from_db()
        assert opened.state == State.OPEN

    def test_classes_that_sit_together_go_to_one_and_are_one_hour(
        self, scene: make.Scene, staff_room: Staff, aigul: Actor
    ) -> None:
        sixth = make.school_class(6, "А")
        for one in (scene.course, together := make.course(sixth, scene.teacher, "algebra")):
            one.set_code = "6-7"
            one.save(update_fields=["set_code"])
        Lesson.objects.filter(pk=staff_room.lesson.pk).update(set_code="6-7")
        lesson(together, DAY, 2, set_code="6-7")
        row = services.note_absence(
            actor=aigul, teacher_id=scene.teacher.pk, since=DAY, until=DAY, reason="sick"
        )
        first, second = Substitution.objects.filter(absence=row, number=2)
        services.assign(actor=aigul, substitution_id=first.pk, substitute_id=staff_room.gulzhan.pk)
        taken = Substitution.objects.filter(absence=row, number=2)
        assert {one.substitute_id for one in taken} == {staff_room.gulzhan.pk}
        assert sum(one.hours for one in taken) == 1
        services.reopen(actor=aigul, substitution_id=second.pk)
        assert {one.state for one in Substitution.objects.filter(absence=row, number=2)} == {State.OPEN}

    def test_another_schools_lesson_is_not_there(
        self, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        with pytest.raises(NotFound):
            services.assign(actor=aigul, substitution_id=uuid4(), substitute_id=staff_room.gulzhan.pk)

    def test_opened_again_it_is_as_before(
        self, opened: Substitution, staff_room: Staff, scene: make.Scene, aigul: Actor
    ) -> None:
        services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)
        services.reopen(actor=aigul, substitution_id=opened.pk)
        opened.refresh_from_db()
        staff_room.lesson.refresh_from_db()
        assert (opened.state, opened.substitute_id) == (State.OPEN, None)
        assert staff_room.lesson.teacher_id == scene.teacher.pk


@pytest.mark.requirement("SIS-11")
class TestOtherWays:
    def test_joined_with_the_class_that_the_teacher_has_anyway(
        self, absence: Absence, scene: make.Scene, staff_room: Staff, aigul: Actor
    ) -> None:
        lesson(staff_room.courses["algebra8"], DAY, 4)
        row = Substitution.objects.get(lesson=staff_room.second)
        with pytest.raises(services.NothingToJoin):
            services.join(actor=aigul, substitution_id=row.pk, substitute_id=staff_room.saule.pk)
        services.join(actor=aigul, substitution_id=row.pk, substitute_id=staff_room.gulzhan.pk)
        row.refresh_from_db()
        staff_room.second.refresh_from_db()
        assert row.state == State.JOINED
        assert staff_room.second.teacher_id == staff_room.gulzhan.pk
        services.reopen(actor=aigul, substitution_id=row.pk)
        staff_room.second.refresh_from_db()
        assert (staff_room.second.teacher_id, staff_room.second.set_code) == (scene.teacher.pk, "")

    def test_moved_keeps_its_history_and_is_not_laid_anew(
        self, opened: Substitution, staff_room: Staff, scene: make.Scene, aigul: Actor
    ) -> None:
        friday = DAY + timedelta(days=1)
        make.slot(scene.course, DAY.isoweekday(), 2)
        services.move(actor=aigul, substitution_id=opened.pk, day=friday, number=3)
        staff_room.lesson.refresh_from_db()
        assert (staff_room.lesson.date, staff_room.lesson.number) == (friday, 3)
        [left] = Lesson.objects.filter(course=scene.course, date=DAY, number=2)
        assert left.state == "cancelled"
        schedule.generate_lessons(
            actor=aigul, period_id=scene.quarter.id, school_class_id=scene.school_class.pk
        )
        assert Lesson.objects.filter(course=scene.course, date=DAY, number=2).count() == 1
        services.reopen(actor=aigul, substitution_id=opened.pk)
        assert [one.pk for one in Lesson.objects.filter(course=scene.course, date=DAY, number=2)] == [
            staff_room.lesson.pk
        ]

    def test_not_moved_into_another_lesson_a_holiday_the_absence_or_the_past(
        self, absence: Absence, opened: Substitution, staff_room: Staff, scene: make.Scene, aigul: Actor
    ) -> None:
        friday = DAY + timedelta(days=1)
        lesson(staff_room.courses["physics7"], friday, 3)
        for day, number, refusal in (
            (friday, 3, services.PlaceTaken),
            (date(2026, 12, 16), 3, services.NoSuchPlace),
            (date(2026, 11, 29), 3, services.NoSuchPlace),
            (DAY, 6, services.SubstituteAbsent),
            (date(2026, 11, 24), 3, services.NoSuchPlace),
        ):
            with pytest.raises(refusal):
                services.move(actor=aigul, substitution_id=opened.pk, day=day, number=number)
        staff_room.lesson.refresh_from_db()
        assert (staff_room.lesson.date, staff_room.lesson.number) == (DAY, 2)

    def test_cancelled_wants_its_reason(self, opened: Substitution, staff_room: Staff, aigul: Actor) -> None:
        with pytest.raises(services.ReasonNeeded):
            services.cancel(actor=aigul, substitution_id=opened.pk, reason="  ")
        services.cancel(actor=aigul, substitution_id=opened.pk, reason="Карантин")
        staff_room.lesson.refresh_from_db()
        opened.refresh_from_db()
        assert staff_room.lesson.state == "cancelled"
        assert (opened.state, opened.note) == (State.CANCELLED, "Карантин")

    def test_left_to_the_teacher_it_is_not_opened_again(
        self, absence: Absence, opened: Substitution, aigul: Actor
    ) -> None:
        services.leave_to_teacher(actor=aigul, substitution_id=opened.pk)
        assert services.open_new_lessons(actor=aigul, since=DAY) == 0
        assert states(absence) == [(DAY, 2, "withdrawn"), (DAY, 4, "open")]

    def test_a_line_is_corrected_only_when_somebody_took_it(
        self, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        values = {"subject_code": "physics", "hours": Decimal(2), "is_paid": False, "ground": " 7 "}
        with pytest.raises(NotFound):
            services.correct(actor=aigul, substitution_id=opened.pk, **values)
        services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)
        services.correct(actor=aigul, substitution_id=opened.pk, **values)
        opened.refresh_from_db()
        assert (opened.subject_code, opened.hours, opened.is_paid, opened.ground) == (
            "physics",
            2,
            False,
            "7",
        )
        with pytest.raises(services.UnknownSubject):
            services.correct(actor=aigul, substitution_id=opened.pk, **{**values, "subject_code": "magic"})


@pytest.mark.requirement("SIS-11")
class TestAsking:
    @pytest.fixture
    def asked(self, opened: Substitution, staff_room: Staff, aigul: Actor) -> Substitution:
        who = [staff_room.gulzhan.pk, staff_room.marat.pk, staff_room.saule.pk]
        return services.ask(actor=aigul, substitution_id=opened.pk, teacher_ids=who)

    def question(self, row: Substitution, who: Employee) -> Question:
        return Question.objects.get(substitution=row, teacher_id=who.pk)

    def test_the_first_yes_takes_the_lesson_and_the_second_is_late(
        self, asked: Substitution, staff_room: Staff, as_teacher: AsTeacher
    ) -> None:
        first = services.answer(
            actor=as_teacher(staff_room.gulzhan),
            question_id=self.question(asked, staff_room.gulzhan).pk,
            is_yes=True,
        )
        second = services.answer(
            actor=as_teacher(staff_room.saule),
            question_id=self.question(asked, staff_room.saule).pk,
            is_yes=True,
        )
        assert (first.answer, second.answer) == ("yes", "late")
        staff_room.lesson.refresh_from_db()
        assert staff_room.lesson.teacher_id == staff_room.gulzhan.pk

    def test_the_yes_of_one_who_falls_ill_leaves_room_for_the_next(
        self, asked: Substitution, staff_room: Staff, aigul: Actor, as_teacher: AsTeacher
    ) -> None:
        def say_yes(who: Employee) -> None:
            services.answer(actor=as_teacher(who), question_id=self.question(asked, who).pk, is_yes=True)

        say_yes(staff_room.gulzhan)
        services.note_absence(
            actor=aigul, teacher_id=staff_room.gulzhan.pk, since=DAY, until=DAY, reason="sick"
        )
        services.ask(actor=aigul, substitution_id=asked.pk, teacher_ids=[staff_room.saule.pk])
        say_yes(staff_room.saule)
        asked.refresh_from_db()
        assert (asked.state, asked.substitute_id) == ("taken", staff_room.saule.pk)

    def test_answering_again_changes_nothing(
        self, asked: Substitution, staff_room: Staff, as_teacher: AsTeacher
    ) -> None:
        who = as_teacher(staff_room.gulzhan)
        key = self.question(asked, staff_room.gulzhan).pk
        services.answer(actor=who, question_id=key, is_yes=False)
        assert services.answer(actor=who, question_id=key, is_yes=True).answer == "no"

    def test_anothers_question_is_not_there(
        self, asked: Substitution, staff_room: Staff, as_teacher: AsTeacher, actor_of: Callable[..., Actor]
    ) -> None:
        key = self.question(asked, staff_room.gulzhan).pk
        with pytest.raises(NotFound):
            services.answer(actor=as_teacher(staff_room.marat), question_id=key, is_yes=True)
        with pytest.raises(NotFound):
            services.answer(actor=actor_of(Role.DIRECTOR), question_id=key, is_yes=True)
        with pytest.raises(NotAllowed):
            services.answer(actor=actor_of(Role.LIBRARIAN), question_id=key, is_yes=True)

    def test_the_question_ends_with_its_time(
        self, asked: Substitution, staff_room: Staff, as_teacher: AsTeacher
    ) -> None:
        key = self.question(asked, staff_room.gulzhan).pk
        with time_machine.travel(MOMENT + timedelta(minutes=31)), pytest.raises(services.QuestionOver):
            services.answer(actor=as_teacher(staff_room.gulzhan), question_id=key, is_yes=True)
        asked.refresh_from_db()
        assert asked.state == State.OPEN

    def test_it_never_waits_longer_than_the_lesson_begins(
        self, opened: Substitution, staff_room: Staff, aigul: Actor
    ) -> None:
        with time_machine.travel(
            MOMENT + timedelta(days=1, hours=-1, minutes=-10)
        ):  # 8:50, the lesson is at 9:00
            services.ask(actor=aigul, substitution_id=opened.pk, teacher_ids=[staff_room.saule.pk])
        until = self.question(opened, staff_room.saule).until
        assert until == MOMENT + timedelta(days=1, hours=-1)

    def test_when_all_have_refused_the_asker_is_told(
        self, asked: Substitution, staff_room: Staff, as_teacher: AsTeacher, account: Callable[..., User]
    ) -> None:
        deputy = account(Role.DEPUTY_ACADEMIC, username="deputy")
        Question.objects.filter(substitution=asked).update(asked_by=deputy.pk)
        for who in (staff_room.gulzhan, staff_room.marat, staff_room.saule):
            assert not Notification.objects.filter(user_id=deputy.pk).exists()
            services.answer(actor=as_teacher(who), question_id=self.question(asked, who).pk, is_yes=False)
        assert Notification.objects.get(user_id=deputy.pk).message == "schedule.all_refused"

    def test_nobody_is_asked_who_could_not(
        self, opened: Substitution, staff_room: Staff, scene: make.Scene, aigul: Actor
    ) -> None:
        with pytest.raises(services.NobodyAsked):
            services.ask(actor=aigul, substitution_id=opened.pk, teacher_ids=[])
        with pytest.raises(services.SubstituteAbsent):
            services.ask(actor=aigul, substitution_id=opened.pk, teacher_ids=[scene.teacher.pk])
        assert not Question.objects.exists()

    def test_each_is_told_in_the_own_language(
        self, opened: Substitution, staff_room: Staff, aigul: Actor, account: Callable[..., User]
    ) -> None:
        who = [staff_room.gulzhan.pk, staff_room.saule.pk]
        users = [
            account(Role.TEACHER, person_id=one, username=f"teacher-{language}", language=language)
            for one, language in zip(who, ("kk", "ru"), strict=True)
        ]
        services.ask(actor=aigul, substitution_id=opened.pk, teacher_ids=who)
        said = []
        for user in users:
            with translation.override(user.language):
                [note] = notify.latest(actor=identity.actor_of_user(user.pk))
                said.append((str(note.title), str(note.body)))
        assert said[0][0] != said[1][0]
        assert "7А" in said[0][1]
        assert "26 ноября" in said[1][1]


def test_every_act_stands_in_the_log(opened: Substitution, staff_room: Staff, aigul: Actor) -> None:
    services.assign(actor=aigul, substitution_id=opened.pk, substitute_id=staff_room.gulzhan.pk)
    services.reopen(actor=aigul, substitution_id=opened.pk)
    acts = [line.action for line in AuditEntry.objects.order_by("id")]
    assert acts[-3:] == [
        "schedule.absence.noted",
        "schedule.substitution.assigned",
        "schedule.substitution.reopened",
    ]
