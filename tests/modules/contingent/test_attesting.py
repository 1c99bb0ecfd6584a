"""The deputy decides in one list who is attested here for a quarter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from kernel.access import Actor, Role
from modules.contingent import api, queries, services
from modules.contingent.models import PeriodDecision
from tests.conftest import ActorOf, ClientFor
from tests.modules.contingent.people import new_class, new_pupil

pytestmark = [pytest.mark.usefixtures("in_school"), pytest.mark.requirement("SIS-18")]


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    with time_machine.travel("2026-12-21 09:00+05:00", tick=True):
        yield


@pytest.fixture
def deputy(actor_of: ActorOf) -> Actor:
    return actor_of(Role.DEPUTY_ACADEMIC)


def test_who_came_within_the_quarter_stands_in_the_list(deputy: Actor) -> None:
    seven = new_class()
    new_pupil(seven, name="Ескі")
    new_pupil(seven, name="Демалыста", since=date(2026, 10, 28))
    new_pupil(seven, name="Кеш", since=date(2026, 12, 18))
    found = queries.on_the_way(actor=deputy, year="2026-27", quarter=2)
    assert [(one.move.pupil.name, one.is_attested_here) for one in found] == [
        ("Кеш", True),
        ("Демалыста", True),
    ]


def test_the_decision_is_taken_in_the_list_and_taken_back(client_for: ClientFor, deputy: Actor) -> None:
    late = new_pupil(new_class(), since=date(2026, 12, 18))
    client = client_for(Role.DEPUTY_ACADEMIC)
    page = client.get("/contingent/attesting/").content.decode()
    assert late.person_name.full in page
    given = {"quarter": 2, "here": "no", "note": "Тоқсан соңында келді", "back": "list"}
    answer = client.post(f"/contingent/pupils/{late.pk}/attest/", given)
    assert answer.headers["Location"] == "/contingent/attesting/?quarter=2"
    assert not api.attested_here(actor=deputy, pupil_ids=[late.pk], year="2026-27", quarter=2)[late.pk]
    assert "Тоқсан соңында келді" in client.get("/contingent/attesting/?quarter=2").content.decode()
    client.post(f"/contingent/pupils/{late.pk}/attest/", given | {"here": "", "note": ""})
    assert not PeriodDecision.objects.exists()


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.TEACHER, Role.CLASS_TEACHER, Role.PARENT])
def test_closed_to(role: Role, client_for: ClientFor) -> None:
    assert client_for(role).get("/contingent/attesting/").status_code == 403


def test_the_first_page_reminds_in_the_last_weeks_of_the_quarter(deputy: Actor) -> None:
    late = new_pupil(new_class(), since=date(2026, 12, 18))
    assert queries.undecided(actor=deputy, days=14) == 1
    with time_machine.travel("2026-12-10 09:00+05:00", tick=True):
        assert queries.undecided(actor=deputy, days=14) == 0
    services.decide(actor=deputy, pupil_id=late.pk, year="2026-27", quarter=2, attested_here=True)
    assert queries.undecided(actor=deputy, days=14) == 0


def test_the_card_of_the_first_page_leads_to_the_list(client_for: ClientFor) -> None:
    new_pupil(new_class(), since=date(2026, 12, 18))
    assert "/contingent/attesting/" in client_for(Role.DEPUTY_ACADEMIC).get("/").content.decode()
    assert "/contingent/attesting/" not in client_for(Role.SECRETARY).get("/").content.decode()
