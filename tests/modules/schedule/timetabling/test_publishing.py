"""A variant comes into force: slots, dated lessons, what stays and why, in odd and even weeks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kernel.access import Actor, Role
from kernel.errors import NotFound
from modules.journal.models import Mark
from modules.schedule.models import Absence, Card, Course, Lesson, Slot, Substitution, Timetable
from modules.schedule.timetabling import queries, services
from modules.schedule.timetabling.queries import ahead
from modules.staff.models import Employee
from notify.models import Notification
from tests.factories import schedule as make
from tests.factories.journal import work
from tests.modules.schedule.timetabling.standing import MONDAY, card


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
