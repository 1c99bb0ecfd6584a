"""The wait before families hear of marks: noting that something changed, and telling what stands when the wait is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from kernel import clock
from kernel.access import Actor
from kernel.events import publish_all
from modules.journal.events import MarksSettled
from modules.journal.settling import queries
from modules.journal.settling.models import Settling
from modules.journal.settling.queries import Change

LONGEST = 3  # waits, while a child's marks go on changing
SLACK = timedelta(seconds=30)  # an act's news may carry a later moment than its first change
REMEMBERED = timedelta(days=1)
AT_ONCE = 200

_NOTE = """
INSERT INTO journal_settling AS s (pupil_id, since, due_at, told)
SELECT p, %(at)s - %(slack)s, %(at)s + %(wait)s, '{}'::jsonb FROM unnest(%(pupils)s::uuid[]) p
ON CONFLICT (pupil_id) DO UPDATE SET
  since = CASE WHEN s.due_at IS NULL THEN EXCLUDED.since ELSE least(s.since, EXCLUDED.since) END,
  due_at = CASE WHEN s.due_at IS NULL THEN EXCLUDED.due_at
                ELSE greatest(s.due_at, least(EXCLUDED.due_at, s.since + %(longest)s)) END
"""


def note(*, pupil_ids: Iterable[UUID], at: datetime) -> None:
    """Remember that something of the pupils' changed at the moment: one statement for all of them."""
    wait = timedelta(minutes=queries.wait_minutes())
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "at": at,
            "pupils": sorted(pupil_ids),
            "slack": SLACK,
            "wait": wait,
            "longest": LONGEST * wait,
        }
        cursor.execute(_NOTE, values)


@transaction.atomic
def tell_settled(*, actor: Actor, at: datetime | None = None) -> int:
    """Let families hear of what has stood long enough, one message a child; answer of how many children.

    A cell that was changed within the wait goes on waiting. One that stands again as it was told last is not told.
    """
    now = at or clock.now()
    due = list(
        Settling.objects.select_for_update(skip_locked=True)
        .filter(due_at__lte=now)
        .order_by("due_at", "pupil_id")[:AT_ONCE]
    )
    if not due:
        return 0
    wait = timedelta(minutes=queries.wait_minutes())
    found = queries.changes((row.pupil_id, row.since) for row in due)
    news = []
    for row in due:
        lines = _settle(row, found.get(row.pupil_id, []), now, wait)
        if lines:
            news.append(MarksSettled(pupil_id=str(row.pupil_id), lines=lines))
    Settling.objects.bulk_update(due, ["since", "due_at", "told"])
    # What was told long ago comes back through no late message any more.
    Settling.objects.filter(due_at=None, since__lt=now - REMEMBERED).delete()
    publish_all(news, actor=actor)
    return len(news)


def _settle(row: Settling, changes: list[Change], now: datetime, wait: timedelta) -> list[dict[str, Any]]:
    """What the pupil's family is told now; what still waits stays in the row."""
    first: dict[str, Change] = {}
    last: dict[str, Change] = {}
    for one in changes:
        first.setdefault(one.cell, one)
        last[one.cell] = one
    lines, waiting = [], []
    told = dict(row.told)
    for cell, change in last.items():
        known = told.get(cell)
        if known and known["id"] >= change.id:
            continue
        if change.at > now - wait:
            waiting.append((first[cell].at, change.at))
            continue
        before = known["value"] if known else first[cell].old
        if before != change.new:
            lines.append(queries.line_of(change, before))
        told[cell] = {"id": change.id, "value": change.new, "at": now.isoformat()}
    if waiting:
        row.since = min(begun for begun, __ in waiting)
        row.due_at = max(at for __, at in waiting) + wait
    else:
        row.since, row.due_at = now, None
    fresh = (now - REMEMBERED).isoformat()
    row.told = {cell: one for cell, one in told.items() if one["at"] >= fresh}
    return lines
