"""A person's own notifications. Everybody reads only the own ones, so no permission is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet

from kernel.access import Actor
from notify.data import Choice, Note
from notify.models import Notification, Preference
from notify.registry import MESSAGES, TOPICS

APP = "app"
_UNREAD = "SELECT count(*) FROM notify_notification WHERE user_id = %s AND read_at IS NULL"
NOBODY = 0  # the product itself has no notifications


def mine(*, actor: Actor) -> QuerySet[Notification]:
    """The newest first."""
    return Notification.objects.filter(user_id=actor.user_id or NOBODY).order_by("-created_at", "-id")


def unread(*, actor: Actor) -> int:
    """Asked by every page, so it is plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [actor.user_id or NOBODY])
        [(count,)] = cursor.fetchall()
    return int(count)


def latest(*, actor: Actor, limit: int = 5) -> list[Note]:
    return notes(mine(actor=actor)[:limit])


def notes(rows: Iterable[Notification]) -> list[Note]:
    """Rows as their reader sees them; a message that is no longer declared is left out."""
    found = []
    for row in rows:
        declared = MESSAGES.get(row.message)
        if declared is not None:
            title, body = declared.say({**row.params, "count": row.count})
            found.append(
                Note(
                    row.pk,
                    title,
                    body,
                    declared.icon,
                    row.url,
                    row.created_at,
                    row.read_at is None,
                    row.count,
                )
            )
    return found


def choices(*, actor: Actor) -> list[Choice]:
    """Every topic that can concern the person, with the choice made."""
    off = set(
        Preference.objects.filter(user_id=actor.user_id or NOBODY, channel=APP, is_on=False).values_list(
            "topic", flat=True
        )
    )
    return [
        Choice(one.code, str(one.label), str(one.hint), one.code not in off)
        for one in TOPICS.values()
        if one.permission is None or actor.may(one.permission)
    ]


def silenced(*, user_ids: Iterable[int], topic: str, channel: str) -> set[int]:
    """Who of these does not want the topic in the channel."""
    rows = Preference.objects.filter(user_id__in=list(user_ids), topic=topic, channel=channel, is_on=False)
    return set(rows.values_list("user_id", flat=True))


def languages_of(user_ids: Iterable[int]) -> dict[int, str]:
    """In which language each of these people reads."""
    people: Any = get_user_model()._default_manager
    users = people.filter(pk__in=list(user_ids))
    return dict(users.values_list("pk", "language"))
