"""Variants are made, moved about, searched and published."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from kernel import jobs
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import Job
from kernel.tenancy import TenantRef
from modules.journal.models import Mark
from modules.schedule.models import Absence, Card, Course, Lesson, Slot, Step, Substitution, Timetable
from modules.schedule.timetabling import queries, services
from modules.schedule.timetabling.ahead import ahead
from modules.schedule.timetabling.services.publishing import refusals
from modules.schedule.wishes.queries import levels
from modules.schedule.wishes.rules import Level
from modules.schedule.wishes.services import weigh
from modules.staff.models import Employee
from notify.models import Notification
from tests.factories import schedule as make
from tests.factories.journal import work

MONDAY = date(2026, 11, 30)


@pytest.fixture
def physics(scene: make.Scene) -> Course:
    return make.course(scene.school_class, make.teacher("Әлиева", "Дана"), "physics", 2)


@pytest.fixture
def variant(scene: make.Scene, physics: Course, aigul: Actor) -> Timetable:
    """Algebra stands on Monday, Tuesday and Wednesday at the first lesson, physics waits."""
    for weekday in (1, 2, 3):
        make.slot(scene.course, weekday, 1)
    return services.make(actor=aigul, year=make.YEAR, name="Second")


def card(variant: Timetable, course: Course, ordinal: int = 1) -> Card:
    return Card.objects.get(timetable=variant, course=course, ordinal=ordinal)


def stand_in(lesson: Lesson, who: Employee) -> None:
    """The teacher is absent on the day, somebody took the lesson."""
    absence = Absence.objects.create(teacher_id=lesson.teacher_id, since=lesson.date, until=lesson.date)
    Substitution.objects.create(
        absence=absence,
        lesson=lesson,
        teacher_id=lesson.teacher_id,
        date=lesson.date,
        number=lesson.number,
        state="taken",
        substitute_id=who.pk,
    )
    Lesson.objects.filter(pk=lesson.pk).update(teacher_id=who.pk)


def place(one: Card) -> tuple[int | None, int | None]:
    one.refresh_from_db()
    return one.weekday, one.number


class TestMaking:
    def test_a_card_for_each_weekly_lesson_placed_as_the_week_has_it(
        self, variant: Timetable, scene: make.Scene, physics: Course
    ) -> None:
        algebra = Card.objects.filter(timetable=variant, course=scene.course).order_by("ordinal")
        assert [(one.weekday, one.number) for one in algebra] == [(1, 1), (2, 1), (3, 1)]
        assert Card.objects.filter(timetable=variant, course=physics, weekday=None).count() == 2

    def test_an_empty_week(self, variant: Timetable, aigul: Actor) -> None:
        row = services.make(actor=aigul, year=make.YEAR, name="Empty", from_present=False)
        assert not Card.objects.filter(timetable=row).exclude(weekday=None).exists()

    def test_a_name_once_a_year(self, variant: Timetable, aigul: Actor) -> None:
        with pytest.raises(services.NameTaken):
            services.make(actor=aigul, year=make.YEAR, name="Second")

    def test_a_teacher_makes_none(self, scene: make.Scene, bolat: Actor) -> None:
        with pytest.raises(NotAllowed):
            services.make(actor=bolat, year=make.YEAR, name="Mine")

    def test_the_draft_follows_the_load(
        self, variant: Timetable, aigul: Actor, physics: Course, scene: make.Scene
    ) -> None:
        Course.objects.filter(pk=physics.pk).update(hours_per_week=3)
        Course.objects.filter(pk=scene.course.pk).update(hours_per_week=2)
        assert services.match_load(actor=aigul, timetable_id=variant.pk) == (1, 1)
        assert services.match_load(actor=aigul, timetable_id=variant.pk) == (0, 0)
        assert Card.objects.filter(timetable=variant, course=physics).count() == 3


class TestMoving:
    def test_a_card_is_put_and_taken_back(self, variant: Timetable, physics: Course, aigul: Actor) -> None:
        one = card(variant, physics)
        done = services.move(actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=(4, 1))
        assert done.left == ()
        assert place(one) == (4, 1)
        services.undo(actor=aigul, timetable_id=variant.pk)
        assert place(one) == (None, None)
        with pytest.raises(services.NothingToUndo):
            services.undo(actor=aigul, timetable_id=variant.pk)

    @pytest.mark.requirement("SIS-15")
    def test_who_stood_there_goes_elsewhere_or_changes_places_and_one_undo_takes_all_back(
        self, variant: Timetable, physics: Course, scene: make.Scene, aigul: Actor
    ) -> None:
        one, algebra = card(variant, physics), card(variant, scene.course)
        done = services.move(actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=(1, 1))
        assert [each.id for each in done.left] == [algebra.pk]
        assert place(one) == (1, 1)
        assert place(algebra) == (1, 2)  # the nearest place that breaks no wish
        services.undo(actor=aigul, timetable_id=variant.pk)
        assert (place(one), place(algebra)) == ((None, None), (1, 1))
        services.move(actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=(4, 2))
        services.move(actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=(1, 1))
        assert place(algebra) == (4, 2)

    @pytest.mark.requirement("SIS-15")
    def test_a_change_on_an_old_board_is_refused_by_name_and_writes_nothing(
        self, variant: Timetable, physics: Course, aigul: Actor, scene: make.Scene
    ) -> None:
        one, algebra = card(variant, physics), card(variant, scene.course)
        seen = variant.version
        services.move(actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=(4, 1), seen=seen)
        variant.refresh_from_db()
        assert variant.version == seen + 1
        acts: list[Callable[..., Any]] = [
            lambda: services.move(
                actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=(5, 1), seen=seen
            ),
            lambda: services.pin(
                actor=aigul, timetable_id=variant.pk, card_id=algebra.pk, reason="so", seen=seen
            ),
            lambda: services.set_room(
                actor=aigul, timetable_id=variant.pk, card_id=algebra.pk, room="9", seen=seen
            ),
            lambda: services.undo(actor=aigul, timetable_id=variant.pk, seen=seen),
            lambda: services.publish_from(
                actor=aigul, timetable_id=variant.pk, since=MONDAY, overruled="so", seen=seen
            ),
        ]
        for act in acts:
            with pytest.raises(services.Outdated, match=variant.changed_by):
                act()
        assert place(one) == (4, 1)
        services.undo(actor=aigul, timetable_id=variant.pk, seen=seen + 1)
        assert place(one) == (None, None)

    def test_a_pinned_lesson_stays_and_guards_its_place(
        self, variant: Timetable, physics: Course, scene: make.Scene, aigul: Actor
    ) -> None:
        algebra, one = card(variant, scene.course), card(variant, physics)
        services.pin(actor=aigul, timetable_id=variant.pk, card_id=algebra.pk, reason="the nurse comes")
        with pytest.raises(services.PinnedHere):
            services.move(actor=aigul, timetable_id=variant.pk, card_id=algebra.pk, place=(5, 1))
        with pytest.raises(services.CannotStandThere):
            services.move(actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=(1, 1))
        services.pin(actor=aigul, timetable_id=variant.pk, card_id=algebra.pk, reason="")
        services.move(actor=aigul, timetable_id=variant.pk, card_id=algebra.pk, place=(5, 1))
        assert place(algebra) == (5, 1)

    def test_a_lesson_beside_the_board_cannot_be_pinned(
        self, variant: Timetable, physics: Course, aigul: Actor
    ) -> None:
        with pytest.raises(services.CannotStandThere):
            services.pin(actor=aigul, timetable_id=variant.pk, card_id=card(variant, physics).pk, reason="so")

    def test_fifty_steps_are_kept(self, variant: Timetable, physics: Course, aigul: Actor) -> None:
        one = card(variant, physics)
        for n in range(52):
            services.set_room(actor=aigul, timetable_id=variant.pk, card_id=one.pk, room=str(n))
        assert Step.objects.filter(timetable=variant).count() == 50

    def test_a_card_of_another_variant_is_not_found(
        self, variant: Timetable, physics: Course, aigul: Actor
    ) -> None:
        other = services.make(actor=aigul, year=make.YEAR, name="Other")
        with pytest.raises(NotFound):
            services.move(actor=aigul, timetable_id=other.pk, card_id=card(variant, physics).pk, place=(4, 1))

    def test_a_move_does_not_cost_more_with_more_lessons(
        self,
        variant: Timetable,
        physics: Course,
        aigul: Actor,
        django_assert_max_num_queries: Callable[..., Any],
    ) -> None:
        for n in range(5):
            more = make.course(make.school_class(8, "АӘБВГ"[n]), make.teacher(f"Т{n}"), "biology", 2)
            Card.objects.create(timetable=variant, course=more, ordinal=1, weekday=5, number=n + 1)
        with django_assert_max_num_queries(24):
            services.move(
                actor=aigul, timetable_id=variant.pk, card_id=card(variant, physics).pk, place=(4, 1)
            )


class TestPublishing:
    def test_an_unsound_one_is_refused_until_overruled_in_writing(
        self, variant: Timetable, aigul: Actor
    ) -> None:
        with pytest.raises(services.NotSound):
            services.publish_from(actor=aigul, timetable_id=variant.pk, since=MONDAY)
        services.publish_from(
            actor=aigul, timetable_id=variant.pk, since=MONDAY, overruled="physics begins later"
        )
        variant.refresh_from_db()
        assert (variant.state, variant.since, variant.overruled) == (
            "published",
            MONDAY,
            "physics begins later",
        )

    def test_past_days_are_not_moved(self, variant: Timetable, aigul: Actor) -> None:
        with pytest.raises(services.TooEarly):
            services.publish_from(
                actor=aigul, timetable_id=variant.pk, since=date(2026, 11, 23), overruled="so"
            )

    @pytest.mark.requirement("SIS-15", "SIS-25")
    def test_lessons_follow_marks_stay_and_topics_pass_on(
        self, variant: Timetable, scene: make.Scene, aigul: Actor, account: Any
    ) -> None:
        teacher = account(Role.TEACHER, person_id=scene.teacher.pk)
        Lesson.objects.filter(course=scene.course, date__gte=MONDAY).delete()
        mondays = [date(2026, 11, 30), date(2026, 12, 7)]
        marked, planned = (
            Lesson.objects.create(
                course=scene.course,
                school_class_id=scene.school_class.pk,
                teacher_id=scene.teacher.pk,
                date=day,
                number=1,
                topic=topic,
            )
            for day, topic in zip(mondays, ("", "Vieta"), strict=True)
        )
        Mark.objects.create(lesson=marked, pupil_id=scene.pupils[0].pk, points=9, kind="fo")
        one = card(variant, scene.course)
        services.move(actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=(4, 2))
        done = services.publish_from(actor=aigul, timetable_id=variant.pk, since=MONDAY, overruled="so")
        assert done.stayed == 1
        assert Lesson.objects.filter(pk=marked.pk).exists()
        assert not Lesson.objects.filter(pk=planned.pk).exists()
        ahead = Lesson.objects.filter(course=scene.course, date__gte=MONDAY).exclude(pk=marked.pk)
        assert {(one.date.isoweekday(), one.number) for one in ahead} == {(2, 1), (3, 1), (4, 2)}
        assert ahead.order_by("date", "number").first().topic == "Vieta"
        old = Slot.objects.filter(course=scene.course, until=date(2026, 11, 29))
        assert old.count() == 3
        assert Slot.objects.filter(course=scene.course, since=MONDAY, until=None).count() == 3
        assert Notification.objects.filter(user_id=teacher.pk, message="schedule.published").exists()

    def test_days_before_are_as_they_were(self, variant: Timetable, scene: make.Scene, aigul: Actor) -> None:
        before = set(Lesson.objects.filter(course=scene.course, date__lt=MONDAY).values_list("pk", flat=True))
        services.move(
            actor=aigul, timetable_id=variant.pk, card_id=card(variant, scene.course).pk, place=(4, 2)
        )
        services.publish_from(actor=aigul, timetable_id=variant.pk, since=MONDAY, overruled="so")
        after = set(Lesson.objects.filter(course=scene.course, date__lt=MONDAY).values_list("pk", flat=True))
        assert before == after

    def test_what_does_not_change_is_not_touched(
        self, variant: Timetable, scene: make.Scene, aigul: Actor
    ) -> None:
        before = list(Slot.objects.filter(course=scene.course).order_by("id").values_list("pk", "until"))
        services.publish_from(actor=aigul, timetable_id=variant.pk, since=MONDAY, overruled="so")
        assert (
            list(Slot.objects.filter(course=scene.course).order_by("id").values_list("pk", "until")) == before
        )

    def test_a_published_one_does_not_move(self, variant: Timetable, physics: Course, aigul: Actor) -> None:
        services.publish_from(actor=aigul, timetable_id=variant.pk, since=MONDAY, overruled="so")
        with pytest.raises(services.Published):
            services.move(
                actor=aigul, timetable_id=variant.pk, card_id=card(variant, physics).pk, place=(4, 1)
            )
        with pytest.raises(NotFound):
            services.drop(actor=aigul, timetable_id=variant.pk)


class TestHalves:
    """Biology has an hour and a half a week, chemistry half an hour."""

    @pytest.fixture
    def biology(self, scene: make.Scene) -> Course:
        taught = make.course(scene.school_class, make.teacher("Нұрова"), "biology", 1.5)
        make.slot(taught, 4, 1)
        Slot.objects.create(course=taught, weekday=5, number=1, weeks="even")
        return taught

    @pytest.fixture
    def chemistry(self, scene: make.Scene) -> Course:
        return make.course(scene.school_class, make.teacher("Омаров"), "chemistry", 0.5)

    def spots(self, variant: Timetable, course: Course) -> list[tuple[int | None, int | None, str]]:
        rows = Card.objects.filter(timetable=variant, course=course).order_by("ordinal")
        return [(one.weekday, one.number, one.weeks) for one in rows]

    @pytest.mark.requirement("SIS-15", "SIS-14")
    def test_a_half_is_a_card_of_every_second_week(
        self, biology: Course, chemistry: Course, variant: Timetable
    ) -> None:
        assert self.spots(variant, biology) == [(4, 1, "every"), (5, 1, "even")]
        assert self.spots(variant, chemistry) == [(None, None, "odd")]

    def test_the_load_turns_halves_into_hours_where_they_stand(
        self, biology: Course, chemistry: Course, variant: Timetable, aigul: Actor
    ) -> None:
        Course.objects.filter(pk=biology.pk).update(hours_per_week=2)
        Course.objects.filter(pk=chemistry.pk).update(hours_per_week=1.5)
        lacking = queries.grid(actor=aigul, row=variant).lacking
        assert sorted((one.have, one.wanted) for one in lacking) == [(0.5, 1.5), (1.5, 2.0)]
        services.match_load(actor=aigul, timetable_id=variant.pk)
        assert self.spots(variant, biology) == [(4, 1, "every"), (5, 1, "every")]
        assert self.spots(variant, chemistry) == [(None, None, "odd"), (None, None, "every")]
        assert queries.grid(actor=aigul, row=variant).lacking == ()

    @pytest.mark.requirement("SIS-15", "SIS-14", "SIS-25")
    def test_two_halves_share_a_place_are_undone_and_published_week_by_week(
        self, biology: Course, chemistry: Course, variant: Timetable, aigul: Actor, scene: make.Scene
    ) -> None:
        one = card(variant, chemistry)
        services.move(actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=(5, 2))
        services.move(
            actor=aigul, timetable_id=variant.pk, card_id=card(variant, biology, 2).pk, place=(5, 2)
        )
        assert self.spots(variant, chemistry) == [(5, 2, "odd")]
        assert self.spots(variant, biology)[1] == (5, 2, "even")
        services.move(actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=None)
        services.undo(actor=aigul, timetable_id=variant.pk)
        assert self.spots(variant, chemistry) == [(5, 2, "odd")]
        changed = {one.course_id: one for one in queries.changes(actor=aigul, row=variant, since=MONDAY)}
        assert scene.course.pk not in changed
        assert "(" in changed[chemistry.pk].new_text
        # A lesson of even weeks that has a mark stays at its old time; all others follow their turns.
        marked = Lesson.objects.create(
            course=biology,
            school_class_id=scene.school_class.pk,
            teacher_id=biology.teacher_id,
            date=date(2026, 12, 4),
            number=1,
        )
        Mark.objects.create(lesson=marked, pupil_id=scene.pupils[0].pk, points=8, kind="fo")
        services.publish_from(actor=aigul, timetable_id=variant.pk, since=MONDAY, overruled="so")
        fridays = {
            code: set(
                Lesson.objects.filter(course__subject_code=code, date__gte=MONDAY, number=2).values_list(
                    "date", flat=True
                )
            )
            for code in ("biology", "chemistry")
        }
        assert date(2026, 12, 4) in fridays["biology"] or date(2026, 12, 4) in fridays["chemistry"]
        assert fridays["biology"]
        assert fridays["chemistry"]
        assert not fridays["biology"] & fridays["chemistry"]
        assert all((b - c).days % 14 == 7 for b in fridays["biology"] for c in fridays["chemistry"])
        assert Mark.objects.get(lesson=marked).lesson.number == 1
        slots = Slot.objects.filter(course__in=[biology, chemistry], until=None, weekday=5)
        assert {(one.course_id, one.number, one.weeks) for one in slots} == {
            (biology.pk, 2, "even"),
            (chemistry.pk, 2, "odd"),
        }


class TestWhatStays:
    @pytest.mark.requirement("SIS-15", "SIS-25")
    def test_it_is_told_before_as_it_is_done(
        self, variant: Timetable, scene: make.Scene, physics: Course, aigul: Actor
    ) -> None:
        """Of the lessons ahead one has a mark, one a planned work, one a substitute, one was put by hand, one is off."""
        Lesson.objects.filter(course=scene.course, date__gte=MONDAY).delete()
        rows = [
            Lesson.objects.create(
                course=scene.course,
                school_class_id=scene.school_class.pk,
                teacher_id=scene.teacher.pk,
                date=date(2026, 12, n),
                number=2,
                topic=f"T{n}",
            )
            for n in (1, 2, 3, 4, 7, 8)
        ]
        Mark.objects.create(lesson=rows[0], pupil_id=scene.pupils[0].pk, points=9, kind="fo")
        work(rows[1], "sor", 15)
        stand_in(rows[2], make.teacher("Омаров"))
        Lesson.objects.filter(pk=rows[3].pk).update(is_by_hand=True)
        Lesson.objects.filter(pk=rows[4].pk).update(state="cancelled")
        services.move(
            actor=aigul, timetable_id=variant.pk, card_id=card(variant, scene.course).pk, place=(5, 3)
        )
        services.move(actor=aigul, timetable_id=variant.pk, card_id=card(variant, physics).pk, place=(2, 2))
        variant.refresh_from_db()
        changes = queries.changes(actor=aigul, row=variant, since=MONDAY)
        touched = [one.course_id for one in changes]
        grid = queries.grid(actor=aigul, row=variant)
        told = ahead(actor=aigul, row=variant, grid=grid, touched=touched, since=MONDAY)
        assert (told.going, told.cancelled) == (1, 1)
        assert [one.why for one in told.staying] == ["marked", "work", "stood_in", "by_hand"]
        assert "Физика" in str(told.staying[0].instead_of) or "physics" in str(told.staying[0].instead_of)
        assert told.staying[1].instead_of == ()
        done = services.publish_from(actor=aigul, timetable_id=variant.pk, since=MONDAY, overruled="so")
        assert done.stayed == len(told.staying)
        assert done.crowded == 1
        left = set(Lesson.objects.filter(pk__in=[one.pk for one in rows]).values_list("pk", flat=True))
        assert left == {one.pk for one in rows[:5]}

    def test_a_course_that_changes_hands_later_follows_the_new_week(
        self, variant: Timetable, scene: make.Scene, aigul: Actor
    ) -> None:
        """Lessons of the next teacher are no substitutions: they do not stay at the old time."""
        Lesson.objects.filter(course=scene.course, date__gte=MONDAY).delete()
        later = Lesson.objects.create(
            course=scene.course,
            school_class_id=scene.school_class.pk,
            teacher_id=make.teacher("Омаров").pk,
            date=date(2026, 12, 7),
            number=1,
        )
        services.move(
            actor=aigul, timetable_id=variant.pk, card_id=card(variant, scene.course).pk, place=(5, 3)
        )
        services.publish_from(actor=aigul, timetable_id=variant.pk, since=MONDAY, overruled="so")
        assert not Lesson.objects.filter(pk=later.pk).exists()

    def test_topics_for_which_there_are_fewer_lessons_are_counted(
        self, variant: Timetable, scene: make.Scene, aigul: Actor
    ) -> None:
        for n in (1, 2, 3, 4):
            Lesson.objects.create(
                course=scene.course,
                school_class_id=scene.school_class.pk,
                teacher_id=scene.teacher.pk,
                date=date(2026, 12, n + 20),
                number=6,
                topic=f"T{n}",
            )
        last = Lesson.objects.filter(course=scene.course).latest("date", "number")
        since = last.date
        Card.objects.filter(timetable=variant, course=scene.course).update(weekday=None, number=None)
        done = services.publish_from(actor=aigul, timetable_id=variant.pk, since=since, overruled="so")
        assert done.texts_left == 1


class TestSearching:
    def run(self, actor: Actor, row: Timetable, *, keep: bool = True, seconds: int = 10) -> dict[str, Any]:
        return services.search(
            actor=actor,
            timetable_id=row.pk,
            seconds=seconds,
            keep=keep,
            beside=lambda work, _told: work(lambda: False),
        )

    @pytest.mark.requirement("SIS-15")
    def test_lessons_find_places_that_break_nothing(
        self, variant: Timetable, aigul: Actor, scene: make.Scene, physics: Course
    ) -> None:
        make.course(scene.school_class, make.teacher("Нұрова"), "biology", 1)
        services.match_load(actor=aigul, timetable_id=variant.pk)
        told = self.run(aigul, variant)
        assert told["solved"]
        grid = queries.grid(actor=aigul, row=variant)
        assert all(one.place for one in grid.pieces.values())
        assert refusals(grid) == []
        services.undo(actor=aigul, timetable_id=variant.pk)
        assert Card.objects.filter(timetable=variant, weekday=None).exists()

    def test_a_move_made_while_it_ran_is_told_and_comes_back_with_undo(
        self, variant: Timetable, aigul: Actor, scene: make.Scene, physics: Course
    ) -> None:
        make.course(scene.school_class, make.teacher("Нұрова"), "biology", 1)
        services.match_load(actor=aigul, timetable_id=variant.pk)
        one = card(variant, physics)

        def beside(work: Any, _told: Any) -> Any:
            done = work(lambda: False)
            services.move(actor=aigul, timetable_id=variant.pk, card_id=one.pk, place=(5, 7))
            return done

        def said(beside: Any) -> int:
            told = services.search(actor=aigul, timetable_id=variant.pk, seconds=10, keep=True, beside=beside)
            assert told["solved"]
            return len(told["said"])

        with_move = said(beside)
        services.undo(actor=aigul, timetable_id=variant.pk)
        assert place(one) == (5, 7)
        services.undo(actor=aigul, timetable_id=variant.pk)
        assert with_move == said(lambda work, _told: work(lambda: False)) + 1

    def test_a_pinned_lesson_stays(self, variant: Timetable, aigul: Actor, scene: make.Scene) -> None:
        one = card(variant, scene.course, 3)
        services.pin(actor=aigul, timetable_id=variant.pk, card_id=one.pk, reason="so")
        self.run(aigul, variant, keep=False)
        assert place(one) == (3, 1)

    def test_what_excludes_each_other_is_told_in_words(
        self, variant: Timetable, aigul: Actor, scene: make.Scene
    ) -> None:
        """Pinned to the third lesson of a day on which no other lesson of the class can stand: a late beginning."""
        Card.objects.filter(timetable=variant).exclude(course=scene.course).delete()
        Card.objects.filter(timetable=variant, ordinal__gt=1).delete()
        Card.objects.filter(timetable=variant).update(weekday=1, number=3, pin="so")
        told = self.run(aigul, variant)
        assert not told["solved"]
        against = {code: text for code, text, _count in told["against"]}
        assert {"early", "pinned"} <= set(against)
        assert "7А" in against["early"]
        assert place(Card.objects.get(timetable=variant)) == (1, 3)
        weigh(actor=aigul, code="early", level=Level.VERY)
        again = self.run(aigul, variant, seconds=5)
        assert again["solved"]
        assert any(re.search("[1-9]", text) for text in again["broken"])  # what the relaxed demand costs

    def test_a_rule_in_the_way_is_relaxed_by_a_button_and_taken_back(
        self, variant: Timetable, client_for: Any
    ) -> None:
        director = client_for(Role.DIRECTOR)
        page = f"/schedule/timetables/{variant.pk}/search/"
        director.post(page, {"seconds": "30"})
        variant.refresh_from_db()
        Job.objects.filter(pk=variant.job_id).update(
            state="done", result={"said": ["no"], "against": [["early", "late", 2], ["pinned", "stays", 1]]}
        )
        shown = director.get(page).content.decode()
        assert shown.count('name="code"') == 1  # what is pinned is unpinned on the board
        first = variant.job_id
        answer = director.post(f"{page}relax/", {"seconds": "30", "code": "early", "level": "very"})
        assert answer.status_code == 302
        assert levels() == {"early": Level.VERY}
        variant.refresh_from_db()
        assert variant.job_id != first
        assert director.post("/schedule/timetables/rules/early/?level=must").status_code == 302
        assert levels() == {}
        answer = director.post(f"{page}relax/", {"seconds": "30", "code": "pinned", "level": "off"})
        assert answer.status_code in (400, 409, 422)

    def test_the_job_is_queued_with_the_variant(self, variant: Timetable, aigul: Actor) -> None:
        job_id = services.begin_search(
            actor=aigul, timetable_id=variant.pk, seconds=30, keep=True, url="/schedule/timetables/"
        )
        variant.refresh_from_db()
        assert variant.job_id == job_id

    def test_the_job_runs_and_says_what_it_did(self, variant: Timetable, client_for: Any) -> None:
        director = client_for(Role.DIRECTOR)
        answer = director.post(f"/schedule/timetables/{variant.pk}/search/", {"seconds": "30", "keep": "on"})
        assert answer.status_code == 302
        variant.refresh_from_db()
        Job.objects.filter(pk=variant.job_id).update(
            params={"timetable_id": str(variant.pk), "seconds": 3, "keep": True, "url": "/"}
        )
        row = jobs.run(variant.job_id)
        assert row.state == "done", row.message
        assert row.result["said"]
        page = director.get(f"/schedule/timetables/{variant.pk}/search/").content.decode()
        assert row.result["said"][0] in page


class TestTwoSchools:
    @pytest.mark.requirement("TEN-01")
    def test_another_schools_variant_is_not_found(
        self, variant: Timetable, client_for: Any, school_b: TenantRef
    ) -> None:
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        for page in ("", "publish/", "search/", "excel/"):
            assert zhanna.get(f"/schedule/timetables/{variant.pk}/{page}").status_code == 404, page
        body = {"card": str(uuid4()), "place": "1-1"}
        assert zhanna.post(f"/schedule/timetables/{variant.pk}/move/", body).status_code == 404
        assert zhanna.post(f"/schedule/timetables/{variant.pk}/undo/").status_code == 404
