"""The year, the load, the week and the lessons laid from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from modules.schedule import api, services
from modules.schedule.load import services as load
from modules.schedule.models import Course, Lesson, Period
from modules.schedule.year import services as year_services
from tenants import reference
from tests.factories import schedule as make


class TestPeriods:
    def test_the_year_has_four_quarters_and_two_half_years(self, scene: make.Scene, aigul: Actor) -> None:
        opened = api.open_year(actor=aigul, year="2025-26")
        assert [(p.code, p.start) for p in opened] == [
            ("q1", date(2025, 9, 1)),
            ("q2", date(2025, 11, 3)),
            ("q3", date(2026, 1, 8)),
            ("q4", date(2026, 3, 30)),
            ("h1", date(2025, 9, 1)),
            ("h2", date(2026, 1, 8)),
        ]
        assert api.open_year(actor=aigul, year="2025-26") == opened

    def test_an_unknown_year_is_refused(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(year_services.UnknownYear):
            api.open_year(actor=aigul, year="1999-00")

    def test_half_years_follow_their_quarters(self, scene: make.Scene, aigul: Actor) -> None:
        year_services.set_period_dates(
            actor=aigul, period_id=scene.quarter.id, start=date(2026, 11, 2), end=date(2026, 12, 29)
        )
        assert Period.objects.get(pk=scene.half.id).end == date(2026, 12, 29)

    def test_quarters_do_not_overlap(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(year_services.PeriodsOverlap):
            year_services.set_period_dates(
                actor=aigul, period_id=scene.quarter.id, start=date(2026, 10, 20), end=date(2026, 12, 27)
            )
        with pytest.raises(year_services.DatesBackwards):
            year_services.set_period_dates(
                actor=aigul, period_id=scene.quarter.id, start=date(2026, 12, 20), end=date(2026, 11, 27)
            )

    def test_closing_twice_is_once(self, scene: make.Scene, aigul: Actor) -> None:
        first = year_services.close_period(actor=aigul, period_id=scene.quarter.id)
        assert (
            year_services.close_period(actor=aigul, period_id=scene.quarter.id).closed_at == first.closed_at
        )
        assert not year_services.reopen_period(actor=aigul, period_id=scene.quarter.id).is_closed

    def test_a_teacher_does_not_close_quarters(self, scene: make.Scene, bolat: Actor) -> None:
        with pytest.raises(NotAllowed):
            year_services.close_period(actor=bolat, period_id=scene.quarter.id)

    @pytest.mark.parametrize(
        ("day", "code"), [(date(2026, 11, 10), "q2"), (date(2026, 10, 28), None), (date(2027, 5, 25), "q4")]
    )
    def test_a_day_falls_into_its_quarter_or_into_none(
        self, scene: make.Scene, day: date, code: str | None
    ) -> None:
        found = api.period_of(day)
        assert (found.code if found else None) == code

    def test_the_current_period_is_that_of_today(self, scene: make.Scene) -> None:
        current = api.current_period()
        assert current is not None
        assert current.code == "q2"


class TestLaying:
    def lay(self, actor: Actor, scene: make.Scene) -> api.Generated:
        return api.generate_lessons(
            actor=actor, period_id=scene.quarter.id, school_class_id=scene.school_class.pk
        )

    @pytest.fixture
    def bare(self, scene: make.Scene) -> make.Scene:
        Lesson.objects.all().delete()
        make.slot(scene.course, 1, 2)
        make.slot(scene.course, 3, 4)
        return scene

    def test_lays_the_week_over_the_quarter_without_holidays(self, bare: make.Scene, aigul: Actor) -> None:
        done = self.lay(aigul, bare)
        days = [d for n in range(56) if (d := bare.quarter.start + timedelta(days=n)).isoweekday() in (1, 3)]
        off = [d for d in days if d in reference.days_off()]
        assert done.made == Lesson.objects.count() == len(days) - len(off)
        assert off, "the quarter has holidays on these weekdays"
        assert not Lesson.objects.filter(date__in=off).exists()
        assert {(x.date.isoweekday(), x.number) for x in Lesson.objects.all()} == {(1, 2), (3, 4)}

    def test_laying_again_adds_nothing(self, bare: make.Scene, aigul: Actor) -> None:
        self.lay(aigul, bare)
        assert self.lay(aigul, bare) == api.Generated(0, ())

    def test_a_place_that_is_taken_is_told(self, bare: make.Scene, aigul: Actor) -> None:
        physics = make.course(bare.school_class, None, "physics", 2)
        [held] = make.lessons(physics, date(2026, 11, 4), count=1, number=4)
        done = self.lay(aigul, bare)
        assert [(c.day, c.number, c.course_id) for c in done.clashes] == [(held.date, 4, bare.course.pk)]

    def test_grade_one_rests_its_extra_week(
        self, in_school: object, moment: None, actor_of: Callable[..., Actor]
    ) -> None:
        first = make.scene(grade=1, letter="Б")
        make.slot(first.course, 2, 1)
        aigul = actor_of(Role.DIRECTOR)
        [third] = [p for p in api.periods(year=make.YEAR) if p.code == "q3"]
        api.generate_lessons(actor=aigul, period_id=third.id, course_ids=[first.course.pk])
        assert not Lesson.objects.filter(date=date(2027, 2, 9)).exists()
        assert Lesson.objects.filter(date=date(2027, 2, 16)).exists()


class TestTwoPlaces:
    """The database itself keeps a teacher and a class from being in two places."""

    def lesson(self, course: Course, **changes: object) -> Lesson:
        values = {
            "course": course,
            "school_class_id": course.school_class_id,
            "teacher_id": course.teacher_id,
            "date": date(2026, 11, 9),
            "number": 3,
            **changes,
        }
        return Lesson.objects.create(**values)

    def test_a_teacher(self, scene: make.Scene) -> None:
        other = make.course(make.school_class(8, "Б"), scene.teacher, "algebra")
        self.lesson(scene.course)
        with pytest.raises(IntegrityError, match="schedule_teacher_in_one_place"), transaction.atomic():
            self.lesson(other)
        self.lesson(other, shift=2)

    def test_a_teacher_of_joined_classes_sits_with_both(self, scene: make.Scene) -> None:
        other = make.course(make.school_class(8, "Б"), scene.teacher, "algebra")
        self.lesson(scene.course, set_code="1")
        self.lesson(other, set_code="1")
        assert Lesson.objects.filter(date=date(2026, 11, 9), number=3).count() == 2

    def test_a_class(self, scene: make.Scene) -> None:
        other = make.course(scene.school_class, make.teacher("Жаңа"), "physics")
        self.lesson(scene.course)
        with pytest.raises(IntegrityError, match="schedule_class_in_one_place"), transaction.atomic():
            self.lesson(other)

    def test_a_cancelled_lesson_frees_the_place(self, scene: make.Scene) -> None:
        other = make.course(scene.school_class, make.teacher("Жаңа"), "physics")
        self.lesson(scene.course, state="cancelled")
        assert self.lesson(other).pk


class TestLoad:
    def test_a_subject_stands_once_in_a_class(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(load.CourseExists):
            api.add_course(
                actor=aigul, school_class_id=scene.school_class.pk, subject_code="algebra", hours=3
            )
        added = api.add_course(
            actor=aigul,
            school_class_id=scene.school_class.pk,
            subject_code="geometry",
            hours=2,
            teacher_id=scene.teacher.pk,
        )
        assert (added.class_label, added.period_kind, added.teacher) == (
            "7А",
            "quarter",
            "Ермекова\u00a0Б.\u00a0С.",
        )

    def test_slots_refuse_a_busy_class_and_a_busy_teacher(self, scene: make.Scene, aigul: Actor) -> None:
        api.set_slots(actor=aigul, course_id=scene.course.pk, places=[(1, 2)])
        physics = make.course(scene.school_class, make.teacher("Жаңа"), "physics")
        elsewhere = make.course(make.school_class(8, "Б"), scene.teacher, "algebra")
        with pytest.raises(services.ClassBusy):
            api.set_slots(actor=aigul, course_id=physics.pk, places=[(1, 2)])
        with pytest.raises(services.TeacherBusy):
            api.set_slots(actor=aigul, course_id=elsewhere.pk, places=[(1, 2)])

    def test_another_teacher_gets_the_lessons_ahead(self, scene: make.Scene, aigul: Actor) -> None:
        dana = make.teacher("Дәулетова", "Дана")
        since = scene.lessons[5].date
        load.change_course(actor=aigul, course_id=scene.course.pk, teacher_id=dana.pk, hours=3, since=since)
        assert set(Lesson.objects.filter(date__lt=since).values_list("teacher_id", flat=True)) == {
            scene.teacher.pk
        }
        assert set(Lesson.objects.filter(date__gte=since).values_list("teacher_id", flat=True)) == {dana.pk}

    def test_a_course_with_lessons_stays(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(load.CourseHasLessons):
            load.drop_course(actor=aigul, course_id=scene.course.pk)


class TestFillLesson:
    def test_its_teacher_writes_the_topic(self, scene: make.Scene, bolat: Actor) -> None:
        api.fill_lesson(actor=bolat, lesson_id=scene.lessons[0].pk, topic="Бөлшектер", homework="12-жаттығу")
        row = Lesson.objects.get(pk=scene.lessons[0].pk)
        assert (row.topic, row.homework) == ("Бөлшектер", "12-жаттығу")

    def test_another_teacher_does_not(self, scene: make.Scene, actor_of: Callable[..., Actor]) -> None:
        with pytest.raises(services.NotYourLesson):
            api.fill_lesson(
                actor=actor_of(Role.TEACHER, person_id=uuid4()), lesson_id=scene.lessons[0].pk, topic="x"
            )


def test_the_day_of_a_class_has_times_teacher_and_topic(scene: make.Scene, bolat: Actor) -> None:
    lesson = scene.lessons[0]
    api.fill_lesson(actor=bolat, lesson_id=lesson.pk, topic="Бөлшектер")
    year_services.put_default_bells()
    [line] = api.day_of_class(actor=bolat, class_id=scene.school_class.pk, day=lesson.date)
    assert (line.number, line.subject, line.topic) == (2, "Алгебра", "Бөлшектер")
    assert line.teacher.startswith("Ермекова")
    assert line.start is not None
    week = api.week_of_teacher(actor=bolat, teacher_id=scene.teacher.pk, day=lesson.date)
    assert sum(len(day.lines) for day in week) >= 1
