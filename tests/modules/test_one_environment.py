"""One sign-in, one window, and what is entered once stands in every room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import resolve, set_urlconf

from kernel import events, jobs, tenancy
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.tenancy import TenantRef
from modules.analytics import services as analytics
from modules.contingent.models import Guardian, Pupil
from tenants import rollups
from tests.conftest import PASSWORD, Accounts
from tests.factories import schedule as make
from ui import registry

pytestmark = pytest.mark.requirement("GEN-01")


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=ALMATY), tick=True):
        yield


def text(client: Client, path: str) -> str:
    """The page, wherever it leads, but never to another sign-in."""
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    assert not answer.request["PATH_INFO"].startswith("/sign-in/"), path
    return answer.content.decode()


def test_one_sign_in_opens_every_room(
    school_a: TenantRef, client_for: Callable[..., Client], account: Accounts
) -> None:
    """The password is typed once; every line of the menu then opens, and each room has its line in one menu."""
    account(Role.DIRECTOR, username="aigul")
    client = client_for()
    assert client.post("/sign-in/", {"username": "aigul", "password": PASSWORD}).status_code == 302
    seen = client.get("/").context["request"].actor
    set_urlconf("config.urls.school")
    try:
        menu = registry.menu_for(seen)
    finally:
        set_urlconf(None)
    lines = [line for section in menu for line in section.lines]
    for line in lines:
        page = text(client, line.url)
        for other in lines:
            assert f'href="{other.url}"' in page, (line.url, other.url)
    rooms = {resolve(line.url, urlconf="config.urls.school").app_name for line in lines}
    with_pages = {item.url_name.partition(":")[0] for item in registry.register.menu if item.is_for(seen)}
    assert rooms == with_pages
    assert {"contingent", "staff", "schedule", "journal", "analytics", "imports", "identity"} <= rooms


def test_a_pupil_entered_once_stands_in_every_room(
    school_a: TenantRef, client_for: Callable[..., Client], account: Accounts
) -> None:
    with tenancy.use(school_a):
        scene = make.scene(pupil_count=5)
        analytics.recount(actor=Actor.system_actor("test"))
    clerk = client_for(Role.DIRECTOR, username="clerk")
    typed = {
        "surname": "Жұмағұлова", "name": "Айсұлу", "sex": "f", "birth_date": "2013-04-05",
        "class_id": str(scene.school_class.pk), "since": "2026-09-01", "citizenship": "KZ",
        "reason": "arr_same_district", "sign": "1",
    }  # fmt: skip
    assert clerk.post("/contingent/pupils/new/", typed).status_code == 302
    with tenancy.use(school_a):
        pupil = Pupil.objects.get(surname="Жұмағұлова")
    mother = {
        "relation": "mother",
        "surname": "Жұмағұлова",
        "name": "Сәуле",
        "phone": "8 705 222 33 44",
    }
    assert clerk.post(f"/contingent/pupils/{pupil.pk}/guardians/new/", mother).status_code == 302

    teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk, username="bolat")
    assert "Жұмағұлова Айсұлу" in text(teacher, f"/journal/{scene.course.pk}/")
    assert "Жұмағұлова" in text(teacher, f"/contingent/classes/{scene.school_class.pk}/")

    with tenancy.use(school_a):
        guardian: UUID = Guardian.objects.get(name="Сәуле").pk
    parent = client_for(Role.PARENT, person_id=guardian, username="saule")
    assert "Айсұлу" in text(parent, "/family/")
    child = client_for(Role.PUPIL, person_id=pupil.pk, username="aisulu")
    assert "Айсұлу" in text(child, "/family/")

    with tenancy.use(school_a):
        assert pupils() == 5
        events.deliver()
        jobs.Collected.clear()
        analytics.refresh(actor=Actor.system_actor("test"))
        assert pupils() == 6


def pupils() -> int:
    """The number that the district sees."""
    [figure] = rollups.own(year=make.YEAR, period="now", metrics=["contingent.pupils"], dimension="all")
    return figure.numerator
