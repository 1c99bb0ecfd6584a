"""The two logs that an inspector asks for: what was done, and who looked at whom.

Codes are written, words are shown: each app gives the words of its codes in panels.py, and a test walks the code for
one without.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.access import Actor
from kernel.models import AuditEntry, ViewEntry

ACTIONS: dict[str, Any] = {
    "kernel.outbox.cleared": _("Delivered news cleared away"),
    "kernel.file.judged": _("File in quarantine looked at by the antivirus"),
    "kernel.file.infected": _("File with a virus turned away"),
}
OBJECTS: dict[str, Any] = {"outbox": _("news of the system"), "file": _("kept file")}
PURPOSES: dict[str, Any] = {}


def words(
    *,
    actions: Mapping[str, Any] | None = None,
    objects: Mapping[str, Any] | None = None,
    purposes: Mapping[str, Any] | None = None,
) -> None:
    """Give the words of an app's actions, of the kinds of objects they are done to, and of its reasons to look.

    A code given words twice raises.
    """
    for known, more in ((ACTIONS, actions), (OBJECTS, objects), (PURPOSES, purposes)):
        if twice := known.keys() & (more or {}).keys():
            raise ValueError(f"words are given twice for {', '.join(sorted(twice))}")
        known.update(more or {})


def why(purpose: str) -> Any:
    """The reason of a look in words."""
    return PURPOSES.get(purpose, purpose)


Naming = Callable[[Collection[str]], Mapping[str, str]]
_NAMINGS: dict[str, Naming] = {}


def naming(object_type: str, find: Naming) -> None:
    """Let lines of the log tell the objects of a kind by name: `find` gives names by ids, for those it knows."""
    _NAMINGS[object_type] = find


def names_of(object_type: str, ids: Collection[str]) -> Mapping[str, str]:
    """Names of the objects by their ids as the log keeps them. Callers check the right to read the log."""
    find, known = _NAMINGS.get(object_type), [one for one in ids if one]
    return find(known) if find and known else {}


def record(
    *,
    actor: Actor,
    action: str,
    object_type: str = "",
    object_id: object = "",
    outcome: str = "ok",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add a line to the security log, in the transaction of the act itself.

    `details` carries codes and counts, never a person's data, a password or a token.
    """
    _line(actor, action, object_type, object_id, outcome, details).save(force_insert=True)


_refusals: ContextVar[list[AuditEntry] | None] = ContextVar("refusals", default=None)


