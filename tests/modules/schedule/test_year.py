"""Special days declared and taken back: what becomes of the lessons, told before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry, OutboxEvent
from kernel.tenancy import TenantRef
from modules.schedule import api
from modules.schedule.lessons import queries as days
from modules.schedule.models import Lesson, LessonChange, SpecialDays
from modules.schedule.year import queries, services
from modules.schedule.year.services import Wish
from tests.factories import journal as marks
from tests.factories import schedule as make

TUESDAY = date(2026, 12, 1)


@pytest.fixture
def laid(scene: make.Scene, aigul: Actor) -> make.Scene:
    """Algebra on Tuesdays, Wednesdays and Fridays of the whole second quarter, by the week."""
    Lesson.objects.all().delete()
    for weekday in (2, 3, 5):
        make.slot(scene.course, weekday, 2)
    api.generate_lessons(actor=aigul, period_id=scene.quarter.id)
    return scene


def lesson_on(day: date, course: UUID | None = None) -> Lesson:
    rows = Lesson.objects.filter(date=day)
    return rows.get(course_id=course) if course else rows.get()


def frost(start: date = TUESDAY, end: date | None = None, **more: object) -> Wish:
    return Wish(kind="frost", start=start, end=end or start, **more)


@pytest.mark.requirement("SIS-14")
class TestFrost:
    def test_cancels_the_lessons_and_says_why(self, laid: make.Scene, aigul: Actor) -> None:
        wish = frost(order_number="120", order_date=TUESDAY)
        foreseen = services.foresee_special(actor=aigul, year=make.YEAR, wish=wish)
        assert (len(foreseen.cancelled), len(foreseen.removed)) == (1, 0)
        assert lesson_on(TUESDAY).state == "held"
        special, done = services.declare(actor=aigul, year=make.YEAR, wish=wish)
        assert len(done.cancelled) == 1
        lesson = lesson_on(TUESDAY)
        assert lesson.state == "cancelled"
        change = LessonChange.objects.get(lesson=lesson)
        assert (change.what, change.special_days_id, change.user_name) == ("cancelled", special.id, "Айгүл")

    def test_other_grades_go_to_school(self, laid: make.Scene, aigul: Actor) -> None:
        make.school_class(3, "Б")
        services.declare(actor=aigul, year=make.YEAR, wish=frost(grades=[1, 2, 3, 4]))
        assert lesson_on(TUESDAY).state == "held"

    def test_the_week_of_the_class_and_of_the_teacher_say_it_in_words(
        self, laid: make.Scene, aigul: Actor
    ) -> None:
        services.declare(
            actor=aigul, year=make.YEAR, wish=frost(class_ids=[laid.school_class.pk], title="Аяз")
        )
        of_class = days.week_of_class(actor=aigul, class_id=laid.school_class.pk, day=TUESDAY)[1]
        assert "аяз" in str(of_class.note)
        assert [(one.is_cancelled, one.why) for one in of_class.lines] == [(True, "Аяз")]
        of_teacher = days.week_of_teacher(actor=aigul, teacher_id=laid.teacher.pk, day=TUESDAY)[1]
        assert "7А" in str(of_teacher.note)

    def test_a_lesson_with_marks_stays_and_keeps_a_note(self, laid: make.Scene, aigul: Actor) -> None:
        lesson = lesson_on(TUESDAY)
        marks.mark(lesson, laid.pupils[0], 9)
        foreseen = services.foresee_special(actor=aigul, year=make.YEAR, wish=frost())
        assert (len(foreseen.kept), len(foreseen.cancelled)) == (1, 0)
        services.declare(actor=aigul, year=make.YEAR, wish=frost())
        assert lesson_on(TUESDAY).state == "held"
        assert LessonChange.objects.get(lesson=lesson).what == "kept"

    def test_a_cleared_mark_does_not_keep_it(self, laid: make.Scene, aigul: Actor) -> None:
        marks.mark(lesson_on(TUESDAY), laid.pupils[0], None)
        laying = services.foresee_special(actor=aigul, year=make.YEAR, wish=frost())
        assert (len(laying.cancelled), laying.with_works) == (1, 1)

    def test_a_topic_stays_with_the_cancelled_lesson(self, laid: make.Scene, aigul: Actor) -> None:
        Lesson.objects.filter(date=TUESDAY).update(topic="Квадрат теңдеу")
        assert services.declare(actor=aigul, year=make.YEAR, wish=frost())[1].with_topics == 1
        assert (lesson_on(TUESDAY).state, lesson_on(TUESDAY).topic) == ("cancelled", "Квадрат теңдеу")

    def test_taken_back_the_lessons_come_back_and_again(self, laid: make.Scene, aigul: Actor) -> None:
        special, _laying = services.declare(actor=aigul, year=make.YEAR, wish=frost())
        foreseen = services.foresee_taking_back(actor=aigul, special_id=special.id)
        assert len(foreseen.restored) == 1
        services.take_back(actor=aigul, special_id=special.id)
        services.take_back(actor=aigul, special_id=special.id)
        assert lesson_on(TUESDAY).state == "held"
        services.put_back(actor=aigul, special_id=special.id)
        assert lesson_on(TUESDAY).state == "cancelled"
        whats = list(LessonChange.objects.order_by("at", "id").values_list("what", flat=True))
        assert whats == ["cancelled", "restored", "cancelled"]

    def test_a_lesson_cancelled_by_hand_does_not_come_back(self, laid: make.Scene, aigul: Actor) -> None:
        from modules.schedule.lessons import services as lessons

        lessons.cancel(actor=aigul, lesson_id=lesson_on(TUESDAY).pk, reason="Экскурсия")
        special, laying = services.declare(actor=aigul, year=make.YEAR, wish=frost())
        assert laying.size == 0
        assert services.take_back(actor=aigul, special_id=special.id).size == 0
        assert lesson_on(TUESDAY).state == "cancelled"

    def test_does_not_come_back_where_somebody_sits_by_now(self, laid: make.Scene, aigul: Actor) -> None:
        special, _laying = services.declare(actor=aigul, year=make.YEAR, wish=frost())
        other = make.course(laid.school_class, None, "geometry")
        Lesson.objects.create(course=other, school_class_id=laid.school_class.pk, date=TUESDAY, number=2)
        assert services.take_back(actor=aigul, special_id=special.id).restored == []

    def test_a_longer_frost_takes_more_lessons_and_a_shorter_gives_them_back(
        self, laid: make.Scene, aigul: Actor
    ) -> None:
        special, _laying = services.declare(actor=aigul, year=make.YEAR, wish=frost())
        wednesday = date(2026, 12, 2)
        services.change(actor=aigul, special_id=special.id, wish=frost(end=wednesday))
        assert [lesson_on(one).state for one in (TUESDAY, wednesday)] == ["cancelled", "cancelled"]
        services.change(actor=aigul, special_id=special.id, wish=frost(wednesday))
        assert [lesson_on(one).state for one in (TUESDAY, wednesday)] == ["held", "cancelled"]

    def test_is_told_to_others_and_logged(self, laid: make.Scene, aigul: Actor) -> None:
        special, _laying = services.declare(actor=aigul, year=make.YEAR, wish=frost())
        event = OutboxEvent.objects.filter(name="schedule.calendar.changed.v1").get()
        assert (event.payload["kind"], event.payload["start"], event.payload["lessons"]) == (
            "frost",
            "2026-12-01",
            1,
        )
        entry = AuditEntry.objects.get(action="schedule.special.declared")
        assert (entry.object_id, entry.details["cancelled"]) == (str(special.id), 1)

    def test_costs_the_same_for_a_day_and_for_a_fortnight(self, laid: make.Scene, aigul: Actor) -> None:
        def cost(wish: Wish) -> int:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                services.foresee_special(actor=aigul, year=make.YEAR, wish=wish)
            return len(caught)

        day = cost(frost())
        assert cost(frost(end=date(2026, 12, 14))) == day
        assert day <= 10


@pytest.mark.requirement("SIS-14")
class TestHolidays:
    def test_unused_lessons_go_and_used_ones_are_cancelled(self, laid: make.Scene, aigul: Actor) -> None:
        wednesday = date(2026, 12, 2)
        Lesson.objects.filter(date=wednesday).update(homework="5–8")
        wish = Wish(kind="holidays", start=TUESDAY, end=wednesday)
        special, laying = services.declare(actor=aigul, year=make.YEAR, wish=wish)
        assert (len(laying.removed), len(laying.cancelled)) == (1, 1)
        assert not Lesson.objects.filter(date=TUESDAY).exists()
        services.take_back(actor=aigul, special_id=special.id)
        assert [lesson_on(one).state for one in (TUESDAY, wednesday)] == ["held", "held"]

    def test_first_grade_has_its_own_week(self, scene: make.Scene, aigul: Actor) -> None:
        calendar = queries.calendar(year=make.YEAR)
        first, seventh = make.school_class(1, "А"), scene.school_class
        day = date(2027, 2, 9)
        assert not calendar.day(first, day).is_school
        assert calendar.day(seventh, day).is_school

    def test_the_ministrys_days_come_once_and_taken_back_stay_so(
        self, scene: make.Scene, aigul: Actor
    ) -> None:
        row = SpecialDays.objects.get(year=make.YEAR, code="2026_independence_day")
        services.take_back(actor=aigul, special_id=row.pk)
        services.open_year(actor=aigul, year=make.YEAR)
        assert SpecialDays.objects.filter(year=make.YEAR, code=row.code).count() == 1
        assert queries.calendar(year=make.YEAR).day(scene.school_class, row.start).is_school

    def test_six_days_a_week_have_fewer_days_moved(
        self, in_school: TenantRef, actor_of: Callable[..., Actor]
    ) -> None:
        director = actor_of(Role.DIRECTOR)
        services.open_year(actor=director, year="2024-25", six_days=True)
        six = set(SpecialDays.objects.filter(year="2024-25").values_list("code", flat=True))
        services.open_year(actor=director, year="2024-25")
        five = set(SpecialDays.objects.filter(year="2024-25").values_list("code", flat=True))
        assert "2025_womens_day_moved" in five - six
        assert "2025_nauryz_3_moved" in six


@pytest.mark.requirement("SIS-14")
class TestMovedDay:
    WISH = Wish(kind="moved", start=TUESDAY, end=TUESDAY, instead=date(2026, 12, 5))

    def test_the_lessons_go_with_their_topics_and_back(self, laid: make.Scene, aigul: Actor) -> None:
        Lesson.objects.filter(date=TUESDAY).update(topic="Түбірлер")
        key = lesson_on(TUESDAY).pk
        foreseen = services.foresee_special(actor=aigul, year=make.YEAR, wish=self.WISH)
        assert (len(foreseen.moved), len(foreseen.added), len(foreseen.cancelled)) == (1, 0, 0)
        special, _laying = services.declare(actor=aigul, year=make.YEAR, wish=self.WISH)
        moved = Lesson.objects.get(pk=key)
        assert (moved.date, moved.topic) == (date(2026, 12, 5), "Түбірлер")
        assert not Lesson.objects.filter(date=TUESDAY).exists()
        services.take_back(actor=aigul, special_id=special.id)
        assert Lesson.objects.get(pk=key).date == TUESDAY
        assert Lesson.objects.filter(date=date(2026, 12, 5)).count() == 0

    def test_a_lesson_held_on_its_day_is_not_taught_once_more(self, laid: make.Scene, aigul: Actor) -> None:
        marks.mark(lesson_on(TUESDAY), laid.pupils[0], 9)
        _special, laying = services.declare(actor=aigul, year=make.YEAR, wish=self.WISH)
        assert (len(laying.kept), len(laying.added), len(laying.moved)) == (1, 0, 0)

    def test_a_lesson_moves_to_saturday_and_the_week_says_so(self, laid: make.Scene, aigul: Actor) -> None:
        services.declare(actor=aigul, year=make.YEAR, wish=self.WISH)
        week = days.week_of_class(actor=aigul, class_id=laid.school_class.pk, day=TUESDAY)
        assert [len(one.lines) for one in week] == [0, 0, 1, 0, 1, 1, 0]
        assert "01.12" in str(week[5].note)
        assert "05.12" in str(week[1].note)

    def test_refuses_a_day_that_is_taught_or_nothing_to_move(self, laid: make.Scene, aigul: Actor) -> None:
        with pytest.raises(services.InsteadIsTaught):
            services.declare(
                actor=aigul,
                year=make.YEAR,
                wish=Wish(kind="moved", start=TUESDAY, end=TUESDAY, instead=date(2026, 12, 3)),
            )
        with pytest.raises(services.NotASchoolDay):
            services.declare(
                actor=aigul,
                year=make.YEAR,
                wish=Wish(
                    kind="moved", start=date(2026, 12, 13), end=date(2026, 12, 13), instead=date(2026, 12, 19)
                ),
            )


@pytest.mark.requirement("SIS-14")
class TestRefusals:
    def test_days_outside_the_year(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(services.OutsideYear) as refused:
            services.declare(actor=aigul, year=make.YEAR, wish=frost(date(2027, 7, 1)))
        assert "25.05.2027" in str(refused.value)

    def test_days_backwards(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(services.DatesBackwards):
            services.declare(actor=aigul, year=make.YEAR, wish=frost(end=date(2026, 11, 1)))

    def test_the_same_days_twice(self, scene: make.Scene, aigul: Actor) -> None:
        services.declare(actor=aigul, year=make.YEAR, wish=frost(end=date(2026, 12, 3)))
        with pytest.raises(services.DeclaredAlready):
            services.declare(actor=aigul, year=make.YEAR, wish=frost(date(2026, 12, 3), date(2026, 12, 4)))

    def test_grades_and_classes_that_are_not_there(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(services.NobodyConcerned):
            services.declare(actor=aigul, year=make.YEAR, wish=frost(grades=[11]))
        with pytest.raises(services.NoSuchClasses):
            services.declare(actor=aigul, year=make.YEAR, wish=frost(class_ids=[uuid4()]))

    def test_lessons_of_a_closed_quarter(self, laid: make.Scene, aigul: Actor) -> None:
        services.close_period(actor=aigul, period_id=laid.quarter.id)
        with pytest.raises(services.PeriodIsClosed):
            services.declare(actor=aigul, year=make.YEAR, wish=frost())
        assert lesson_on(TUESDAY).state == "held"
        assert not SpecialDays.objects.filter(kind="frost").exists()

    def test_a_year_without_quarters(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(services.YearNotOpened):
            services.declare(actor=aigul, year="2027-28", wish=frost(date(2027, 12, 1)))

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.SECRETARY, Role.PARENT])
    def test_only_the_head_and_the_deputy_change_the_calendar(
        self, scene: make.Scene, actor_of: Callable[..., Actor], role: Role
    ) -> None:
        somebody = actor_of(role)
        for act in (
            lambda: services.declare(actor=somebody, year=make.YEAR, wish=frost()),
            lambda: services.foresee_special(actor=somebody, year=make.YEAR, wish=frost()),
            lambda: services.take_back(actor=somebody, special_id=uuid4()),
            lambda: services.put_back(actor=somebody, special_id=uuid4()),
            lambda: services.set_usual_bells(actor=somebody, times={}),
            lambda: services.drop_set(actor=somebody, set_id=uuid4()),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_days_of_another_school_are_not_there(
        self, scene: make.Scene, aigul: Actor, school_b: TenantRef, actor_of: Callable[..., Actor]
    ) -> None:
        special, _laying = services.declare(actor=aigul, year=make.YEAR, wish=frost())
        with tenancy.use(school_b):
            zhanna = actor_of(Role.DIRECTOR, school=school_b)
            with pytest.raises(NotFound):
                services.take_back(actor=zhanna, special_id=special.id)
            assert all(one.id != special.id for one in queries.specials(year=make.YEAR))


@pytest.mark.requirement("SIS-14")
class TestQuarters:
    def test_a_shorter_quarter_loses_its_last_lessons_and_a_longer_one_gets_them_back(
        self, laid: make.Scene, aigul: Actor
    ) -> None:
        count = Lesson.objects.count()
        last = Lesson.objects.order_by("date").last()
        assert last is not None
        short = {2: (date(2026, 11, 2), date(2026, 12, 20))}
        foreseen = services.foresee_quarters(actor=aigul, year=make.YEAR, days=short)
        assert len(foreseen.removed) == 3
        services.set_quarters(actor=aigul, year=make.YEAR, days=short, order_number="7")
        assert Lesson.objects.count() == count - 3
        services.set_quarters(
            actor=aigul, year=make.YEAR, days={2: (date(2026, 11, 2), date(2026, 12, 27))}, order_number="8"
        )
        assert Lesson.objects.count() == count

    def test_a_quarter_that_was_never_laid_gets_no_lessons(self, laid: make.Scene, aigul: Actor) -> None:
        days_of_first = {1: (date(2026, 9, 1), date(2026, 10, 27))}
        assert services.foresee_quarters(actor=aigul, year=make.YEAR, days=days_of_first).added == []

    def test_refuses_quarters_out_of_their_order_or_year(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(services.PeriodsOverlap):
            services.set_quarters(
                actor=aigul, year=make.YEAR, days={2: (date(2026, 10, 20), date(2026, 12, 27))}
            )
        with pytest.raises(services.OutsideYear):
            services.set_quarters(
                actor=aigul, year=make.YEAR, days={4: (date(2027, 3, 29), date(2027, 9, 25))}
            )
        with pytest.raises(services.PeriodsOutOfOrder):
            services.set_quarters(
                actor=aigul, year=make.YEAR, days={1: (date(2027, 5, 26), date(2027, 6, 25))}
            )


class TestWeeksByTurns:
    def test_a_slot_of_even_weeks_is_laid_every_second_week(self, scene: make.Scene, aigul: Actor) -> None:
        Lesson.objects.all().delete()
        api.set_slots(actor=aigul, course_id=scene.course.pk, places=[(2, 3)], weeks={(2, 3): "even"})
        api.generate_lessons(actor=aigul, period_id=scene.quarter.id)
        dates = list(Lesson.objects.order_by("date").values_list("date", flat=True))
        assert dates[:2] == [date(2026, 11, 3), date(2026, 11, 17)]
        assert len(dates) == 4

    def test_two_subjects_share_a_place(self, scene: make.Scene, aigul: Actor) -> None:
        from modules.schedule.services import ClassBusy

        other = make.course(scene.school_class, None, "geometry", 0.5)
        api.set_slots(actor=aigul, course_id=scene.course.pk, places=[(2, 3)], weeks={(2, 3): "even"})
        with pytest.raises(ClassBusy):
            api.set_slots(actor=aigul, course_id=other.pk, places=[(2, 3)])
        api.set_slots(actor=aigul, course_id=other.pk, places=[(2, 3)], weeks={(2, 3): "odd"})
        Lesson.objects.all().delete()
        done = api.generate_lessons(actor=aigul, period_id=scene.quarter.id)
        assert (done.made, done.clashes) == (8, ())


@pytest.mark.requirement("SIS-14")
class TestBells:
    TIMES = {(1, 1): (time(8, 0), time(8, 30)), (1, 2): (time(8, 35), time(9, 5))}

    def test_a_shortened_day_shows_its_own_times(self, laid: make.Scene, aigul: Actor) -> None:
        made = services.save_set(actor=aigul, name="Қысқа күн", times=self.TIMES, is_on_call=True)
        services.declare(
            actor=aigul,
            year=make.YEAR,
            wish=Wish(kind="short", start=TUESDAY, end=TUESDAY, bell_set_id=made.pk),
        )
        found = days.day_of_class(actor=aigul, class_id=laid.school_class.pk, day=TUESDAY)
        assert [(one.start, one.end) for one in found] == [(time(8, 35), time(9, 5))]
        assert lesson_on(TUESDAY).state == "held"
        with pytest.raises(services.SetInUse):
            services.drop_set(actor=aigul, set_id=made.pk)

    def test_refuses_times_that_cannot_be(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(services.BellsBackwards):
            services.set_usual_bells(actor=aigul, times={(1, 1): (time(9, 0), time(8, 0))})
        with pytest.raises(services.BellsOverlap):
            services.set_usual_bells(
                actor=aigul,
                times={(1, 1): (time(8, 0), time(8, 45)), (1, 2): (time(8, 40), time(9, 25))},
            )
        with pytest.raises(services.NoTimes):
            services.save_set(actor=aigul, name="Бос", times={})
        with pytest.raises(services.WhichBells):
            services.declare(actor=aigul, year=make.YEAR, wish=Wish(kind="short", start=TUESDAY, end=TUESDAY))

    def test_a_name_is_given_once(self, scene: make.Scene, aigul: Actor) -> None:
        services.save_set(actor=aigul, name="Дүйсенбі", times=self.TIMES, weekdays=[1])
        with pytest.raises(services.SetNamedTwice):
            services.save_set(actor=aigul, name="Дүйсенбі", times=self.TIMES)


@pytest.fixture(autouse=True)
def kazakh() -> Iterator[None]:
    from django.utils import translation

    with translation.override("kk"):
        yield
