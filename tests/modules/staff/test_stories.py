"""Orders on staff made up at random: signed and cancelled in any order, each is done or refused in words, and posts stay whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.orders import api as orders
from modules.staff import api, services
from modules.staff.models import Dismissal, Employee, Leave, Position
from tests.conftest import ActorOf
from tests.stories import StoryOfOrders

pytestmark = [pytest.mark.usefixtures("in_school"), pytest.mark.requirement("SIS-19")]
TODAY = date(2026, 11, 23)
DAYS = (
    date(2024, 9, 1), date(2026, 11, 1), date(2026, 11, 22), TODAY, date(2026, 11, 24), date(2026, 12, 1), date(2027, 5, 31),
)  # fmt: skip
POSTS = ("teacher_subject", "librarian", "deputy_academic")
STEPS = 40


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 12:00+05:00", tick=True):
        yield


@pytest.fixture
def director(actor_of: ActorOf) -> Actor:
    return actor_of(Role.DIRECTOR, name="Мюллер Дмитрий Юрьевич")


class Year(StoryOfOrders):
    """What the office may do next, and what it has done, told when something breaks."""

    def __init__(self, seed: int, actor: Actor) -> None:
        super().__init__(seed, actor, state)
        self.people = [
            services.take_on(
                actor=Actor.system_actor("test"),
                employee=api.NewEmployee(surname=surname, name="Аружан", sex="f"),
                posts=[api.Post("teacher_subject", Decimal(1))],
                since=DAYS[0],
            )
            for surname in ("Оспанова", "Қалиева")
        ]
        self.acts = {
            self.is_transferred: 4, self.works_more: 4, self.goes_on_leave: 3, self.is_dismissed: 3,
            self.is_hired_again: 4, self.is_taken_back: 6,
        }  # fmt: skip

    def _sign(self, code: str, line: dict[str, Any], **values: Any) -> orders.OrderInfo:
        who = self.dice.choice(self.people)
        self.told[-1] += f" {self.people.index(who)} {line} {values}"
        return orders.draft_and_sign(
            actor=self.actor,
            kind=code,
            lines=[orders.NewLine(who.pk, who.person_name.full, line)],
            values=values,
        )

    def _day(self) -> date:
        return self.dice.choice(DAYS[1:])

    def is_transferred(self) -> Any:
        line = {
            "post": self.dice.choice(POSTS),
            "rate": self.dice.choice(("0.5", "1")),
            "from_post": self.dice.choice(("", *POSTS)),
        }
        return self._sign(services.TRANSFER, line, since=self._day())

    def works_more(self) -> Any:
        since = self._day()
        until = self.dice.choice((None, since + timedelta(days=30)))
        line = {"post": self.dice.choice(POSTS), "rate": "0.5", "form": "internal", "agreed_until": until}
        return self._sign(services.PART_TIME, line, since=since)

    def goes_on_leave(self) -> Any:
        since = self._day()
        return self._sign(
            services.LEAVE,
            {"since": since, "until": since + timedelta(days=20)},
            kind=self.dice.choice(("annual", "unpaid")),
        )

    def is_dismissed(self) -> Any:
        line = {
            "last_day": self._day(),
            "ground": "own_wish",
            "closing": self.dice.choice(("at_once", "evening")),
        }
        return self._sign(services.DISMISS, line)

    def is_hired_again(self) -> Any:
        line = {
            "surname": "Оспанова", "name": "Аружан", "sex": "f", "since": self._day(),
            "post_0": self.dice.choice(POSTS), "rate_0": Decimal(1),
        }  # fmt: skip
        return self._sign(services.HIRE, line)


def state() -> list[Any]:
    """All that orders may change of anybody."""
    return [
        sorted(Employee.objects.values_list("id", "left_date"), key=str),
        sorted(
            Position.objects.values_list("employee", "post_code", "rate", "since", "until", "form"), key=str
        ),
        sorted(Leave.objects.values_list("employee", "kind", "since", "until"), key=str),
        sorted(Dismissal.objects.values_list("employee", "last_day"), key=str),
    ]


def faults(actor: Actor) -> list[str]:
    """What is not whole on the cards."""
    found = []
    for row in Employee.objects.all():
        terms = list(row.positions.all())
        if any(one.until is not None and one.until < one.since for one in terms):
            found.append(f"{row} has a post that ends before it begins")
        if row.left_date and any(one.until is None or one.until > row.left_date for one in terms):
            found.append(f"{row} left on {row.left_date} and has a post after it")
        if not row.left_date and terms and all(one.until is not None and one.until < TODAY for one in terms):
            found.append(f"{row} works here and has no post")
    list(api.employees(actor=actor))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_any_orders_in_any_order_leave_the_cards_whole(seed: int, director: Actor) -> None:
    year = Year(seed, director)
    for _each in range(STEPS):
        with year.telling():
            year.step()
            assert faults(director) == []
    assert year.done > STEPS / 10
