"""A mark of the period is asked only of whom is attested here: as decided, else by the last day of the period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from kernel.access import Actor, Role
from modules.contingent import services as contingent
from modules.contingent.models import Membership, Pupil
from modules.journal import api, queries, services
from modules.journal.models import PeriodMark
from tests.factories import journal as made
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-18")
Q2 = {"year": make.YEAR, "period_code": "q2"}


def decide(actor: Actor, pupil: Pupil, here: bool | None, note: str = "", quarter: int = 2) -> None:
    contingent.decide(
        actor=actor, pupil_id=pupil.pk, year=make.YEAR, quarter=quarter, attested_here=here, note=note
    )


def left(pupil: Pupil, day: date = date(2026, 11, 10)) -> None:
    Membership.objects.filter(pupil=pupil).update(until=day)


def full(scene: make.Scene, pupil: Pupil) -> None:
    made.mark(scene.lessons[0], pupil, 8)
    made.mark(scene.lessons[1], pupil, 8, "sor")
    made.mark(scene.lessons[2], pupil, 22, "soch")


@pytest.fixture
def works(scene: make.Scene) -> None:
    made.work(scene.lessons[1], "sor", 10)
    made.work(scene.lessons[2], "soch", 25)


def accepted(actor: Actor, scene: make.Scene) -> set[Any]:
    services.accept_recommended(actor=actor, course_id=scene.course.pk, period_id=scene.quarter.id)
    return set(PeriodMark.objects.values_list("pupil_id", flat=True))


@pytest.mark.usefixtures("works")
class TestAcceptingAllAtOnce:
    def test_passes_over_who_has_left_and_who_is_attested_elsewhere(
        self, scene: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        stays, gone, elsewhere = scene.pupils[:3]
        for one in (stays, gone, elsewhere):
            full(scene, one)
        left(gone)
        decide(aigul, elsewhere, False)
        assert accepted(bolat, scene) == {stays.pk}

    def test_takes_who_has_left_and_is_attested_here_by_decision(
        self, scene: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        gone = scene.pupils[0]
        full(scene, gone)
        left(gone)
        decide(aigul, gone, True)
        assert accepted(bolat, scene) == {gone.pk}

    def test_a_decision_on_another_quarter_says_nothing(
        self, scene: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        full(scene, scene.pupils[0])
        decide(aigul, scene.pupils[0], False, quarter=1)
        assert accepted(bolat, scene) == {scene.pupils[0].pk}

    def test_who_went_over_to_another_class_is_asked_there(
        self, scene: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        moved = scene.pupils[0]
        full(scene, moved)
        other = contingent.open_class(actor=aigul, year=make.YEAR, grade=7, letter="Ә", language="kk")
        contingent.move(actor=aigul, pupil_id=moved.pk, class_id=other.pk, since=date(2026, 11, 20))
        decide(aigul, moved, True)
        assert accepted(bolat, scene) == set()


class TestOneMark:
    def given(self, actor: Actor, scene: make.Scene, pupil: Pupil, value: str | None) -> None:
        services.set_final(
            actor=actor, course_id=scene.course.pk, period_id=scene.quarter.id, pupil_id=pupil.pk, final=value
        )

    def test_is_refused_where_it_was_decided_so(self, scene: make.Scene, bolat: Actor, aigul: Actor) -> None:
        decide(aigul, scene.pupils[0], False)
        with pytest.raises(services.NotAttestedHere):
            self.given(bolat, scene, scene.pupils[0], "4")
        decide(aigul, scene.pupils[0], None)
        self.given(bolat, scene, scene.pupils[0], "4")
        assert PeriodMark.objects.get().final == "4"

    def test_one_given_before_the_decision_can_be_taken_back(
        self, scene: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        self.given(bolat, scene, scene.pupils[0], "4")
        decide(aigul, scene.pupils[0], False)
        self.given(bolat, scene, scene.pupils[0], None)
        assert PeriodMark.objects.get().final is None

    def test_may_be_given_to_one_who_left_without_a_decision(self, scene: make.Scene, bolat: Actor) -> None:
        left(scene.pupils[0])
        self.given(bolat, scene, scene.pupils[0], "4")
        assert PeriodMark.objects.get().final == "4"


class TestFigures:
    def pupils(self, actor: Actor) -> int:
        [row] = api.mark_counts(actor=actor, **Q2)
        return row.pupils

    def test_count_whom_the_school_attests(self, scene: make.Scene, aigul: Actor) -> None:
        first, second, third = scene.pupils[:3]
        assert self.pupils(aigul) == 10
        decide(aigul, first, False)
        assert self.pupils(aigul) == 9
        left(second)
        assert self.pupils(aigul) == 8
        decide(aigul, second, True)
        assert self.pupils(aigul) == 9
        decide(aigul, third, True)
        assert self.pupils(aigul) == 9


class TestPage:
    def rows(self, actor: Actor, scene: make.Scene) -> dict[str, bool]:
        course = queries.open_course(actor=actor, course_id=scene.course.pk)
        found = queries.grid(actor=actor, course=course, period=scene.quarter)
        return {row.pupil_id: row.is_attested(scene.quarter.end) for row in found.rows}

    def test_says_why_no_mark_is_asked(
        self, scene: make.Scene, aigul: Actor, client_for: Callable[..., Client]
    ) -> None:
        decide(aigul, scene.pupils[0], False, note="Тоқсан соңында келді")
        left(scene.pupils[1])
        rows = self.rows(aigul, scene)
        assert [rows[str(one.pk)] for one in scene.pupils[:3]] == [False, False, True]
        teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk, language="ru")
        page = teacher.get(f"/journal/{scene.course.pk}/marks/?period=q2").content.decode()
        assert "Тоқсан соңында келді" in page
        assert f'name="final-{scene.pupils[0].pk}"' not in page
        assert f'name="final-{scene.pupils[1].pk}"' in page
        assert "Выставлено: <b>0</b> из 8" in page

    @pytest.mark.parametrize(
        ("language", "decided", "gone"),
        [
            ("kk", "осында аттестатталмайды", "кезең бағасы сұралмайды"),
            ("ru", "здесь не аттестуется", "оценка за период не нужна"),
        ],
    )
    def test_the_journal_says_it_under_the_name(
        self,
        scene: make.Scene,
        aigul: Actor,
        client_for: Callable[..., Client],
        language: str,
        decided: str,
        gone: str,
    ) -> None:
        decide(aigul, scene.pupils[0], False, note="Келді <15.12>")
        left(scene.pupils[1])
        decide(aigul, scene.pupils[2], True)
        teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk, language=language)
        page = teacher.get(f"/journal/{scene.course.pk}/?period=q2").content.decode()
        rows = [page.partition(f'data-pupil="{one.pk}"')[2].partition("</tr>")[0] for one in scene.pupils[:4]]
        assert f">{decided}</small></th>" in rows[0]
        assert "Келді &lt;15.12&gt;" in rows[0].partition("<small")[2].partition(">")[0]
        assert "data-locked" in rows[0].rpartition("<td data-final")[2]
        assert f">{gone}</small></th>" in rows[1]
        assert "data-locked" not in rows[1].rpartition("<td data-final")[2]
        assert all("<small" not in row for row in rows[2:])
        # Of another quarter nothing was decided.
        assert "<small title" not in teacher.get(f"/journal/{scene.course.pk}/?period=q1").content.decode()

    def test_a_mark_that_stands_in_the_journal_can_be_taken_away(
        self, scene: make.Scene, bolat: Actor, aigul: Actor, client_for: Callable[..., Client]
    ) -> None:
        first = scene.pupils[0]
        services.set_final(
            actor=bolat, course_id=scene.course.pk, period_id=scene.quarter.id, pupil_id=first.pk, final="4"
        )
        decide(aigul, first, False)
        teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk)
        page = teacher.get(f"/journal/{scene.course.pk}/?period=q2").content.decode()
        row = page.partition(f'data-pupil="{first.pk}"')[2].partition("</tr>")[0]
        assert "<small" in row
        assert "data-locked" not in row.rpartition("<td data-final")[2]
