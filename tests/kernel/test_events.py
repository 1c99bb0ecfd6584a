"""Facts and news stand or fall together, and a second delivery does no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connections, transaction

from kernel import events, jobs, tenancy
from kernel.access import Actor
from kernel.events import Event, publish
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef


@dataclass(frozen=True, kw_only=True)
class BellRang(Event):
    """A test's event."""

    name = "tests.bell.rang.v1"
    number: int


class Boom(Exception):
    pass


@pytest.fixture
def heard() -> Iterator[list[int]]:
    got: list[int] = []

    def listen(event: BellRang, *, actor: Actor, at: datetime) -> None:
        if event.number < 0:
            raise Boom
        assert actor.system
        got.append(event.number)

    events.HANDLERS[BellRang.name] = [("tests.listen", listen)]
    yield got
    del events.HANDLERS[BellRang.name]


@pytest.fixture
def actor(in_school: TenantRef) -> Actor:
    return Actor.system_actor("tests")


def test_delivers_in_order_and_once(actor: Actor, heard: list[int]) -> None:
    with transaction.atomic():
        for number in (1, 2, 3):
            publish(BellRang(number=number), actor=actor)
    assert events.deliver() == 3
    assert heard == [1, 2, 3]
    assert events.deliver() == 0
    OutboxEvent.objects.update(delivered_at=None)
    events.deliver()
    assert heard == [1, 2, 3]


def test_news_dies_with_the_fact(actor: Actor, heard: list[int]) -> None:
    with pytest.raises(Boom), transaction.atomic():
        publish(BellRang(number=1), actor=actor)
        raise Boom
    assert events.deliver() == 0
    assert heard == []


def test_a_failing_event_waits_and_the_others_go_on(actor: Actor, heard: list[int]) -> None:
    with transaction.atomic():
        for number in (1, -1, 2):
            publish(BellRang(number=number), actor=actor)
    assert events.deliver(limit=3) == 2
    assert heard == [1, 2]
    waiting, since = events.waiting()
    assert (waiting, since is not None) == (1, True)
    assert OutboxEvent.objects.get(delivered_at=None).error == "Boom"


def test_gives_up_after_ten_tries(actor: Actor, heard: list[int]) -> None:
    with transaction.atomic():
        publish(BellRang(number=-1), actor=actor)
    for _ in range(events.MAX_ATTEMPTS + 2):
        events.deliver()
    assert OutboxEvent.objects.get().attempts == events.MAX_ATTEMPTS


def test_wakes_the_worker_once_a_transaction_and_for_the_right_school(
    actor: Actor, school_b: TenantRef, in_school: TenantRef, after_commit: Callable[[], int]
) -> None:
    with transaction.atomic():
        publish(BellRang(number=1), actor=actor)
        publish(BellRang(number=2), actor=actor)
    after_commit()
    assert jobs.Collected.deliveries == [in_school]
    with tenancy.use(school_b):
        assert events.waiting() == (0, None)


def test_refuses_outside_a_transaction(actor: Actor) -> None:
    wrapper = connections["default"]
    wrapper.in_atomic_block = False
    try:
        with pytest.raises(transaction.TransactionManagementError):
            publish(BellRang(number=1), actor=actor)
    finally:
        wrapper.in_atomic_block = True


def test_a_name_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):

        @dataclass(frozen=True, kw_only=True)
        class Another(Event):
            name = "tests.bell.rang.v1"
