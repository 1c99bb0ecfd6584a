"""The list of rooms: described, taken over from the timetable, closed and opened again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import SchoolClass
from modules.schedule.models import Room, Slot
from modules.schedule.rooms import queries, services
from tests.factories import schedule as make

PAGES = "/schedule/timetables/rooms/"
GYM = {"name": "Спортзал", "kind": "gymnasium", "capacity": "60", "classes_at_once": "2", "building": "Б"}


@pytest.fixture
def deputy(scene: make.Scene, client_for: Callable[..., Client]) -> Client:
    return client_for(Role.DEPUTY_ACADEMIC)


@pytest.mark.requirement("SIS-15", screen="schedule:timetable_rooms")
def test_a_deputy_describes_a_gymnasium_and_changes_it(deputy: Client) -> None:
    assert deputy.post(f"{PAGES}add/", GYM | {"classes_at_once": "0"}).status_code == 422
    assert deputy.post(f"{PAGES}add/", GYM).status_code == 302
    row = Room.objects.get()
    assert (row.name, row.kind, row.capacity, row.classes_at_once) == ("Спортзал", "gymnasium", 60, 2)
    again = deputy.post(f"{PAGES}add/", GYM)
    assert again.status_code == 422
    assert 'value="Спортзал"' in again.content.decode()
    assert deputy.post(f"{PAGES}{row.pk}/", GYM | {"capacity": ""}).status_code == 302
    row.refresh_from_db()
    assert row.capacity is None
    assert AuditEntry.objects.filter(action__in=("schedule.room.added", "schedule.room.changed")).count() == 2


def test_a_room_goes_out_of_use_and_comes_back(deputy: Client) -> None:
    deputy.post(f"{PAGES}add/", GYM)
    row = Room.objects.get()
    assert "Спортзал" in deputy.get(PAGES).content.decode()
    deputy.post(f"{PAGES}{row.pk}/close/")
    assert queries.in_use() == []
    assert "Спортзал" not in deputy.get(PAGES).content.decode()
    assert "Спортзал" in deputy.get(PAGES, {"state": "closed"}).content.decode()
    deputy.post(f"{PAGES}{row.pk}/open/")
    assert [one.name for one in queries.in_use()] == ["Спортзал"]


def test_rooms_of_the_timetable_are_taken_over_once(deputy: Client, scene: make.Scene) -> None:
    Slot.objects.create(course=scene.course, weekday=1, number=1, room="12")
    Slot.objects.create(course=scene.course, weekday=2, number=1, room="12")
    SchoolClass.objects.filter(pk=scene.school_class.pk).update(room="7")
    page = deputy.get(PAGES).content.decode()
    assert "7, 12" in page
    deputy.post(f"{PAGES}take/")
    assert set(Room.objects.values_list("name", "kind")) == {("7", "ordinary"), ("12", "ordinary")}
    assert "take/" not in deputy.get(PAGES).content.decode()
    deputy.post(f"{PAGES}take/")
    assert Room.objects.count() == 2


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_pages_speak_both_languages(deputy: Client, language: str) -> None:
    deputy.post(f"{PAGES}add/", GYM)
    deputy.cookies["lang"] = language
    for page in ("", "add/", f"{Room.objects.get().pk}/"):
        shown = deputy.get(f"{PAGES}{page}").content.decode()
        for english in ("Rooms", "New room", "Seats", "Classes at once"):
            assert f">{english}<" not in shown


def test_the_list_sorts_searches_filters_and_is_saved(deputy: Client) -> None:
    for name in ("10", "9", "Ә зал", "Я зал"):
        Room.objects.create(name=name, kind="gymnasium" if "зал" in name else "ordinary")
    shown = deputy.get(PAGES).content.decode()
    assert shown.index(">9<") < shown.index(">10<") < shown.index("Ә зал") < shown.index("Я зал")
    assert "Я зал" not in deputy.get(PAGES, {"q": "Ә"}).content.decode()
    assert ">10<" not in deputy.get(PAGES, {"kind": "gymnasium"}).content.decode()
    assert deputy.get(f"{PAGES}excel/")["Content-Type"].startswith("application/vnd.openxmlformats")


def test_the_list_costs_no_more_with_more_rooms(
    deputy: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    deputy.get(PAGES)
    Room.objects.bulk_create(Room(name=str(n)) for n in range(40))
    with django_assert_max_num_queries(16):
        deputy.get(PAGES)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.SECRETARY, Role.PARENT, Role.PUPIL])
def test_others_describe_none(scene: make.Scene, client_for: Callable[..., Client], role: Role) -> None:
    assert client_for(role).get(PAGES).status_code == 403


def test_services_refuse_a_teacher(scene: make.Scene, bolat: Actor) -> None:
    with pytest.raises(NotAllowed):
        services.describe(actor=bolat, name="1", kind="ordinary")
    with pytest.raises(NotAllowed):
        services.take_found(actor=bolat, year=make.YEAR)


@pytest.mark.requirement("TEN-01")
def test_a_room_of_another_school_is_not_there(
    deputy: Client, aigul: Actor, school_b: TenantRef, client_for: Callable[..., Client]
) -> None:
    with tenancy.use(school_b):
        theirs = Room.objects.create(name="1")
    zhanna = client_for(Role.DIRECTOR, school=school_b)
    assert zhanna.get(f"{PAGES}{theirs.pk}/").status_code == 200
    for page, post in (("", False), ("close/", True), ("open/", True)):
        address = f"{PAGES}{theirs.pk}/{page}"
        assert (deputy.post(address) if post else deputy.get(address)).status_code == 404
    with pytest.raises(NotFound):
        services.set_open(actor=aigul, room_id=theirs.pk, is_open=False)
