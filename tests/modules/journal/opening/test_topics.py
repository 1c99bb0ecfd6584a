"""Topics and homework of a closed period stand as its marks do, and are opened by the same request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kernel import clock
from kernel.access import Actor, Role
from kernel.models import AuditEntry
from modules.journal.opening import services
from modules.journal.opening.models import Opening
from modules.schedule import api as schedule
from modules.schedule.models import Lesson
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-52", "SIS-33")
ClientFor = Callable[..., Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(closed: make.Scene, client_for: ClientFor) -> Client:
    Lesson.objects.filter(pk=closed.lessons[0].pk).update(topic="Көпмүше", homework="№ 12")
    return client_for(Role.TEACHER, person_id=closed.teacher.pk)


def opened(scene: make.Scene, bolat: Actor, gulnar: Actor, **wish: object) -> None:
    row = services.ask(
        actor=bolat,
        course_id=scene.course.pk,
        period_id=scene.quarter.id,
        reason="Тақырып ауысып кеткен",
        **({"days": [scene.lessons[0].date]} | wish),  # type: ignore[arg-type]
    )
    services.allow(actor=gulnar, opening_id=row.pk, hours=24)


def write(scene: make.Scene, actor: Actor, text: str = "Теңдеу", lesson: int = 0) -> str:
    row = scene.lessons[lesson]
    schedule.fill_lesson(actor=actor, lesson_id=row.pk, topic=text)
    return Lesson.objects.get(pk=row.pk).topic


class TestTheRule:
    def test_a_closed_period_keeps_them_from_everybody(
        self, closed: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        for actor in (bolat, aigul):
            with pytest.raises(schedule.LessonIsClosed):
                write(closed, actor)
        assert Lesson.objects.get(pk=closed.lessons[0].pk).topic == ""

    def test_saving_the_same_again_is_no_change(self, closed: make.Scene, bolat: Actor) -> None:
        assert write(closed, bolat, "") == ""

    def test_an_opened_day_takes_them_and_it_is_logged(
        self, closed: make.Scene, bolat: Actor, gulnar: Actor
    ) -> None:
        opened(closed, bolat, gulnar)
        assert write(closed, bolat) == "Теңдеу"
        entry = AuditEntry.objects.get(action="schedule.lesson.corrected")
        assert entry.details["what"] == ["topic"]
        with pytest.raises(schedule.LessonIsClosed):
            write(closed, bolat, lesson=1)

    def test_what_is_opened_for_another_is_not_open(
        self, closed: make.Scene, bolat: Actor, gulnar: Actor, aigul: Actor
    ) -> None:
        opened(closed, bolat, gulnar)
        with pytest.raises(schedule.LessonIsClosed):
            write(closed, aigul)

    def test_cells_of_one_pupil_open_no_topic(self, closed: make.Scene, bolat: Actor, gulnar: Actor) -> None:
        opened(closed, bolat, gulnar, pupil_ids=[closed.pupils[0].pk])
        with pytest.raises(schedule.LessonIsClosed):
            write(closed, bolat)

    def test_it_closes_by_itself(self, closed: make.Scene, bolat: Actor, gulnar: Actor) -> None:
        opened(closed, bolat, gulnar)
        with (
            time_machine.travel(clock.now() + timedelta(hours=25), tick=False),
            pytest.raises(schedule.LessonIsClosed),
        ):
            write(closed, bolat)


class TestPages:
    def address(self, scene: make.Scene) -> str:
        return f"/journal/{scene.course.pk}/topics/{scene.lessons[0].pk}/"

    def test_the_journal_offers_no_pencil_and_says_why(self, closed: make.Scene, browser: Client) -> None:
        page = browser.get(f"/journal/{closed.course.pk}/?period=q2").content.decode()
        assert "Көпмүше" in page
        assert self.address(closed) not in page
        assert f"/journal/{closed.course.pk}/open/?period=q2" in page

    def test_an_opened_day_has_its_pencil(
        self, closed: make.Scene, browser: Client, bolat: Actor, gulnar: Actor
    ) -> None:
        opened(closed, bolat, gulnar)
        Opening.objects.update(asked_by=browser.user.pk)  # type: ignore[attr-defined]
        page = browser.get(f"/journal/{closed.course.pk}/?period=q2").content.decode()
        assert self.address(closed) in page
        assert f"/topics/{closed.lessons[1].pk}/" not in page

    def test_what_was_typed_while_it_closed_stays_on_the_screen(
        self, closed: make.Scene, browser: Client
    ) -> None:
        answer = browser.post(
            self.address(closed), {"topic": "Теңдеулер жүйесі", "homework": "№ 77"}, headers=HTMX
        )
        assert answer.status_code == 422
        text = answer.content.decode()
        for kept in ("Теңдеулер жүйесі", "№ 77", f"day={closed.lessons[0].date:%Y-%m-%d}", "period=q2"):
            assert kept in text
        assert Lesson.objects.get(pk=closed.lessons[0].pk).topic == "Көпмүше"

    def test_the_page_of_the_lesson_too(self, closed: make.Scene, browser: Client) -> None:
        address = f"/schedule/lessons/{closed.lessons[0].pk}/"
        page = browser.get(address).content.decode()
        assert 'name="topic"' not in page
        assert f"/journal/{closed.course.pk}/" in page
        answer = browser.post(address, {"topic": "Теңдеулер жүйесі", "homework": "№ 77"})
        assert answer.status_code == 422
        assert "Теңдеулер жүйесі" in answer.content.decode()
        assert "№ 77" in answer.content.decode()

    def test_the_request_is_filled_in_with_the_day(self, closed: make.Scene, browser: Client) -> None:
        day = f"{closed.lessons[0].date:%Y-%m-%d}"
        page = browser.get(
            f"/journal/{closed.course.pk}/open/?period=q2&day={day}", follow=True
        ).content.decode()
        __, ___, after = page.partition(f'value="{day}"')
        assert after
        assert "checked" in after.split(">")[0]

    def test_the_plan_offers_nothing_for_closed_days(self, closed: make.Scene, browser: Client) -> None:
        page = browser.get(f"/journal/{closed.course.pk}/topics/").content.decode()
        assert f'value="{closed.lessons[1].pk}"' not in page
