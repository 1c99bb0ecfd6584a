"""Facts and news stand or fall together, and a second delivery does no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.errors import QueryCanceled
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from config import celery
from kernel import audit, clock, events, jobs, tenancy
from kernel.access import Actor
from kernel.events import Event, publish, publish_all
from kernel.models import AuditEntry, OutboxEvent
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
    assert heard == [1, 2, 3]


def test_what_the_first_handler_did_goes_when_the_second_fails(actor: Actor, heard: list[int]) -> None:
    def write_down(event: BellRang, *, actor: Actor, at: datetime) -> None:
        audit.record(actor=actor, action="tests.rang", object_id=event.number)

    events.HANDLERS[BellRang.name].insert(0, ("tests.write_down", write_down))
    with transaction.atomic():
        publish(BellRang(number=-1), actor=actor)
    assert [events.deliver(), events.deliver()] == [0, 0]
    assert not AuditEntry.objects.filter(action="tests.rang").exists()
    OutboxEvent.objects.update(payload={"number": 1})
    assert [events.deliver(), events.deliver()] == [1, 0]
    assert AuditEntry.objects.filter(action="tests.rang").count() == 1


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


def test_what_an_event_locked_is_free_before_the_next_is_handed_over(
    committed_school: Callable[..., TenantRef],
) -> None:
    """Two deliveries with many events would else wait for each other: each for what the other has locked."""
    held: list[int] = []

    def lock(event: BellRang, *, actor: Actor, at: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            held.extend(cursor.fetchone())
            cursor.execute("SELECT pg_advisory_xact_lock(77, %s)", [event.number])

    events.HANDLERS[BellRang.name] = [("tests.lock", lock)]
    try:
        with tenancy.use(committed_school()):
            with transaction.atomic():
                publish_all([BellRang(number=n) for n in (1, 2, 3)], actor=Actor.system_actor("tests"))
            assert events.deliver() == 3
    finally:
        del events.HANDLERS[BellRang.name]
    assert held == [0, 0, 0]


def test_gives_up_after_ten_tries(actor: Actor, heard: list[int]) -> None:
    with transaction.atomic():
        publish(BellRang(number=-1), actor=actor)
    for _ in range(events.MAX_ATTEMPTS + 2):
        events.deliver()
    assert OutboxEvent.objects.get().attempts == events.MAX_ATTEMPTS


@pytest.mark.parametrize("trouble", [RedisConnectionError, OperationalError])
def test_a_server_that_is_away_uses_up_no_tries(
    actor: Actor, heard: list[int], trouble: type[Exception]
) -> None:
    """Three workers try ten times in a second: news of the time without Redis would be given up for good."""
    is_away = True

    def ask_the_server(event: BellRang, *, actor: Actor, at: datetime) -> None:
        if is_away and event.number == 1:
            raise trouble

    events.HANDLERS[BellRang.name].insert(0, ("tests.ask", ask_the_server))
    with transaction.atomic():
        publish_all([BellRang(number=n) for n in (1, 2)], actor=actor)
    assert [events.deliver() for _ in range(events.MAX_ATTEMPTS + 2)] == [1] + [0] * (events.MAX_ATTEMPTS + 1)
    assert OutboxEvent.objects.get(delivered_at=None).attempts == 0
    is_away = False
    assert events.deliver() == 1
    assert heard == [2, 1]


def _too_long() -> OperationalError:
    failure = OperationalError("canceling statement due to statement timeout")
    failure.__cause__ = QueryCanceled()
    return failure


@pytest.mark.parametrize("trouble", [FileNotFoundError("gone"), ResponseError("wrong type"), _too_long()])
def test_what_is_wrong_with_the_event_itself_is_given_up_in_the_end(
    actor: Actor, heard: list[int], trouble: Exception
) -> None:
    def stumble(_event: BellRang, *, actor: Actor, at: datetime) -> None:
        raise trouble

    events.HANDLERS[BellRang.name].insert(0, ("tests.stumble", stumble))
    with transaction.atomic():
        publish(BellRang(number=1), actor=actor)
    for _ in range(events.MAX_ATTEMPTS + 2):
        assert events.deliver() == 0
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


class TestPublishAll:
    def test_writes_many_in_one_statement_and_keeps_their_order(
        self, actor: Actor, heard: list[int], after_commit: Callable[[], int]
    ) -> None:
        with transaction.atomic(), CaptureQueriesContext(connection) as used:
            publish_all([BellRang(number=n) for n in range(300)], actor=actor)
        assert len([q for q in used if "INSERT" in q["sql"]]) == 1
        after_commit()
        assert len(jobs.Collected.deliveries) == 1
        events.deliver()
        assert heard == list(range(300))

    def test_signs_each_with_the_actor(self, actor: Actor) -> None:
        with transaction.atomic():
            publish_all(iter([BellRang(number=1), BellRang(number=2)]), actor=actor)
        rows = list(OutboxEvent.objects.values_list("payload__number", "actor_name"))
        assert sorted(rows) == [(1, "tests"), (2, "tests")]
        assert OutboxEvent.objects.values("event_id").distinct().count() == 2

    def test_of_nothing_wakes_nobody(self, actor: Actor, after_commit: Callable[[], int]) -> None:
        with transaction.atomic():
            publish_all([], actor=actor)
        after_commit()
        assert jobs.Collected.deliveries == []


class TestClearing:
    """Delivered news is thrown away after its time; nothing that somebody still waits for is."""

    @pytest.fixture
    def old(self, actor: Actor, heard: list[int]) -> list[OutboxEvent]:
        """Three events delivered 31 days ago, one delivered 29 days ago, one that nobody could take."""
        with transaction.atomic():
            publish_all([BellRang(number=n) for n in (1, 2, 3, 4, -1)], actor=actor)
        events.deliver(limit=5)
        rows = list(OutboxEvent.objects.order_by("id"))
        for row, days in zip(rows, (31, 31, 31, 29, 90), strict=True):
            row.at = clock.now() - timedelta(days=days)
            row.delivered_at = row.at if row.delivered_at else None
            row.save(update_fields=["at", "delivered_at"])
        return rows

    def test_takes_what_is_older_than_the_term(self, actor: Actor, old: list[OutboxEvent]) -> None:
        assert events.clear_delivered() == 3
        assert [row.pk for row in OutboxEvent.objects.order_by("id")] == [old[3].pk, old[4].pk]

    def test_the_term_is_a_setting(self, actor: Actor, old: list[OutboxEvent], settings: Any) -> None:
        settings.OUTBOX_DAYS = 28
        assert events.clear_delivered() == 4
        assert OutboxEvent.objects.get().delivered_at is None

    def test_works_in_small_bites_over_what_stays(
        self, actor: Actor, old: list[OutboxEvent], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The oldest of all is dead and stays: it must not hide what lies behind it."""
        OutboxEvent.objects.filter(pk=old[0].pk).update(delivered_at=None, attempts=events.MAX_ATTEMPTS)
        monkeypatch.setattr(events, "CLEARED_AT_ONCE", 1)
        with CaptureQueriesContext(connection) as used:
            assert events.clear_delivered() == 2
        assert len([q for q in used if q["sql"].startswith('DELETE FROM "kernel_outboxevent')]) == 2

    def test_stops_at_the_first_young_one(self, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        with transaction.atomic():
            publish_all([BellRang(number=n) for n in range(10)], actor=actor)
        monkeypatch.setattr(events, "CLEARED_AT_ONCE", 2)
        with CaptureQueriesContext(connection) as used:
            assert events.clear_delivered() == 0
        assert len(used) == 1

    def test_is_logged_as_a_count_and_only_when_something_went(
        self, actor: Actor, old: list[OutboxEvent]
    ) -> None:
        for _ in range(2):
            events.clear_delivered()
        [line] = [entry for entry in audit.entries() if entry.action == "kernel.outbox.cleared"]
        assert line.details == {"events": 3, "days": 30}

    def test_leaves_the_other_school_alone(
        self, actor: Actor, old: list[OutboxEvent], school_b: TenantRef
    ) -> None:
        with tenancy.use(school_b):
            before = OutboxEvent.objects.create(
                name="x", payload={}, at=old[0].at, delivered_at=old[0].delivered_at
            )
        events.clear_delivered()
        with tenancy.use(school_b):
            assert OutboxEvent.objects.get() == before
            assert events.clear_delivered() == 1


class TestEveryNight:
    def test_each_tenant_gets_a_message_of_its_own(
        self, school_a: TenantRef, school_b: TenantRef, authority: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent: list[str] = []
        monkeypatch.setattr(
            celery.clear_outbox, "apply_async", lambda *, kwargs, **_: sent.append(kwargs["schema"])
        )
        celery.clear()
        assert {school_a.schema, school_b.schema, authority.schema} <= set(sent)
        assert len(sent) == len(set(sent))

    def test_the_message_clears_its_tenant(self, actor: Actor, in_school: TenantRef) -> None:
        month = clock.now() - timedelta(days=31)
        OutboxEvent.objects.create(name="x", payload={}, at=month, delivered_at=month)
        celery.clear_outbox(schema=in_school.schema)
        assert OutboxEvent.objects.count() == 0

    def test_stands_in_the_timetable(self) -> None:
        named = {entry["task"] for entry in celery.app.conf.beat_schedule.values()}
        assert "mektep.clear" in named
        assert named <= set(celery.app.tasks)
