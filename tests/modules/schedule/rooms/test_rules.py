"""Which room each lesson gets, without tables."""

from __future__ import annotations

from typing import Any

import pytest

from modules.schedule.rooms.rules import RoomInfo, Sitting, settle

pytestmark = pytest.mark.requirement("SIS-15")

GYM, HALL = RoomInfo("Зал", "gymnasium", None, 2), RoomInfo("Кіші зал", "gymnasium", 20)
ROOMS = [RoomInfo("101", "ordinary", 30), RoomInfo("102", "ordinary", 15), RoomInfo("103", "ordinary", 30)]


def sits(key: str, at: str = "Mon 1", **more: Any) -> Sitting:
    values: dict[str, Any] = {"wanted": "ordinary", "size": 0, "meets": frozenset([at])}
    return Sitting(key=key, at=at, **values | more)


def test_a_class_sits_in_its_home_room_and_others_make_way() -> None:
    guest, host = sits("guest", room="101"), sits("host", home="101")
    assert settle([guest, host], ROOMS) == {"host": "101", "guest": "102"}


def test_home_rooms_may_be_switched_off() -> None:
    guest, host = sits("guest", room="101"), sits("host", home="101")
    assert settle([guest, host], ROOMS, home_first=False)["guest"] == "101"


def test_the_smallest_room_that_seats_the_class_is_taken() -> None:
    given = settle([sits("large", size=28), sits("small", size=12), sits("third", size=28)], ROOMS)
    assert given == {"large": "101", "small": "102", "third": "103"}


def test_who_finds_no_room_is_told() -> None:
    assert settle([sits(str(n), size=28) for n in range(3)], ROOMS)["2"] == ""


def test_a_large_gymnasium_takes_two_classes_and_not_three() -> None:
    given = settle([sits(str(n), wanted="gymnasium", size=25) for n in range(3)], [GYM, *ROOMS])
    assert sorted(given.values()) == ["101", "Зал", "Зал"]


def test_a_class_too_large_for_the_small_hall_goes_first_into_the_large_one() -> None:
    rooms = [HALL, RoomInfo("Зал", "gymnasium", 40)]
    given = settle(
        [sits("few", wanted="gymnasium", size=15), sits("many", wanted="gymnasium", size=30)], rooms
    )
    assert given == {"many": "Зал", "few": "Кіші зал"}


def test_a_lesson_keeps_a_room_that_fits_and_leaves_one_of_another_kind() -> None:
    keeps = sits("keeps", room="103")
    leaves = sits("leaves", wanted="gymnasium", room="101")
    assert settle([keeps, leaves], [GYM, *ROOMS]) == {"keeps": "103", "leaves": "Зал"}


def test_a_fixed_lesson_stays_in_its_room() -> None:
    given = settle([sits("host", home="101"), sits("pinned", room="101", is_fixed=True)], ROOMS)
    assert given["pinned"] == "101"
    assert given["host"] != "101"


def test_shifts_that_ring_at_one_time_share_the_room_no_more() -> None:
    both = frozenset(["1/7", "2/1"])
    one = sits("one", at="1/7", meets=both, home="101")
    other = sits("other", at="2/1", meets=both, home="101")
    assert settle([one, other], ROOMS) == {"one": "101", "other": "102"}


def test_a_kind_that_the_school_has_not_is_taught_anywhere() -> None:
    assert settle([sits("sport", wanted="gymnasium", home="101")], ROOMS) == {"sport": "101"}
