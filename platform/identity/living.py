"""The read that every request begins with: the session or token, its user, the roles in force, the stamp of rights.

One statement, put together once per process (kernel.db.rows says why).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from django.db import connection

from identity.credentials import key_hash, token_hash
from identity.models import ApiToken, Session, User
from kernel import clock
from kernel.db.rows import Columns
from kernel.tenancy import current

Row = TypeVar("Row", Session, ApiToken)

# {row}, {user}: columns; {table}: the row's table; {key}: its column with the key's hash; {more}: what else must hold.
_LIVING = """
SELECT {row}, {user},
       ARRAY(SELECT r.code || '|' || r.base FROM identity_userrole g JOIN identity_role r ON r.id = g.role_id
             WHERE g.user_id = s.user_id AND g.since <= %(today)s AND (g.until IS NULL OR g.until >= %(today)s)
             ORDER BY r.code),
       (SELECT stamp FROM identity_rightsstate WHERE id = 1)
FROM {table} s JOIN identity_user u ON u.id = s.user_id
WHERE s.{key} = %(key)s AND s.ended_at IS NULL AND s.expires_at > %(at)s AND u.is_active {more}
"""


class _Read(Generic[Row]):
    """The statement for one table, and how its answer becomes rows."""

    def __init__(self, model: type[Row], key: str, kept: Callable[[str], str], more: str = "") -> None:
        self.kept = kept
        self.own: Columns[Row] = Columns(model)
        self.user = Columns(User)
        self.statement = _LIVING.format(
            row=self.own.listed("s"),
            user=self.user.listed("u"),
            table=model._meta.db_table,
            key=key,
            more=more,
        )

    def __call__(self, key: str, *, at: datetime, **more: Any) -> Row | None:
        given: dict[str, Any] = {"key": self.kept(key), "at": at, "today": clock.today(), **more}
        with connection.cursor() as cursor:
            cursor.execute(self.statement, given)
            found = cursor.fetchone()
        if found is None:
            return None
        split = len(self.own.names)
        row: Any = self.own.made(found[:split])
        row.user = self.user.made(found[split:-2])
        row.role_pairs, row.rights_stamp = found[-2:]
        return cast(Row, row)


_SESSION = _Read(Session, "key_hash", key_hash, "AND s.tenant_id = %(tenant)s")
_TOKEN = _Read(ApiToken, "token_hash", token_hash)


def living_session(key: str, *, at: datetime) -> Session | None:
    """The session of the cookie with its user, `role_pairs` and `rights_stamp`; None when it has ended."""
    return _SESSION(key, at=at, tenant=current().id)


def living_token(key: str, *, at: datetime) -> ApiToken | None:
    """The token with its user, `role_pairs` and `rights_stamp`; None when it has ended."""
    return _TOKEN(key, at=at)


SESSION, VISIT = "session", "visit"


def what_is_over(key: str) -> str:
    """What the cookie of an ended session was of: a visit, somebody's own session, or nothing that we know."""
    kinds = Session.objects.filter(key_hash=key_hash(key), tenant_id=current().id)
    kind = kinds.values_list("user__person_kind", flat=True).first()
    return "" if kind is None else VISIT if kind == User.PersonKind.VISITOR else SESSION
