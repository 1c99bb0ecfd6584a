"""Plans made and changed: who may, what is stored, and what can be undone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound, WrongValue
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.plans import handlers, queries, services
from modules.plans.data import NewLine, State
from modules.plans.models import Follower, Line, Placement, Plan, Step
from modules.plans.services import LineChange
from modules.schedule.events import LessonsGenerated
from modules.schedule.models import Lesson
from tests.conftest import ActorOf
from tests.factories import schedule as make
from tests.modules.plans.conftest import MOMENT, Scene, lesson, new_plan, second_quarter, topics

pytestmark = pytest.mark.requirement("SIS-24", "SIS-40")


def line(plan: Plan, topic: str) -> Line:
    return Line.objects.get(plan=plan, topic=topic)


class TestLines:
    def test_they_stand_at_the_end_of_their_quarters(self, bolat: Actor) -> None:
        plan = new_plan(bolat, *second_quarter("B", "C"))
        services.add_lines(
            actor=bolat, plan_id=plan.pk, new=[NewLine(quarter=1, topic="A"), *second_quarter("D")]
        )
        assert topics(plan.pk) == ["A", "B", "C", "D"]

    def test_each_act_and_its_undo(self, bolat: Actor) -> None:
        plan = new_plan(bolat, NewLine(quarter=1, topic="A"), *second_quarter("B", "C"))
        seen = [topics(plan.pk)]

        def act(name: str, topic: str) -> None:
            services.act(actor=bolat, plan_id=plan.pk, name=name, line_id=line(plan, topic).pk)
            seen.append(topics(plan.pk))

        act("down", "B")
        assert seen[-1] == ["A", "C", "B"]
        act("up", "C")
        assert seen[-1] == ["A", "C", "B"]
        assert line(plan, "C").quarter == 1
        act("copy", "B")
        assert seen[-1] == ["A", "C", "B", "B"]
        services.undo(actor=bolat, plan_id=plan.pk)
        act("delete", "A")
        assert seen[-1] == ["C", "B"]
        new = services.act(actor=bolat, plan_id=plan.pk, name="add", quarter=4)
        assert Line.objects.get(pk=new).quarter == 4
        for _each in range(4):
            assert services.undo(actor=bolat, plan_id=plan.pk)
        assert topics(plan.pk) == seen[0]
        assert line(plan, "C").quarter == 2
        for _each in range(4):
            assert services.redo(actor=bolat, plan_id=plan.pk)
        assert topics(plan.pk) == ["C", "B", ""]
        assert not services.redo(actor=bolat, plan_id=plan.pk)

    def test_a_new_change_ends_what_could_be_done_again(self, bolat: Actor) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        services.undo(actor=bolat, plan_id=plan.pk)
        services.add_lines(actor=bolat, plan_id=plan.pk, new=second_quarter("B"))
        assert not services.redo(actor=bolat, plan_id=plan.pk)
        assert topics(plan.pk) == ["B"]

    def test_fifty_steps_are_kept(self, bolat: Actor) -> None:
        plan = new_plan(bolat)
        for n in range(53):
            services.add_lines(actor=bolat, plan_id=plan.pk, new=second_quarter(str(n)))
        assert Step.objects.filter(plan=plan).count() == 50

    def test_what_is_typed_is_written_only_over_what_was_seen(self, bolat: Actor) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        key = line(plan, "A").pk

        def change(field: str, old: str, new: str) -> list[services.Conflict]:
            return services.change_lines(
                actor=bolat, plan_id=plan.pk, changes=[LineChange(key, field, old, new)]
            )

        assert change("topic", "A", "  Дәреже   ұғымы ") == []
        assert topics(plan.pk) == ["Дәреже ұғымы"]
        # Sent once more after a lost answer: nothing happens. Of another window: told, not overwritten.
        assert change("topic", "A", "  Дәреже   ұғымы ") == []
        [clash] = change("topic", "A", "Басқа")
        assert (clash.theirs, clash.yours) == ("Дәреже ұғымы", "Басқа")
        assert topics(plan.pk) == ["Дәреже ұғымы"]
        assert change("hours", "1", "3") == []
        assert change("kind", "lesson", "soch") == []
        for field, value in (("hours", "0"), ("hours", "много"), ("kind", "x"), ("plan_id", "1")):
            with pytest.raises(WrongValue):
                change(field, "3", value)

    def test_a_program_with_too_many_lines_is_refused(self, bolat: Actor) -> None:
        plan = new_plan(bolat)
        with pytest.raises(WrongValue):
            services.add_lines(actor=bolat, plan_id=plan.pk, new=second_quarter(*("x" * 401)))


class TestWhose:
    def test_a_colleagues_draft_is_not_there_until_it_is_shared(self, bolat: Actor, gulnar: Actor) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        with pytest.raises(NotFound):
            queries.get_plan(actor=gulnar, plan_id=plan.pk)
        services.share_plan(actor=bolat, plan_id=plan.pk, shared=True)
        assert queries.get_plan(actor=gulnar, plan_id=plan.pk) == plan
        for change in (
            lambda: services.add_lines(actor=gulnar, plan_id=plan.pk, new=second_quarter("B")),
            lambda: services.send(actor=gulnar, plan_id=plan.pk),
            lambda: services.delete_plan(actor=gulnar, plan_id=plan.pk),
            lambda: services.share_plan(actor=gulnar, plan_id=plan.pk, shared=False),
            lambda: services.follow(actor=gulnar, plan_id=plan.pk, course_ids=[]),
        ):
            with pytest.raises(NotFound):
                change()
        assert topics(plan.pk) == ["A"]

    def test_it_is_begun_from_a_colleagues_or_last_years(self, bolat: Actor, gulnar: Actor) -> None:
        source = new_plan(bolat, *second_quarter("A", "B", hours=2))
        services.share_plan(actor=bolat, plan_id=source.pk, shared=True)
        assert [one.pk for one, __ in queries.sources(actor=gulnar, subject_code="algebra", grade=7)] == [
            source.pk
        ]
        made = services.copy_plan(
            actor=gulnar, source_id=source.pk, year="2026-27", language="ru", hours=Decimal(3)
        )
        assert topics(made.pk) == ["A", "B"]
        assert made.author_id == gulnar.person_id
        assert not set(made.lines.values_list("origin_id")) & set(source.lines.values_list("origin_id"))

    def test_the_deputy_sees_and_mends_any(self, bolat: Actor, deputy: Actor) -> None:
        plan = new_plan(bolat)
        services.add_lines(actor=deputy, plan_id=plan.pk, new=second_quarter("A"))
        assert topics(plan.pk) == ["A"]

    @pytest.mark.parametrize("role", [Role.PUPIL, Role.PARENT, Role.LIBRARIAN, Role.SECRETARY, Role.NURSE])
    def test_other_roles_neither_see_nor_make(self, role: Role, bolat: Actor, actor_of: ActorOf) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        stranger = actor_of(role, user_id=7)
        for act in (
            lambda: queries.get_plan(actor=stranger, plan_id=plan.pk),
            lambda: new_plan(stranger),
            lambda: services.approve(actor=stranger, plan_id=plan.pk),
            lambda: services.agree(actor=stranger, plan_id=plan.pk),
            lambda: services.lay_year(actor=stranger, year="2026-27"),
            lambda: queries.lesson_plans(actor=stranger),
            lambda: queries.teams(actor=stranger),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_another_schools_plan_is_not_there(
        self, bolat: Actor, actor_of: ActorOf, school_b: TenantRef
    ) -> None:
        plan = new_plan(bolat)
        zhanna = actor_of(Role.DIRECTOR, school=school_b)
        with tenancy.use(school_b), pytest.raises(NotFound):
            queries.get_plan(actor=zhanna, plan_id=plan.pk)
        with pytest.raises(NotAllowed):
            services.approve(actor=zhanna, plan_id=plan.pk)

    def test_there_is_no_such_subject(self, bolat: Actor) -> None:
        for subject, grade in (("algebra", 3), ("alchemy", 7)):
            with pytest.raises(services.WrongPlan):
                services.make_plan(
                    actor=bolat,
                    year="2026-27",
                    subject_code=subject,
                    grade=grade,
                    language="kk",
                    hours=Decimal(3),
                )

    def test_a_draft_goes_with_its_lines_and_the_log_says_so(self, bolat: Actor, scene: Scene) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        services.follow(actor=bolat, plan_id=plan.pk, course_ids=[scene.course.pk])
        services.delete_plan(actor=bolat, plan_id=plan.pk)
        assert not Plan.objects.exists()
        assert not Follower.objects.exists()
        assert AuditEntry.objects.filter(action="plans.plan.deleted", object_id=str(plan.pk)).exists()


class TestDates:
    def test_lines_are_laid_over_the_lessons_of_the_course(self, bolat: Actor, scene: Scene) -> None:
        plan = new_plan(bolat, *second_quarter("A", "B", hours=2))
        services.follow(actor=bolat, plan_id=plan.pk, course_ids=[scene.course.pk])
        [course] = queries.dates_of(actor=bolat, plan=plan, lines=queries.lines_of(plan.pk))
        assert [(one.topic, one.part, one.day.day) for one in course.dated if one.day] == [
            ("A", 1, 2), ("A", 2, 4), ("B", 1, 6), ("B", 2, 9),
        ]  # fmt: skip
        assert len(course.empty) == 9
        assert Placement.objects.count() == 4

    def test_what_moves_is_told_and_held_lessons_keep_theirs(self, bolat: Actor, scene: Scene) -> None:
        names = [chr(65 + n) for n in range(13)]
        plan = new_plan(bolat, *second_quarter(*names))
        services.follow(actor=bolat, plan_id=plan.pk, course_ids=[scene.course.pk])
        # Friday 27 November falls out for frost; the news comes by the event.
        Lesson.objects.filter(date=date(2026, 11, 27)).update(state=Lesson.State.CANCELLED)
        extra = lesson(scene.course, date(2026, 12, 2))
        event = LessonsGenerated(period_id="x", year="2026-27", made=0)
        handlers.lay_over_new_lessons(event, actor=Actor.system_actor("test"), at=MOMENT)
        [course] = queries.dates_of(actor=bolat, plan=plan, lines=queries.lines_of(plan.pk))
        assert [(one.topic, str(one.was_day), str(one.day)) for one in course.moved] == [
            ("L", "2026-11-27", "2026-11-30"),
            ("M", "2026-11-30", "2026-12-02"),
        ]
        assert not course.without
        # A line put in front of all goes to the next lesson that was not held.
        services.act(actor=bolat, plan_id=plan.pk, name="add", line_id=line(plan, "A").pk)
        [course] = queries.dates_of(actor=bolat, plan=plan, lines=queries.lines_of(plan.pk))
        by_day = {one.day: one.topic for one in course.dated}
        assert [by_day[one.date] for one in scene.lessons[:10]] == names[:10]
        assert by_day[date(2026, 11, 25)] == ""
        assert [one.topic for one in course.without] == ["M"]
        services.note_moves(actor=bolat, plan_id=plan.pk, course_id=scene.course.pk)
        [course] = queries.dates_of(actor=bolat, plan=plan, lines=queries.lines_of(plan.pk))
        assert course.moved == ()
        assert extra.pk in {one.lesson_id for one in course.dated}

    @pytest.mark.requirement("SIS-39")
    def test_a_lesson_plan_goes_with_its_line(self, bolat: Actor, scene: Scene) -> None:
        plan = new_plan(bolat, *second_quarter(*[chr(65 + n) for n in range(13)]))
        services.follow(actor=bolat, plan_id=plan.pk, course_ids=[scene.course.pk])
        rows = [
            services.start_lesson_plan(
                actor=bolat,
                line=line(plan, topic),
                course_id=scene.course.pk,
                lesson_id=scene.lessons[place].pk,
            )
            for topic, place in (("A", 0), ("L", 11))
        ]
        Lesson.objects.filter(pk=scene.lessons[11].pk).update(state=Lesson.State.CANCELLED)
        services.lay_year(actor=Actor.system_actor("test"), year="2026-27")
        for row, place in zip(rows, (0, 12), strict=True):
            row.refresh_from_db()
            assert (row.lesson_id, row.day) == (scene.lessons[place].pk, scene.lessons[place].date)

    def test_laying_twice_writes_nothing(self, bolat: Actor, scene: Scene) -> None:
        plan = new_plan(bolat, *second_quarter("A", "B"))
        services.follow(actor=bolat, plan_id=plan.pk, course_ids=[scene.course.pk])
        before = list(Placement.objects.order_by("lesson_id").values())
        services.lay_year(actor=Actor.system_actor("test"), year="2026-27")
        assert list(Placement.objects.order_by("lesson_id").values()) == before

    def test_only_ones_own_courses_of_the_subject_follow(
        self, bolat: Actor, gulnar: Actor, scene: Scene
    ) -> None:
        plan = new_plan(gulnar)
        other = make.course(make.school_class(8, "Б"), scene.teacher)
        for actor, one, course in ((gulnar, plan, scene.course), (bolat, new_plan(bolat), other)):
            with pytest.raises(services.NotYourCourse):
                services.follow(actor=actor, plan_id=one.pk, course_ids=[course.pk])

    def test_the_journal_learns_what_is_planned(self, bolat: Actor, scene: Scene) -> None:
        assert queries.planned_topics(course_id=scene.course.pk) == {}
        plan = new_plan(bolat, *second_quarter("A", "B"))
        services.follow(actor=bolat, plan_id=plan.pk, course_ids=[scene.course.pk])
        found = queries.planned_topics(course_id=scene.course.pk)
        assert [found[one.pk].topic for one in scene.lessons[:2]] == ["A", "B"]

    def test_hours_against_the_curriculum(self, bolat: Actor) -> None:
        plan = new_plan(bolat, *second_quarter(*("x" * 26)))
        assert [(one.planned, one.given, one.surplus) for one in queries.hours_of(plan)][1] == (26, 24, 2)


class TestApproval:
    @pytest.fixture
    def head(self, scene: Scene, actor_of: ActorOf, deputy: Actor) -> Actor:
        """Dana heads the team of mathematics."""
        dana = actor_of(
            Role.TEACHER, person_id=make.teacher("Сәрсенова", "Дана").pk, user_id=1005, name="Сәрсенова Д."
        )
        assert dana.person_id
        services.save_team(
            actor=deputy, name="Математика", subjects=["algebra", "geometry"], head_id=dana.person_id
        )
        return dana

    def test_from_the_draft_to_the_director(
        self, bolat: Actor, head: Actor, deputy: Actor, gulnar: Actor
    ) -> None:
        plan = new_plan(bolat)
        with pytest.raises(services.NothingPlanned):
            services.send(actor=bolat, plan_id=plan.pk)
        services.add_lines(actor=bolat, plan_id=plan.pk, new=second_quarter("A"))
        assert services.send(actor=bolat, plan_id=plan.pk).state == State.TEAM
        with pytest.raises(services.Frozen):
            services.add_lines(actor=bolat, plan_id=plan.pk, new=second_quarter("B"))
        with pytest.raises(services.NotWaiting):
            services.approve(actor=deputy, plan_id=plan.pk)
        for stranger in (gulnar, bolat):
            with pytest.raises(NotFound):
                services.agree(actor=stranger, plan_id=plan.pk)
        assert [one.pk for one in queries.waiting_for(actor=head)] == [plan.pk]
        services.send_back(actor=head, plan_id=plan.pk, text="СОР қайда?")
        with pytest.raises(services.RemarksUnanswered):
            services.send(actor=bolat, plan_id=plan.pk)
        [remark] = queries.remarks_of(plan)
        with pytest.raises(NotFound):
            services.answer(actor=gulnar, remark_id=remark.pk, text="x")
        services.answer(actor=bolat, remark_id=remark.pk, text="Қостым")
        services.send(actor=bolat, plan_id=plan.pk)
        assert services.agree(actor=head, plan_id=plan.pk).state == State.OFFICE
        with pytest.raises(NotAllowed):
            services.approve(actor=head, plan_id=plan.pk)
        approved = services.approve(actor=deputy, plan_id=plan.pk)
        assert (approved.state, approved.approved_by_name) == (State.APPROVED, "Оразова С.")
        assert queries.get_plan(actor=gulnar, plan_id=plan.pk) == plan
        with pytest.raises(services.NotWaiting):
            services.take_back(actor=bolat, plan_id=plan.pk)

    def test_without_a_team_and_of_its_head_it_goes_straight_to_the_office(
        self, bolat: Actor, deputy: Actor, scene: Scene
    ) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        assert services.send(actor=bolat, plan_id=plan.pk).state == State.OFFICE
        services.take_back(actor=bolat, plan_id=plan.pk)
        services.save_team(actor=deputy, name="Математика", subjects=["algebra"], head_id=scene.teacher.pk)
        assert services.send(actor=bolat, plan_id=plan.pk).state == State.OFFICE

    def test_the_database_itself_keeps_an_approved_plan(self, bolat: Actor, deputy: Actor) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        services.send(actor=bolat, plan_id=plan.pk)
        services.approve(actor=deputy, plan_id=plan.pk)
        for change in (
            lambda: Line.objects.filter(plan=plan).update(topic="B"),
            lambda: Line.objects.filter(plan=plan).delete(),
            lambda: Line.objects.create(plan=plan, position=9, quarter=1),
            lambda: Plan.objects.filter(pk=plan.pk).update(hours_per_week=9),
            lambda: Plan.objects.filter(pk=plan.pk).update(state=State.DRAFT, approved_on=None),
            lambda: Plan.objects.filter(pk=plan.pk).delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_a_correction_is_a_new_version_and_held_lessons_keep_their_lines(
        self, bolat: Actor, deputy: Actor, scene: Scene
    ) -> None:
        plan = new_plan(bolat, *second_quarter("A", "B", *("x" * 11)))
        services.follow(actor=bolat, plan_id=plan.pk, course_ids=[scene.course.pk])
        services.send(actor=bolat, plan_id=plan.pk)
        services.approve(actor=deputy, plan_id=plan.pk)
        second = services.new_version(actor=bolat, plan_id=plan.pk)
        with pytest.raises(services.InWork):
            services.new_version(actor=bolat, plan_id=plan.pk)
        services.act(actor=bolat, plan_id=second.pk, name="down", line_id=line(second, "A").pk)
        assert queries.followers(plan.pk) == [scene.course.pk]
        services.send(actor=bolat, plan_id=second.pk)
        services.approve(actor=deputy, plan_id=second.pk)
        plan.refresh_from_db()
        assert plan.state == State.REPLACED
        assert queries.followers(second.pk) == [scene.course.pk]
        found = queries.planned_topics(course_id=scene.course.pk)
        assert [found[one.pk].topic for one in scene.lessons[:2]] == ["A", "B"]

    def test_a_subject_belongs_to_one_team(self, deputy: Actor, head: Actor) -> None:
        assert head.person_id
        with pytest.raises(services.TeamExists):
            services.save_team(
                actor=deputy, name="Тағы бір", subjects=["geometry", "physics"], head_id=head.person_id
            )
        with pytest.raises(NotAllowed):
            services.save_team(actor=head, name="Физика", subjects=["physics"], head_id=head.person_id)
        [team] = queries.teams(actor=deputy)
        services.drop_team(actor=deputy, team_id=team.pk)
        assert queries.heads_of(head.person_id) == []
