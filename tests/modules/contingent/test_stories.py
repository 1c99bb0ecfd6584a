"""Orders on pupils made up at random: signed and cancelled in any order, each is done or refused in words, and the book stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
import time_machine

from kernel.access import Actor, Role
from modules.contingent import api, queries, services
from modules.contingent.data import Whereabouts
from modules.contingent.models import AcademicLeave, Membership, Movement, Pupil
from modules.orders import api as orders
from tests.conftest import ActorOf
from tests.modules.contingent.people import SEPTEMBER, new_class, new_pupil
from tests.stories import StoryOfOrders

pytestmark = [pytest.mark.usefixtures("in_school"), pytest.mark.requirement("SIS-18", "SIS-45")]
TODAY = date(2026, 11, 23)
DAYS = (
    SEPTEMBER, date(2026, 10, 5), date(2026, 11, 10), date(2026, 11, 22), TODAY, date(2026, 11, 24), date(2026, 12, 1),
    date(2027, 1, 11), date(2027, 6, 1), date(2027, 9, 1),
)  # fmt: skip
REASONS = ("dep_same_district", "dep_other_region", "dep_abroad")
STEPS = 40


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def director(actor_of: ActorOf) -> Actor:
    return actor_of(Role.DIRECTOR)


class Year(StoryOfOrders):
    """What a school's office may do next, and what it has done, told when something breaks."""

    def __init__(self, seed: int, actor: Actor) -> None:
        super().__init__(seed, actor, state)
        self.classes = [
            new_class(7, "А"),
            new_class(7, "Ә"),
            new_class(8, "А", "2027-28"),
            new_class(7, "А", "2027-28"),
        ]
        self.pupils = [new_pupil(self.classes[0]), *(new_pupil(one) for one in self.classes[:2])]
        self.acts = {
            self.is_moved: 4, self.departs: 4, self.returns: 4, self.goes_on_leave: 3, self.is_back_from_leave: 3,
            self.goes_on: 1, self.repeats: 1, self.is_put_elsewhere: 1, self.is_taken_back: 6,
        }  # fmt: skip

    def _sign(self, kind: str, line: dict[str, Any], **values: Any) -> orders.OrderInfo:
        some = self.dice.sample(self.pupils, self.dice.choice((1, 1, 2)))
        self.told[-1] += f" {[self.pupils.index(one) for one in some]} {line} {values}"
        return orders.draft_and_sign(
            actor=self.actor,
            kind=kind,
            lines=[orders.NewLine(one.pk, one.person_name.full, line) for one in some],
            values=values,
        )

    def _day(self) -> date:
        return self.dice.choice(DAYS)

    def is_moved(self) -> Any:
        there = self.dice.choice(self.classes[:2])
        return self._sign("contingent.move", {}, since=self._day(), class_id=there.pk)

    def departs(self) -> Any:
        return self._sign("contingent.depart", {"reason": self.dice.choice(REASONS)}, last_day=self._day())

    def returns(self) -> Any:
        made = api.draft_return(
            actor=self.actor,
            pupil_id=self.dice.choice(self.pupils).pk,
            class_id=self.dice.choice(self.classes).pk,
            since=self._day(),
            whence=Whereabouts(reason="arr_same_district"),
        )
        return orders.sign(actor=self.actor, order_id=made.id)

    def goes_on_leave(self) -> Any:
        since = self._day()
        until = {"until": max(since, self._day())} if self.dice.random() < 0.5 else {}
        return self._sign("contingent.leave", {}, since=since, **until)

    def is_back_from_leave(self) -> Any:
        return self._sign(
            "contingent.leave_end", {"class_id": str(self.dice.choice(self.classes).pk)}, since=self._day()
        )

    def goes_on(self) -> Any:
        return self._sign("contingent.promote", {"class_id": str(self.classes[2].pk)}, since=date(2027, 9, 1))

    def repeats(self) -> Any:
        return self._sign("contingent.repeat", {"class_id": str(self.classes[3].pk)}, since=date(2027, 9, 1))

    def is_put_elsewhere(self) -> None:
        services.move(
            actor=self.actor,
            pupil_id=self.dice.choice(self.pupils).pk,
            class_id=self.dice.choice(self.classes[:2]).pk,
            since=self._day(),
        )


def state() -> list[Any]:
    """All that movement may change of anybody."""
    return [
        sorted(
            Pupil.objects.values_list(
                "id", "enrolled_date", "enrolled_order", "left_date", "left_reason", "removed_at"
            ),
            key=str,
        ),
        sorted(Membership.objects.values_list("pupil", "school_class", "since", "until", "order"), key=str),
        sorted(AcademicLeave.objects.values_list("pupil", "since", "until", "ended_date"), key=str),
        sorted(
            Movement.objects.exclude(order=None).values_list("pupil", "direction", "date", "reason"), key=str
        ),
    ]


def faults(actor: Actor) -> list[str]:
    """What is not whole in the school's books."""
    found = []
    for pupil in Pupil.objects.all():
        terms = list(Membership.objects.filter(pupil=pupil).order_by("since", "until"))
        for one, later in pairwise(terms):
            if one.until is None or one.until >= later.since:
                found.append(
                    f"{pupil} is in two classes: {one.since}–{one.until}, {later.since}–{later.until}"
                )
        open_after = [
            one for one in terms if one.until is None or (pupil.left_date and one.until > pupil.left_date)
        ]
        if pupil.left_date and open_after:
            found.append(f"{pupil} left on {pupil.left_date} and is in a class after it")
        leaves = [
            one
            for one in AcademicLeave.objects.filter(pupil=pupil).order_by("since")
            if one.ended_date is None or one.ended_date > one.since  # who left before it began had none
        ]
        for one, later in pairwise(leaves):
            if one.ended_date is None or one.ended_date > later.since:
                found.append(f"{pupil} has two leaves at once")
        away = [one for one in leaves if one.ended_date is None]
        if away and any(one.until is None or one.until >= away[0].since for one in terms):
            found.append(f"{pupil} is away from {away[0].since} and in a class")
    for day in DAYS:
        api.counts(actor=actor, on=day)
    list(queries.register(actor=actor))
    list(queries.movements(actor=actor, direction="out", start=SEPTEMBER, end=DAYS[-1]))
    list(queries.movements(actor=actor, direction="in", start=SEPTEMBER, end=DAYS[-1]))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_any_orders_in_any_order_leave_the_books_whole(seed: int, director: Actor) -> None:
    year = Year(seed, director)
    for _each in range(STEPS):
        with year.telling():
            year.step()
            assert faults(director) == []
    assert year.done > STEPS / 10
