"""Pages of variants, through HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel.access import Role
from modules.schedule.models import Card, Course, DayWish, Timetable
from tests.factories import schedule as make

PAGES = "/schedule/timetables/"


@pytest.fixture
def director(scene: make.Scene, client_for: Callable[..., Client]) -> Client:
    make.slot(scene.course, 1, 1)
    make.course(scene.school_class, make.teacher("Әлиева", "Дана"), "physics", 2)
    return client_for(Role.DIRECTOR)


@pytest.fixture
def variant(director: Client) -> Timetable:
    made = director.post(PAGES, {"name": "Екінші", "days": "5", "start": "present"})
    assert made.status_code == 302
    return Timetable.objects.get()


def first(variant: Timetable, code: str) -> Card:
    return Card.objects.filter(timetable=variant, course__subject_code=code).order_by("ordinal")[0]


def send(
    client: Client, variant: Timetable, act: str, body: dict[str, str] | None = None, **more: Any
) -> Any:
    """Post from the board as it stands now."""
    variant.refresh_from_db()
    return client.post(f"{PAGES}{variant.pk}/{act}/", {"seen": str(variant.version), **(body or {})}, **more)


def board(client: Client, variant: Timetable, **query: Any) -> str:
    return client.get(f"{PAGES}{variant.pk}/", query).content.decode()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_page_opens_in_both_languages(variant: Timetable, director: Client, language: str) -> None:
    director.cookies["lang"] = language
    for page in ("", f"{variant.pk}/", f"{variant.pk}/search/", f"{variant.pk}/publish/"):
        answer = director.get(f"{PAGES}{page}")
        assert answer.status_code == 200, page
        assert not re.search(r">(?:Problems|Publish|Whose week|Find places)<", answer.content.decode())


def test_a_name_taken_shows_the_form_again(variant: Timetable, director: Client) -> None:
    answer = director.post(PAGES, {"name": "Екінші", "days": "5", "start": "empty"})
    assert answer.status_code == 422
    assert 'value="Екінші"' in answer.content.decode()


@pytest.mark.requirement("SIS-15", screen="schedule:timetable")
def test_a_chosen_card_tells_each_place_in_words(variant: Timetable, director: Client) -> None:
    director.cookies["lang"] = "ru"
    card = first(variant, "physics")
    page = board(director, variant, card=card.pk)
    assert 'data-place="1/1-1" class="tt-moves"' in page
    assert "если другие подвинутся" in page
    assert re.search(r'data-place="1/2-1" class="tt-fits".*?value="2-1"', page, re.S)
    moved = send(director, variant, "move", {"card": str(card.pk), "place": "2-1", "of": "x"}, follow=True)
    assert "Урок перенесён." in moved.content.decode()
    card.refresh_from_db()
    assert (card.weekday, card.number) == (2, 1)


LIVE = {"HTTP_HX_REQUEST": "true"}


@pytest.mark.requirement("SIS-15", screen="schedule:timetable")
def test_the_script_gets_the_living_part_alone_and_every_colour_anew(
    variant: Timetable, director: Client
) -> None:
    card = first(variant, "physics")
    picked = director.get(f"{PAGES}{variant.pk}/", {"card": str(card.pk)}, **LIVE).content.decode()
    assert picked.lstrip().startswith('<div class="tt-desk"')
    assert "<html" not in picked
    assert 'data-place="1/1-1" class="tt-moves"' in picked
    answer = send(director, variant, "move", {"card": str(card.pk), "place": "2-1"}, **LIVE)
    moved = answer.content.decode()
    assert answer.status_code == 200
    variant.refresh_from_db()
    assert f'data-seen="{variant.version}"' in moved
    assert "tt-fits" not in moved  # the lesson is let go
    assert 'id="tt-unplaced" hx-swap-oob' in moved
    told = json.loads(answer["HX-Trigger"])["mektep:toast"]
    assert f"seen={variant.version}" in told["undo"]
    assert director.post(told["undo"], **LIVE).status_code == 200
    card.refresh_from_db()
    assert card.weekday is None


@pytest.mark.requirement("SIS-15")
def test_two_deputies_do_not_write_over_each_other(
    variant: Timetable, director: Client, client_for: Callable[..., Client]
) -> None:
    other = client_for(Role.DEPUTY_ACADEMIC)
    card, algebra = first(variant, "physics"), first(variant, "algebra")
    seen = {"seen": str(variant.version)}
    page = f"{PAGES}{variant.pk}/move/"
    assert other.post(page, {"card": str(card.pk), "place": "2-1", **seen}, **LIVE).status_code == 200
    variant.refresh_from_db()
    for body in (
        {"card": str(algebra.pk), "place": "3-1", **seen},
        {"card": str(algebra.pk), "place": "3-1"},
    ):
        answer = director.post(page, body, **LIVE)
        assert answer.status_code == 422
        fresh = answer.content.decode()
        assert f'data-seen="{variant.version}"' in fresh
        assert f'id="c-{algebra.pk}"' in fresh
        told = json.loads(answer["HX-Trigger"])["mektep:toast"]
        assert variant.changed_by in told["text"]
        assert told["kind"] == "warning"
    algebra.refresh_from_db()
    assert (algebra.weekday, algebra.number) == (1, 1)
    plain = director.post(page, {"card": str(algebra.pk), "place": "3-1", **seen}, follow=True)
    assert variant.changed_by in plain.content.decode()


def test_the_page_of_a_school_of_forty_classes_stays_small(
    variant: Timetable, director: Client, scene: make.Scene
) -> None:
    """Everything waits or stands against a wish: no panel is longer."""
    cards = []
    teachers = [make.teacher(f"Әбдіғаппаров{n}", "Нұрмұхаммед") for n in range(70)]
    for n in range(40):
        into = make.school_class(5 + n % 6, "АӘБВГҒДЕЖЗ"[n % 10] + str(n // 10))
        for m, code in enumerate(
            ("mathematics", "kazakh_language", "russian_language", "english", "biology")
        ):
            taught = make.course(into, teachers[(n * 5 + m) % 70], code, 7)
            cards += [
                Card(timetable=variant, course=taught, ordinal=o + 1, weekday=o % 5 + 1, number=7 - m)
                for o in range(7)
            ]
    Card.objects.bulk_create(cards)
    page = board(director, variant, of=f"class:{into.pk}", card=cards[-1].pk)
    assert page.count("<option") > 100
    assert len(page.encode()) < 300 * 1024


def test_a_pin_wants_a_reason_and_closes_the_place(variant: Timetable, director: Client) -> None:
    card = first(variant, "algebra")
    pin = f"cards/{card.pk}/pin"
    send(director, variant, pin, {"reason": " "})
    card.refresh_from_db()
    assert card.pin == ""
    send(director, variant, pin, {"reason": "the nurse comes"})
    page = board(director, variant, card=first(variant, "physics").pk)
    assert 'data-place="1/1-1" class="tt-impossible"' in page
    assert 'name="place" value="1-1"' not in page
    send(director, variant, pin, {"unpin": "1"})
    card.refresh_from_db()
    assert card.pin == ""


def test_the_room_is_written_and_undone(variant: Timetable, director: Client) -> None:
    card = first(variant, "algebra")
    send(director, variant, f"cards/{card.pk}/room", {"room": "25"})
    assert "room:25" in board(director, variant)
    send(director, variant, "undo")
    card.refresh_from_db()
    assert card.room == ""


def test_weeks_of_a_teacher_and_a_room(variant: Timetable, director: Client, scene: make.Scene) -> None:
    Card.objects.filter(timetable=variant).update(room="25")
    for of in (f"teacher:{scene.teacher.pk}", "room:25", f"class:{scene.school_class.pk}"):
        assert "7А" in board(director, variant, of=of)


def test_publishing_shows_the_form_again_until_somebody_answers_for_it(
    variant: Timetable, director: Client
) -> None:
    page = f"{PAGES}{variant.pk}/publish/"
    assert director.post(page, {"since": "2026-11-30"}).status_code == 422
    assert director.post(page, {"since": "2026-11-02", "overruled": "so"}).status_code == 422
    assert director.post(page, {"since": "2026-11-30", "overruled": "so"}).status_code == 302
    assert director.get(page).status_code == 302
    shown = board(director, variant)
    assert "tt-card" in shown
    assert "/move/" in shown or "data-island" not in shown


def test_another_day_is_reckoned_at_once(variant: Timetable, director: Client) -> None:
    page = f"{PAGES}{variant.pk}/publish/"
    send(director, variant, "move", {"card": str(first(variant, "physics").pk), "place": "4-2"})
    effects = director.get(page, {"since": "2026-12-07"}, **LIVE).content.decode()
    assert "<html" not in effects
    assert "07.12.2026" in effects
    assert "Әлиева" in effects
    past = director.get(page, {"since": "2020-01-01"}, **LIVE).content.decode()
    assert "2020" not in past
    assert director.get(page, {"since": "x"}, **LIVE).status_code == 200


def test_what_was_published_is_what_was_seen_and_nothing_typed_is_lost(
    variant: Timetable, director: Client
) -> None:
    page = f"{PAGES}{variant.pk}/publish/"
    given = {"since": "2026-11-30", "overruled": "Қыркүйекте түзетеміз", "seen": str(variant.version)}
    send(director, variant, "move", {"card": str(first(variant, "physics").pk), "place": "4-2"})
    answer = director.post(page, given)
    shown = answer.content.decode()
    assert answer.status_code == 422
    variant.refresh_from_db()
    assert variant.changed_by in shown
    assert "Қыркүйекте түзетеміз" in shown
    assert re.search(rf'name="seen" value="{variant.version}"', shown)
    assert director.post(page, given | {"seen": str(variant.version)}).status_code == 302


def test_a_day_of_a_teacher_is_kept_shown_on_the_board_and_taken_back(
    variant: Timetable, director: Client, scene: make.Scene
) -> None:
    page = f"{PAGES}days/"
    given = {"teacher": str(scene.teacher.pk), "weekday": "2", "kind": "demand", "why": "екінші мектеп"}
    assert director.post(page, given | {"teacher": "x"}).status_code == 422
    assert director.post(page, given).status_code == 302
    assert director.post(page, given | {"kind": "wish"}).status_code == 302
    wish = DayWish.objects.get()
    assert not wish.is_demand
    assert "екінші мектеп" in director.get(page).content.decode()
    shown = board(director, variant, card=Card.objects.filter(course=scene.course, weekday=None)[0].pk)
    assert 'data-place="1/2-1" class="tt-wish"' in shown
    assert director.post(f"{page}{wish.pk}/forget/").status_code == 302
    assert director.post(f"{page}{wish.pk}/forget/").status_code == 404
    assert not DayWish.objects.exists()


def test_a_refused_move_is_told(variant: Timetable, director: Client) -> None:
    director.cookies["lang"] = "ru"
    card = first(variant, "physics")
    answer = send(director, variant, "move", {"card": str(card.pk), "place": "1-12"}, follow=True)
    assert "В смене нет такого урока" in answer.content.decode()


def test_the_workbook_holds_classes_and_teachers(variant: Timetable, director: Client) -> None:
    answer = director.get(f"{PAGES}out/{variant.pk}/timetable.xlsx")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")


def test_a_draft_is_thrown_away_and_follows_the_load(variant: Timetable, director: Client) -> None:
    Course.objects.filter(subject_code="physics").update(hours_per_week=4)
    director.post(f"{PAGES}{variant.pk}/load/")
    assert Card.objects.filter(timetable=variant, course__subject_code="physics").count() == 4
    assert director.post(f"{PAGES}{variant.pk}/drop/").status_code == 302
    assert not Timetable.objects.exists()


def test_the_board_costs_no_more_with_more_lessons(
    variant: Timetable,
    director: Client,
    scene: make.Scene,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    board(director, variant)
    for n in range(6):
        more = make.course(make.school_class(8, "АӘБВГД"[n]), make.teacher(f"Т{n}"), "biology", 2)
        Card.objects.create(timetable=variant, course=more, ordinal=1, weekday=5, number=n + 1)
    with django_assert_max_num_queries(24):
        board(director, variant, card=first(variant, "physics").pk)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.SECRETARY, Role.PARENT])
def test_others_do_not_arrange(variant: Timetable, client_for: Callable[..., Client], role: Role) -> None:
    assert client_for(role).get(f"{PAGES}{variant.pk}/").status_code == 403
