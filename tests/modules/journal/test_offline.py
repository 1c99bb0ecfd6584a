"""What a teacher's own device may keep: her journals, around today, for as long as the school says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

import pytest
import time_machine
from django.test import Client

from kernel.access import Actor, Role
from kernel.clock import ALMATY
from modules.journal.offline import queries as offline
from modules.school import api as school
from tests.factories import schedule as make

ClientFor = Callable[..., Client]


@pytest.fixture
def browser(scene: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.TEACHER, person_id=scene.teacher.pk)


@pytest.mark.requirement("SIS-32", "MOB-02", "GEN-03", screen="journal:grid")
class TestKeptPages:
    def test_a_journal_names_its_owner_and_its_days(self, scene: make.Scene, browser: Client) -> None:
        page = browser.get(f"/journal/{scene.course.pk}/?period=q2")
        assert page["Mektep-Keep"] == f"{browser.user.pk} 14"  # type: ignore[attr-defined]
        assert page.context["keeping"]["pages"] == [f"/journal/{scene.course.pk}/?period=q2"]

    def test_the_list_orders_ones_own_journals_and_itself(self, scene: make.Scene, browser: Client) -> None:
        page = browser.get("/journal/")
        orders = page.context["keeping"]
        assert orders["pages"][:2] == ["/journal/", f"/journal/{scene.course.pk}/"]
        assert orders["home"] == "/journal/"
        assert page["Mektep-Keep"].endswith(" 14")

    def test_who_only_reads_keeps_nothing(self, scene: make.Scene, client_for: ClientFor) -> None:
        reader = client_for(Role.OBSERVER)
        for address in ("/journal/", f"/journal/{scene.course.pk}/"):
            page = reader.get(address)
            assert "Mektep-Keep" not in page
            assert not (page.context or {}).get("keeping")

    def test_a_school_that_wants_none_has_them_taken_away(
        self, scene: make.Scene, browser: Client, aigul: Actor
    ) -> None:
        school.change_setting(actor=aigul, code=offline.DAYS, value=0)
        page = browser.get(f"/journal/{scene.course.pk}/")
        assert "Mektep-Keep" not in page
        assert page.context["keeping"] == {"days": 0}

    @pytest.mark.parametrize(
        ("today", "more"),
        [
            (date(2026, 11, 25), []),
            (date(2026, 12, 28), ["q2", "q3"]),  # in the holidays between them
        ],
    )
    def test_both_sides_of_the_end_of_a_quarter(
        self, scene: make.Scene, client_for: ClientFor, today: date, more: list[str]
    ) -> None:
        with time_machine.travel(datetime.combine(today, time(10), tzinfo=ALMATY)):
            browser = client_for(Role.TEACHER, person_id=scene.teacher.pk)
            pages = browser.get("/journal/").context["keeping"]["pages"]
        address = f"/journal/{scene.course.pk}/"
        assert pages == ["/journal/", address, *(f"{address}?period={code}" for code in more)]


def test_the_worker_may_see_the_whole_host(client_for: ClientFor) -> None:
    answer = client_for().get("/ui/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
