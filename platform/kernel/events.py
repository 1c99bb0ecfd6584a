"""Domain events through an outbox: the fact and the news of it are committed together.

`publish` writes a row in the tenant's own schema; after the commit a worker bound to that tenant delivers it, at
least once, in order. What its handlers did in the database is committed with its being delivered: once.
"""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import structlog
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils.module_loading import autodiscover_modules
from psycopg.errors import QueryCanceled
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSilent

from kernel import audit, clock
from kernel.access import Actor
from kernel.models import OutboxEvent
from kernel.tenancy import TenantRef, current

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 10
CLEARED_AT_ONCE = 1000
# A server that is away and a lost deadlock say nothing of the event: counted as tries, a minute without Redis would
# use up all ten of everything that waits, and its news would never be told.
_PASSING = (OperationalError, InterfaceError, ConnectionError, TimeoutError, RedisAway, RedisSilent)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something became true. Primitives only; a released version never changes, a new one stands beside it."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.name in EVENTS and EVENTS[cls.name].__qualname__ != cls.__qualname__:
            raise ValueError(f"event {cls.name} is declared twice")
        EVENTS[cls.name] = cls


EVENTS: dict[str, type[Event]] = {}
Handler = Callable[..., None]
HANDLERS: dict[str, list[tuple[str, Handler]]] = defaultdict(list)


def handles(event_class: type[Event]) -> Callable[[Handler], Handler]:
    """Register `handler(event, *, actor, at)` for the event."""

    def decorate(handler: Handler) -> Handler:
        HANDLERS[event_class.name].append((f"{handler.__module__}.{handler.__name__}", handler))
        return handler

    return decorate


def discover() -> None:
    """Import every installed app's handlers.py."""
    autodiscover_modules("handlers")


def payload_of(event: Event) -> dict[str, Any]:
    return json.loads(json.dumps(dataclasses.asdict(event), cls=DjangoJSONEncoder))


def publish(event: Event, *, actor: Actor) -> None:
    """Write the event to the outbox of the tenant. Only inside a transaction, so that fact and news stand together."""
    publish_all([event], actor=actor)


def publish_all(many: Iterable[Event], *, actor: Actor) -> None:
    """Write the events, in their order, by one statement a thousand of them."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("publish() outside a transaction")
    at, signature = clock.now(), actor.system or actor.name
    rows = [
        OutboxEvent(
            name=event.name,
            payload=payload_of(event),
            at=at,
            actor_id=actor.user_id,
            actor_name=signature,
        )
        for event in many
    ]
    if rows:
        OutboxEvent.objects.bulk_create(rows, batch_size=1000)
        deliver_after_commit()


def deliver_after_commit(to: TenantRef | None = None) -> None:
    """Wake the worker of the tenant (the current one) once the transaction is committed; many events wake it once."""
    from kernel import jobs

    hooks = connection.run_on_commit
    tenant = to or current()
    if not any(getattr(hook[1], "wakes", None) == tenant.schema for hook in hooks):

        def wake() -> None:
            jobs.wake_delivery(tenant)

        wake.wakes = tenant.schema  # type: ignore[attr-defined]
        transaction.on_commit(wake, robust=True)


def deliver(*, limit: int = 500) -> int:
    """Hand the waiting events of the current tenant to their handlers, oldest first; answer how many were done.

    Two workers never take the same event. A failing handler leaves its event waiting and the next ones go on. Each
    event is a transaction of its own: what its handlers lock is free again before the next one's lock theirs, so two
    deliveries with many events cannot each hold what the other waits for.
    """
    done, failed = 0, list[int]()
    for _each in range(limit):
        taken = _deliver_next(failed)
        if taken is None:
            break
        done += taken
    return done


def _is_passing(failure: Exception) -> bool:
    """Whether it was the time's fault and not the event's; a statement that ran too long will do so again."""
    return isinstance(failure, _PASSING) and not isinstance(failure.__cause__, QueryCanceled)


def _deliver_next(failed: list[int]) -> bool | None:
    """Hand over the oldest event that nobody has taken; whether that went well, None when there is no more.

    What the handlers did and that the event is delivered are committed together, so a second delivery does nothing
    twice; a server that falls before it has written the commit down loses both, and nobody need wait for the disk.
    """
    row: OutboxEvent | None = None
    try:
        with transaction.atomic():
            _let_commit_return_early()
            waiting = OutboxEvent.objects.select_for_update(skip_locked=True).filter(
                delivered_at=None, attempts__lt=MAX_ATTEMPTS
            )
            row = waiting.exclude(pk__in=failed).order_by("id").first()
            if row is None:
                return None
            _hand_over(row)
            row.delivered_at = clock.now()
            row.save(update_fields=["delivered_at"])
            return True
    except Exception as failure:  # whatever a handler raises, the event waits for the next try
        if row is None:
            raise
        failed.append(row.pk)
        if _is_passing(failure):
            log.warning("event.put_off", event_name=row.name, event_id=str(row.event_id), exc_info=True)
            return False
        log.exception("event.failed", event_name=row.name, event_id=str(row.event_id))
        OutboxEvent.objects.filter(pk=row.pk, delivered_at=None).update(
            attempts=F("attempts") + 1, error=type(failure).__name__
        )
        return False


def _let_commit_return_early() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', 'off', true)")


def _hand_over(row: OutboxEvent) -> None:
    event_class = EVENTS.get(row.name)
    if event_class is None:
        return
    event = event_class(**row.payload)
    for label, handler in HANDLERS.get(row.name, []):
        handler(event, actor=Actor.system_actor(label), at=row.at)


def waiting() -> tuple[int, datetime | None]:
    """How many events of the current tenant wait, and since when the oldest does."""
    rows = OutboxEvent.objects.filter(delivered_at=None)
    oldest = rows.order_by("id").values_list("at", flat=True).first()
    return (rows.count(), oldest) if oldest else (0, None)


def clear_delivered(*, at: datetime | None = None) -> int:
    """Remove what was delivered longer than OUTBOX_DAYS ago; answer how many events.

    What no handler could take stays and waits for somebody to look. Works through the oldest in small transactions,
    so that nobody who publishes waits for it.
    """
    limit = (at or clock.now()) - timedelta(days=settings.OUTBOX_DAYS)
    cleared = last = 0
    while True:
        rows = list(
            OutboxEvent.objects.filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", "at", "delivered_at")[:CLEARED_AT_ONCE]
        )
        old = [pk for pk, __, delivered in rows if delivered and delivered < limit]
        if old:
            OutboxEvent.objects.filter(pk__in=old).delete()
            cleared += len(old)
        if len(rows) < CLEARED_AT_ONCE or rows[-1][1] >= limit:
            break
        last = rows[-1][0]
    if cleared:
        audit.record(
            actor=Actor.system_actor("kernel.events"),
            action="kernel.outbox.cleared",
            object_type="outbox",
            details={"events": cleared, "days": settings.OUTBOX_DAYS},
        )
    return cleared
