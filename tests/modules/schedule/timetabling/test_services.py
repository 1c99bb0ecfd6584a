"""Variants are made, moved about, searched and published."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from kernel import jobs
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import Job
from kernel.tenancy import TenantRef
from modules.schedule.models import Card, Course, Step, Timetable
from modules.schedule.timetabling import queries, services
from modules.schedule.timetabling.services.publishing import refusals
from modules.schedule.wishes.queries import levels
from modules.schedule.wishes.rules import Level
from modules.schedule.wishes.services import weigh
from tests.factories import schedule as make
from tests.modules.schedule.timetabling.standing import MONDAY, card, place


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
        against = {one["code"]: one["text"] for one in told["against"]}
        assert {"early", "pinned"} <= set(against)
        assert "7А" in against["early"]
        assert place(Card.objects.get(timetable=variant)) == (1, 3)
        weigh(actor=aigul, code="early", level=Level.VERY)
        again = self.run(aigul, variant, seconds=5)
        assert again["solved"]
        assert any(re.search("[1-9]", text) for text in again["broken"])  # what the relaxed demand costs

    def test_whose_week_is_in_the_way_is_told_with_the_page_that_changes_it_alone(
        self, variant: Timetable, aigul: Actor, scene: make.Scene, client_for: Any
    ) -> None:
        teacher = scene.teacher.pk
        Card.objects.filter(timetable=variant).exclude(course=scene.course).delete()
        for weekday in range(1, 6):
            services.wish_day(
                actor=aigul, year=make.YEAR, teacher_id=teacher, weekday=weekday, is_demand=True
            )
        told = self.run(aigul, variant)
        assert not told["solved"]
        whose = {one["code"]: one["teachers"] for one in told["against"]}["away"]
        assert [key for key, _name in whose] == [str(teacher)]
        director = client_for(Role.DIRECTOR)
        page = f"/schedule/timetables/{variant.pk}/search/"
        director.post(page, {"seconds": "30"})
        variant.refresh_from_db()
        Job.objects.filter(pk=variant.job_id).update(state="done", result=told)
        assert f'href="/schedule/timetables/teachers/{teacher}/"' in director.get(page).content.decode()

    def test_a_rule_in_the_way_is_relaxed_by_a_button_and_taken_back(
        self, variant: Timetable, client_for: Any
    ) -> None:
        director = client_for(Role.DIRECTOR)
        page = f"/schedule/timetables/{variant.pk}/search/"
        director.post(page, {"seconds": "30"})
        variant.refresh_from_db()
        Job.objects.filter(pk=variant.job_id).update(
            state="done",
            result={
                "said": ["no"],
                "against": [
                    {"code": "early", "text": "late", "count": 2, "teachers": []},
                    {"code": "pinned", "text": "stays", "count": 1, "teachers": []},
                ],
            },
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
        for page in ("", "publish/", "search/"):
            assert zhanna.get(f"/schedule/timetables/{variant.pk}/{page}").status_code == 404, page
        body = {"card": str(uuid4()), "place": "1-1"}
        assert zhanna.post(f"/schedule/timetables/{variant.pk}/move/", body).status_code == 404
        assert zhanna.post(f"/schedule/timetables/{variant.pk}/undo/").status_code == 404
