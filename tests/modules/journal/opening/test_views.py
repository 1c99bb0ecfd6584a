"""The pages of opening through HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from identity import api as identity
from kernel.access import Actor, Role
from modules.journal.models import Opening
from modules.journal.opening import services
from notify.models import Notification
from tests.factories import schedule as make
from tests.modules.journal.opening.test_services import ask

pytestmark = pytest.mark.requirement("SIS-36")
ClientFor = Callable[..., Client]


@pytest.fixture
def teacher(closed: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.TEACHER, person_id=closed.teacher.pk)


@pytest.fixture
def deputy(closed: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.DEPUTY_ACADEMIC)


def ask_page(scene: make.Scene) -> str:
    return f"/journal/{scene.course.pk}/open/?period=q2"


def send(scene: make.Scene, client: Client, **values: Any) -> Any:
    given = {"days": [scene.lessons[0].date.isoformat()], "reason": "Қате", **values}
    return client.post(ask_page(scene), given)


def heads(client: Client, scene: make.Scene) -> list[str]:
    html = client.get(f"/journal/{scene.course.pk}/?period=q2").content.decode()
    return re.findall(r"<th [^>]*data-kind[^>]*>", html)


def test_from_the_closed_grid_to_an_answer_in_one_tap(
    closed: make.Scene, teacher: Client, deputy: Client
) -> None:
    grid = f"/journal/{closed.course.pk}/?period=q2"
    assert f"/journal/{closed.course.pk}/open/?period=q2" in teacher.get(grid).content.decode()
    assert teacher.get(ask_page(closed)).status_code == 200
    assert send(closed, teacher).status_code == 302
    row = Opening.objects.get()
    assert f"/journal/openings/{row.pk}/" in teacher.get(grid).content.decode()
    assert all("data-locked" in one for one in heads(teacher, closed))

    home = deputy.get("/").content.decode()
    action = f"/journal/openings/{row.pk}/answer/"
    form = next(one for one in re.findall(r"<form.*?</form>", home, re.S) if action in one)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w{64})"', form)
    assert token is not None, "the card's form carries the person's own token"
    hours = re.search(r'name="hours" value="(\d+)"', form)
    assert hours is not None
    answered = deputy.post(action, {"answer": "yes", "hours": hours[1], "from": "home"})
    assert (answered.status_code, answered.headers["Location"]) == (302, "/")
    assert action not in deputy.get("/").content.decode()

    found = heads(teacher, closed)
    assert "data-locked" not in found[0]
    assert all("data-locked" in one for one in found[1:])
    assert heads(deputy, closed) == [*map(str, heads(deputy, closed))]
    assert all("data-locked" in one for one in heads(deputy, closed))


def test_those_who_answer_are_told_and_the_teacher_hears_the_answer(
    closed: make.Scene, teacher: Client, deputy: Client
) -> None:
    send(closed, teacher)
    row = Opening.objects.get()
    deputies = {one.id for one in identity.users_with_role(Role.DEPUTY_ACADEMIC)}
    told = set(Notification.objects.filter(message="journal.opening_asked").values_list("user_id", flat=True))
    assert deputies <= told
    deputy.post(f"/journal/openings/{row.pk}/answer/", {"answer": "no", "reason": "Парақ қойылған"})
    assert Notification.objects.filter(user_id=row.asked_by, message="journal.opening_refused").count() == 1
    for client in (teacher, deputy):
        for language in ("kk", "ru"):
            client.cookies["lang"] = language
            assert "Парақ қойылған" in client.get(f"/journal/openings/{row.pk}/").content.decode()
            assert client.get("/notify/").status_code == 200


def test_nothing_typed_is_lost_when_it_is_refused(closed: make.Scene, teacher: Client) -> None:
    answer = send(closed, teacher, days=[], reason="Оқушы кейін тапсырды")
    assert answer.status_code == 422
    assert "Оқушы кейін тапсырды" in answer.content.decode()


def test_a_no_without_words_shows_the_page_again(closed: make.Scene, bolat: Actor, deputy: Client) -> None:
    row = ask(closed, bolat)
    answer = deputy.post(f"/journal/openings/{row.pk}/answer/", {"answer": "no", "reason": ""})
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.state == "waiting"


def test_cells_of_other_pupils_say_that_they_are_closed(
    closed: make.Scene, teacher: Client, deputy: Client
) -> None:
    send(closed, teacher, pupils=[str(closed.pupils[0].pk)])
    deputy.post(f"/journal/openings/{Opening.objects.get().pk}/answer/", {"answer": "yes"})
    html = teacher.get(f"/journal/{closed.course.pk}/?period=q2").content.decode()
    first, second = re.findall(r"<tr data-pupil=.*?</tr>", html)[:2]
    cells = [re.findall(r"<td(?! data-summary)[^>]*>", row) for row in (first, second)]
    assert "data-locked" not in cells[0][0]
    assert all("data-locked" in one for one in cells[1])


def test_marks_of_the_period_can_be_set_on_their_page_for_those_named(
    closed: make.Scene, teacher: Client, deputy: Client
) -> None:
    pupil, other = closed.pupils[0].pk, closed.pupils[1].pk
    send(closed, teacher, pupils=[str(pupil)], days=[], finals="on")
    deputy.post(f"/journal/openings/{Opening.objects.get().pk}/answer/", {"answer": "yes", "hours": "2"})
    page = f"/journal/{closed.course.pk}/marks/?period=q2"
    html = teacher.get(page).content.decode()
    assert f'name="final-{pupil}"' in html
    assert f'name="final-{other}"' not in html


def test_the_list_is_of_the_school_for_the_deputy_and_ones_own_for_a_teacher(
    closed: make.Scene, bolat: Actor, deputy: Client, client_for: ClientFor
) -> None:
    ask(closed, bolat)
    stranger = client_for(Role.TEACHER, person_id=uuid4())
    assert "7А" in deputy.get("/journal/openings/").content.decode()
    assert (
        f"/journal/openings/{Opening.objects.get().pk}/"
        not in stranger.get("/journal/openings/").content.decode()
    )
    assert stranger.get(f"/journal/openings/{Opening.objects.get().pk}/").status_code == 404
    assert stranger.get(ask_page(closed)).status_code == 404
    for query in ("?q=алгебра", "?state=waiting", "?state=over", "?state=open", "?group=who", "?sort=class"):
        assert deputy.get(f"/journal/openings/{query}").status_code == 200


def test_the_teacher_closes_from_the_journal(closed: make.Scene, teacher: Client, deputy: Client) -> None:
    send(closed, teacher)
    row = Opening.objects.get()
    deputy.post(f"/journal/openings/{row.pk}/answer/", {"answer": "yes"})
    assert (
        f"/journal/openings/{row.pk}/close/"
        in teacher.get(f"/journal/{closed.course.pk}/?period=q2").content.decode()
    )
    assert teacher.post(f"/journal/openings/{row.pk}/close/").status_code == 302
    row.refresh_from_db()
    assert row.state == services.State.CLOSED
