"""The list of persons from the logs, added up by the database: a statement a log, so that counting can be stopped between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from kernel import audit, concerned
from modules.breaches.data import Way
from modules.breaches.models import Breach

Told = Callable[[int, int], None]

# An act and a history may call a change alike.
_ADD = """
INSERT INTO breaches_concerned AS known
  (breach_id, subject, subject_id, code, is_change, times, first_at, last_at)
{counted}
ON CONFLICT (breach_id, subject, subject_id, code, is_change) DO UPDATE SET
  times = known.times + excluded.times,
  first_at = least(known.first_at, excluded.first_at),
  last_at = greatest(known.last_at, excluded.last_at)
"""
_SEEN = """
SELECT %(breach)s::uuid, subject, subject_id, purpose, false, count(*), min(at), max(at)
FROM kernel_viewentry
WHERE at >= %(looked_since)s::timestamptz AND at < %(until)s::timestamptz {way}
GROUP BY subject, subject_id, purpose
"""
# An act names its object as text; whatever is no person's number is passed over.
_DONE = """
SELECT %(breach)s::uuid, object_type, object_id::uuid, action, true, count(*), min(at), max(at)
FROM kernel_auditentry
WHERE at >= %(since)s::timestamptz AND at < %(until)s::timestamptz {way} AND outcome = 'ok'
  AND object_type = ANY(%(subjects)s::text[]) AND object_id ~ '^[0-9a-f]{{8}}-([0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}$'
GROUP BY object_type, object_id, action
"""
_CHANGED = """
SELECT %(breach)s::uuid, %(subject)s::text, {subject_column}, %(code)s::text, true, count(*), min(at), max(at)
FROM {table}
WHERE at >= %(since)s::timestamptz AND at < %(until)s::timestamptz {way}
GROUP BY {subject_column}
"""


def reckon(breach: Breach, told: Told) -> None:
    """Add up whose data were seen and changed; `told(done, total)` after each log may end it by raising.

    A look goes on for a while without a line of its own (audit.SAME_LOOK): one from shortly before the window counts.
    """
    statements = list(_statements(breach))
    window: dict[str, Any] = {
        "breach": breach.pk,
        "since": breach.since,
        "until": breach.until,
        "looked_since": breach.since - audit.SAME_LOOK,
    }
    for number, (statement, more) in enumerate(statements, 1):
        with connection.cursor() as cursor:
            cursor.execute(statement, {**more, **window})
        told(number, len(statements))


def _statements(breach: Breach) -> Iterator[tuple[str, dict[str, Any]]]:
    given: dict[str, Any] = {"user": breach.user_id, "way": breach.way_id}
    yield _ADD.format(counted=_SEEN.format(way=_way(breach, "actor_id", "session_id", "token_id"))), given
    acts = _DONE.format(way=_way(breach, "actor_id", "session_id", ""))
    yield _ADD.format(counted=acts), {**given, "subjects": concerned.subjects()}
    for one in concerned.HISTORIES.values():
        changed = _CHANGED.format(
            table=one.table,
            subject_column=one.subject_column,
            way=_way(breach, one.author_column, one.session_column, ""),
        )
        yield _ADD.format(counted=changed), {**given, "subject": one.subject, "code": one.code}


def _way(breach: Breach, author: str, session: str, token: str) -> str:
    """The condition on a log's row. Where a log does not keep the way, the account's rows of the window count."""
    if breach.way == Way.EVERYTHING:
        return ""
    condition = f"AND {author} = %(user)s::bigint"
    if breach.way == Way.SESSION and session:
        condition += f" AND {session} = %(way)s::bigint"
    if breach.way == Way.TOKEN:
        if token:
            condition += f" AND {token} = %(way)s::bigint"
        elif session:
            condition += f" AND {session} IS NULL"  # a program has no session
    return condition