def record_refusal(
    *,
    actor: Actor,
    action: str,
    object_type: str = "",
    object_id: object = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add a line of an act that is refused. Within `refusals_kept` it stands although the transaction is taken back."""
    line = _line(actor, action, object_type, object_id, "refused", details)
    kept = _refusals.get()
    if kept is None:
        line.save(force_insert=True)
    else:
        kept.append(line)


@contextmanager
def refusals_kept() -> Iterator[None]:
    """Around what answers a request: lines of what was refused in it are written at its end."""
    lines: list[AuditEntry] = []
    before = _refusals.set(lines)
    try:
        yield
    finally:
        _refusals.reset(before)
        AuditEntry.objects.bulk_create(lines)


def _line(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: object,
    outcome: str,
    details: Mapping[str, Any] | None,
) -> AuditEntry:
    return AuditEntry(
        at=clock.now(),
        actor_id=actor.user_id,
        actor_name=actor.system or actor.name,
        action=action,
        outcome=outcome,
        object_type=object_type,
        object_id=str(object_id),
        address=actor.address,
        session_id=actor.session_id,
        request_id=actor.request_id,
        details=dict(details or {}),
    )


_OPERATOR = "ops:"


def operators(name: str) -> Actor:
    """Somebody of the vendor at the shell, in the current tenant; the log names them."""
    return Actor.system_actor(f"{_OPERATOR}{name}")


def operator_of(actor_name: str) -> str:
    """The name of the operator behind a line, else empty."""
    return actor_name.removeprefix(_OPERATOR) if actor_name.startswith(_OPERATOR) else ""


def operated(
    *, actor: Actor, action: str, object_type: str, code: str, outcome: str, details: Mapping[str, Any]
) -> None:
    """Tell the log of an act of the operator's command; each command declares its action and a test walks them."""
    record(
        actor=actor,
        action=action,
        object_type=object_type,
        object_id=code,
        outcome=outcome,
        details=details,
    )


def exports(
    *,
    action: str,
    object_type: str,
    object_id: object = "",
    more: Callable[[Actor, Collection[str]], Mapping[str, Any]] | None = None,
) -> Callable[..., None]:
    """What tells the log that a list was saved as a file: how many lines with which columns, and what `more` answers."""

    def told(*, actor: Actor, count: int, columns: Collection[str]) -> None:
        details = {"count": count, "columns": list(columns), **(more(actor, columns) if more else {})}
        record(actor=actor, action=action, object_type=object_type, object_id=object_id, details=details)

    return told


def sign(actor: Actor) -> None:
    """Name the author of what triggers of the database write into histories until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('mektep.author_id', %s, true), set_config('mektep.author_name', %s, true)",
            [str(actor.user_id or ""), actor.system or actor.name],
        )


def viewed(
    *, actor: Actor, subject: str, subject_ids: Iterable[UUID], purpose: str, leafing: bool = False
) -> None:
    """Log that the actor saw these people's records, in one statement; the product itself at work is not logged.

    With `leafing`, for books of many people, whom the same actor saw so a few minutes ago is not logged again: to leaf
    there and back, or to type a name letter by letter, is one look.
    """
    ids = list(dict.fromkeys(subject_ids))
    if actor.system or not ids:
        return
    at = clock.now()
    values = {
        "at": at,
        "actor": actor.user_id,
        "name": actor.name,
        "subject": subject,
        "ids": ids,
        "purpose": purpose,
        "request": actor.request_id,
        "session": actor.session_id,
        "token": actor.token_id,
        "since": at - SAME_LOOK,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{_VIEWED} {_NOT_JUST_NOW}" if leafing else _VIEWED, values)


SAME_LOOK = timedelta(minutes=10)
_VIEWED = """
INSERT INTO kernel_viewentry (at, actor_id, actor_name, subject, subject_id, purpose, request_id, session_id, token_id)
SELECT %(at)s::timestamptz, %(actor)s::bigint, %(name)s, %(subject)s::text, seen.id, %(purpose)s::text, %(request)s,
  %(session)s::bigint, %(token)s::bigint
FROM unnest(%(ids)s::uuid[]) AS seen(id)
"""
_NOT_JUST_NOW = """
WHERE NOT EXISTS (
  SELECT 1 FROM kernel_viewentry v WHERE v.subject = %(subject)s::text AND v.subject_id = seen.id
    AND v.at > %(since)s::timestamptz AND v.actor_id = %(actor)s::bigint AND v.purpose = %(purpose)s::text
    AND v.session_id IS NOT DISTINCT FROM %(session)s::bigint AND v.token_id IS NOT DISTINCT FROM %(token)s::bigint)
"""


def entries(*, limit: int = 200) -> list[AuditEntry]:
    """The newest lines of the security log. Callers check the right to read it."""
    return list(AuditEntry.objects.order_by("-id")[:limit])


def views_of(*, subject: str, subject_id: UUID, limit: int = 100) -> list[ViewEntry]:
    """Who looked at this person, newest first. Callers check the right to read it."""
    return list(ViewEntry.objects.filter(subject=subject, subject_id=subject_id).order_by("-id")[:limit])


def broken_links(*, batch: int = 5000) -> list[int]:
    """Ids of audit rows whose hash does not follow from the row before: empty when nobody touched the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM (
              SELECT id, hash, previous_hash, lag(hash, 1, '') OVER (ORDER BY id) AS before,
                     kernel_audit_digest(kernel_auditentry.*) AS right_hash
              FROM kernel_auditentry) rows
            WHERE hash <> right_hash OR previous_hash <> before ORDER BY id LIMIT %s
            """,
            [batch],
        )
        return [row[0] for row in cursor.fetchall()]
