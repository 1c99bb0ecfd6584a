"""Telling people, and their reading and choosing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q

from kernel import clock, ports
from kernel.access import Actor
from kernel.events import publish
from kernel.ids import uuid7
from notify import queries
from notify.events import PeopleTold
from notify.models import Notification, Preference
from notify.registry import MESSAGES, TOPICS

CHANNELS = "notify."
Together = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]


def tell(
    user_ids: Iterable[int],
    topic: str,
    message: str,
    params: Mapping[str, str | int] | None = None,
    url: str = "",
    *,
    actor: Actor,
    group: str = "",
    together: Together | None = None,
) -> int:
    """Tell the people in the transaction of the act itself; answer how many were told.

    Who silenced the topic is not told, nor is the actor of the act. `url` is a page of this host. An unread
    notification of the same `group` is told anew instead of standing twice; `together(its params, the new ones)` keeps
    what it said before.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("tell() outside a transaction")
    declared = MESSAGES[message]
    if declared.topic != topic:
        raise ValueError(f"message {message} belongs to topic {declared.topic}, not {topic}")
    if url and not is_own_page(url):
        raise ValueError("a notification leads only to a page of this host")
    wanted = dict.fromkeys(one for one in user_ids if one != actor.user_id or actor.system)
    told = [
        one
        for one in wanted
        if one not in queries.silenced(user_ids=wanted, topic=topic, channel=queries.APP)
    ]
    values = dict(params or {})
    again = _tell_again(told, group, values, url, together) if group else set()
    Notification.objects.bulk_create(
        Notification(
            user_id=one,
            topic=topic,
            message=message,
            params=values,
            url=url,
            group=group,
            actor_name=actor.system or actor.name,
            created_at=clock.now(),
        )
        for one in told
        if one not in again
    )
    if wanted and outside_channels():
        key = str(uuid7())
        publish(
            PeopleTold(user_ids=list(wanted), message=message, params=values, url=url, key=key), actor=actor
        )
    return len(told)


def _tell_again(
    user_ids: list[int], group: str, params: dict[str, Any], url: str, together: Together | None
) -> set[int]:
    rows = Notification.objects.filter(user_id__in=user_ids, group=group, read_at=None)
    known = dict(rows.select_for_update().values_list("user_id", "params"))
    anew = {"count": F("count") + 1, "url": url, "created_at": clock.now()}
    if together is None:
        rows.update(params=params, **anew)
    else:
        for user_id, before in known.items():
            rows.filter(user_id=user_id).update(params=dict(together(before, params)), **anew)
    return set(known)


def outside_channels() -> list[str]:
    """The ports of channels that settings bind and that are not off here."""
    return [port for port in settings.PORTS if port.startswith(CHANNELS) and not ports.is_off(port)]


def is_own_page(url: str) -> bool:
    """A path of this host, and nothing that a browser would take for another one."""
    return url.startswith("/") and not url.startswith(("//", "/\\")) and "\n" not in url


@transaction.atomic
def mark_read(*, actor: Actor, ids: Iterable[UUID] | None = None) -> int:
    """Mark the actor's own notifications read, all of them when no ids are given; done twice it changes nothing."""
    which = Q() if ids is None else Q(pk__in=list(ids))
    return Notification.objects.filter(which, user_id=actor.user_id or queries.NOBODY, read_at=None).update(
        read_at=clock.now()
    )


def open_note(*, actor: Actor, note_id: UUID) -> str:
    """Mark one's own notification read and answer where it leads. Raises Notification.DoesNotExist for others'."""
    row = Notification.objects.get(pk=note_id, user_id=actor.user_id or queries.NOBODY)
    mark_read(actor=actor, ids=[row.pk])
    return row.url


@transaction.atomic
def choose(*, actor: Actor, topics_on: Iterable[str], channel: str = queries.APP) -> None:
    """Remember which topics the person wants in the channel; the others are silenced."""
    if actor.user_id is None:
        return
    wanted = set(topics_on)
    for code in TOPICS:
        Preference.objects.update_or_create(
            user_id=actor.user_id, topic=code, channel=channel, defaults={"is_on": code in wanted}
        )
