"""The book of arrivals and departures over real orders: it adds up, and says where it does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from modules.contingent import api as contingent
from modules.contingent.data import Newcomer, NewPupil, Whereabouts
from modules.contingent.models import Membership
from modules.orders import api as orders
from modules.records import queries
from modules.records.queries import MovementYear
from modules.records.rules import Row
from modules.school import api as school
from tests.conftest import ActorOf
from tests.modules.contingent.people import new_class, new_pupil
from tests.modules.records.test_alphabet import departed

pytestmark = [pytest.mark.usefixtures("in_school"), pytest.mark.requirement("SIS-45")]


def enrolled(actor: Actor, class_id: Any, day: date, name: str = "Аружан") -> None:
    newcomer = Newcomer(
        pupil=NewPupil(surname="Жұмабекова", name=name, sex="f", birth_date=date(2013, 5, 6)),
        class_id=class_id,
        since=day,
        whence=Whereabouts(reason="arr_same_region", country="KZ", district="Шет ауданы"),
    )
    orders.sign(actor=actor, order_id=contingent.draft_enrolment(actor=actor, newcomers=[newcomer]).id)


def book(actor: Actor, step: Any = "months") -> MovementYear:
    return queries.movement_of_year(actor=actor, year="2026-27", step=step)


def rows(found: MovementYear) -> dict[str, tuple[int, int, int, int]]:
    return {
        one.term.code: (one.whole.start, one.whole.arrived, one.whole.departed, one.whole.end)
        for one in found.balances
    }


@pytest.fixture
def lively(director: Actor) -> Any:
    """Three on the first day; one comes and one leaves in October, one comes in November and changes the class."""
    seven, other = new_class(7, "А"), new_class(7, "Ә")
    gone, stays, third = (new_pupil(seven, name=name) for name in ("Кеткен", "Қалған", "Үшінші"))
    enrolled(director, seven.pk, date(2026, 10, 5), "Қазан")
    departed(director, gone, date(2026, 10, 31))
    enrolled(director, seven.pk, date(2026, 11, 10), "Қараша")
    orders.draft_and_sign(
        actor=director,
        kind="contingent.move",
        lines=[orders.NewLine(third.pk, "", {})],
        values={"since": date(2026, 11, 16), "class_id": other.pk},
    )
    return seven, other, stays


class TestBalance:
    def test_by_months(self, director: Actor, lively: Any) -> None:
        found = book(director)
        assert rows(found) == {"m09": (3, 0, 0, 3), "m10": (3, 1, 1, 3), "m11": (3, 1, 0, 4)}
        assert all(one.adds_up for one in found.balances)

    def test_by_quarters_the_holidays_belong_to_the_next_one(self, director: Actor, lively: Any) -> None:
        found = book(director, "quarters")
        assert rows(found) == {"q1": (3, 1, 0, 4), "q2": (4, 1, 1, 4)}
        assert all(one.adds_up for one in found.balances)

    def test_the_year_is_the_sum_and_equals_the_contingent(self, director: Actor, lively: Any) -> None:
        total = book(director).total
        assert total is not None
        assert total.whole == Row(start=3, arrived=2, departed=1, end=4)
        assert total.whole.end == contingent.counts(actor=director).pupils

    def test_by_classes_with_moves_inside(self, director: Actor, lively: Any) -> None:
        seven, other, _stays = lively
        november = book(director).of("m11")
        assert november is not None
        assert november.classes == {
            seven.pk: Row(start=3, arrived=1, moved_out=1, end=3),
            other.pk: Row(moved_in=1, end=1),
        }
        assert [(grade, row.end) for grade, row, _lines in book(director).by_grade(november)] == [(7, 4)]
        assert book(director).by_language(november) == [
            ("kk", Row(start=3, arrived=1, moved_in=1, moved_out=1, end=4))
        ]

    def test_the_names_behind_a_number(self, director: Actor, lively: Any) -> None:
        found = book(director)
        october = found.of("m10")
        assert october is not None
        came, left = (queries.names(some, october.term) for some in (found.arrivals, found.departures))
        assert [(one.full_name, one.place, one.school_class) for one in came] == [
            ("Жұмабекова Қазан", "Шет ауданы", "7А")
        ]
        assert [(one.full_name, one.day) for one in left] == [("Ахметов Кеткен Болатұлы", date(2026, 10, 31))]

    def test_the_first_day_may_count_as_arrivals(self, director: Actor) -> None:
        seven = new_class()
        new_pupil(new_class(7, "Ә"), since=date(2026, 8, 25))
        new_pupil(seven)
        school.change_setting(actor=director, code="records.first_day", value="as_arrived")
        assert rows(book(director))["m09"] == (1, 1, 0, 2)

    def test_a_place_without_an_arrival_is_named(self, director: Actor, lively: Any) -> None:
        _seven, _other, stays = lively
        Membership.objects.filter(pupil=stays).update(since=date(2026, 11, 3))
        found = book(director).of("m11")
        assert found is not None
        assert not found.adds_up
        assert [(one.full_name, surplus) for one, surplus in queries.strays(found, actor=director)] == [
            ("Ахметов Қалған Болатұлы", 1)
        ]

    def test_an_empty_school_has_nothing_to_count(self, director: Actor) -> None:
        assert book(director).total is None

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.PARENT, Role.NURSE])
    def test_closed_to(self, role: Role, actor_of: ActorOf) -> None:
        with pytest.raises(NotAllowed):
            book(actor_of(role))

    def test_the_same_number_of_statements_for_any_school(self, director: Actor, lively: Any) -> None:
        with CaptureQueriesContext(connection) as asked:
            book(director)
        assert len(asked) <= 13
