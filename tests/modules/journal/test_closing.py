"""A quarter closes by itself some days after its end, when the school wants it so; teachers are told before, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from config import celery
from identity.models import User
from kernel import jobs, tenancy
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.journal.closing import queries, services
from modules.journal.models import PlannedClosing
from modules.schedule import api as schedule
from modules.schedule.models import Period
from modules.schedule.year import services as year
from modules.school import api as school
from notify.models import Notification
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-36")
CLOCK = Actor.system_actor


@pytest.fixture
def bolats(scene: make.Scene, account: Callable[..., User]) -> User:
    """Bolat's account, so that he can be told."""
    return account(Role.TEACHER, person_id=scene.teacher.pk)


def wish(aigul: Actor, days: int) -> None:
    school.change_setting(actor=aigul, code=queries.DAYS, value=days)


def night(scene: make.Scene, days: int) -> Any:
    """Just after midnight, so many days after the quarter's last one."""
    at = datetime.combine(scene.quarter.end, datetime.min.time(), ALMATY) + timedelta(days=days, minutes=1)
    return time_machine.travel(at, tick=True)


def run() -> int:
    return services.close_what_is_over(actor=CLOCK("config.clock"))


def is_closed(scene: make.Scene) -> bool:
    return schedule.period(period_id=scene.quarter.id).is_closed


def notes(user: User) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = Notification.objects.filter(user_id=user.pk, topic="journal.closing").order_by("created_at")
    yield from rows.values_list("message", "params")


def test_nothing_closes_while_the_school_has_not_wished_it(scene: make.Scene, bolats: User) -> None:
    with night(scene, 30):
        assert run() == 0
    assert not is_closed(scene)
    assert list(notes(bolats)) == []


def test_teachers_hear_of_it_and_three_days_later_it_is_closed_once(
    scene: make.Scene, bolats: User, aigul: Actor
) -> None:
    wish(aigul, 5)
    with night(scene, 2):
        assert run() == 0
        assert [one for one in notes(bolats) if one[1]["period"] == "q2"] == []
    with night(scene, 3):
        assert run() == run() == 0
    told = [one for one in notes(bolats) if one[1]["period"] == "q2"]
    assert len(told) == 1
    message, params = told[0]
    held = sum(1 for one in scene.lessons)
    assert (message, params["lacking"]) == ("journal.period_closes_unfilled", held)
    assert params["day"] == str(scene.quarter.end + timedelta(days=6))
    assert not is_closed(scene)
    with night(scene, 5):
        run()
    assert not is_closed(scene)
    with night(scene, 6):
        assert run() >= 1
        assert run() == 0
    assert is_closed(scene)
    entry = AuditEntry.objects.filter(action="schedule.period.closed", object_id=str(scene.quarter.id)).get()
    assert entry.actor_id is None


def test_one_that_a_person_reopened_stays_open(scene: make.Scene, aigul: Actor) -> None:
    wish(aigul, 1)
    with night(scene, 0):
        run()
    with night(scene, 3):
        run()
        assert is_closed(scene)
        year.reopen_period(actor=aigul, period_id=scene.quarter.id)
    with night(scene, 4):
        run()
    assert not is_closed(scene)


def test_a_wish_made_late_still_gives_teachers_three_days(
    scene: make.Scene, bolats: User, aigul: Actor
) -> None:
    wish(aigul, 1)
    with night(scene, 20):
        assert run() == 0
        assert not is_closed(scene)
    with night(scene, 22):
        assert run() == 0
    with night(scene, 23):
        run()
    assert is_closed(scene)


def test_an_end_that_was_moved_is_announced_anew(scene: make.Scene, bolats: User, aigul: Actor) -> None:
    wish(aigul, 2)
    with night(scene, 1):
        run()
    assert PlannedClosing.objects.filter(period_id=scene.quarter.id).count() == 1
    Period.objects.filter(pk=scene.quarter.id).update(end=scene.quarter.end + timedelta(days=3))
    with night(scene, 3):
        run()
    assert not is_closed(scene)
    with night(scene, 6):
        run()
    assert is_closed(scene)
    assert PlannedClosing.objects.filter(period_id=scene.quarter.id).count() == 2


def test_a_teacher_sees_it_coming_on_the_first_page(
    scene: make.Scene, aigul: Actor, client_for: Callable[..., Any]
) -> None:
    wish(aigul, 5)
    day = f"{scene.quarter.end + timedelta(days=6):%d.%m.%Y}"
    with night(scene, 3):
        client = client_for(Role.TEACHER, person_id=scene.teacher.pk)
        assert day not in client.get("/").content.decode()
        run()
        assert day in client.get("/").content.decode()
        for language in ("kk", "ru"):
            client.cookies["lang"] = language
            assert client.get("/notify/").status_code == 200


@pytest.mark.requirement("SIS-36", "TEN-01")
def test_midnight_asks_every_school_and_one_school_closes_only_its_own(
    scene: make.Scene, aigul: Actor, school_a: TenantRef, school_b: TenantRef
) -> None:
    wish(aigul, 1)
    with tenancy.use(school_b):
        there = make.periods()["q2"]
    with night(scene, 0):
        run()
    with night(scene, 3):
        run()
    assert is_closed(scene)
    with tenancy.use(school_b):
        assert not schedule.period(period_id=there.id).is_closed
        assert run() == 0
    assert "journal.close_periods" in jobs.REGISTER
    assert "journal.close_periods" in celery.midnight.run.__code__.co_consts
