"""Reads of what people keep about lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from kernel import clock
from kernel.access import Actor
from kernel.errors import NotFound
from kernel.names import kazakh_order
from registers.declaration import REGISTERS, Register
from registers.models import BulkAct, SavedView
from registers.permissions import SHARE

UNDO_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class ViewInfo:
    """A saved view, as the person who opens the list sees it."""

    id: UUID
    name: str
    query: str
    is_shared: bool
    is_mine: bool


@dataclass(frozen=True)
class Kept:
    """What a person keeps about a list."""

    views: tuple[ViewInfo, ...] = ()
    columns: tuple[str, ...] = ()
    first_view: UUID | None = None


def account_of(actor: Actor) -> int:
    """The account under which a person's habits are kept; the product itself has none."""
    if actor.user_id is None:
        raise NotFound
    return actor.user_id


def kept(*, actor: Actor, register: Register) -> Kept:
    """The actor's views and those shared with her, her columns, and the view that opens first; in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [register.code, actor.user_id, register.code, actor.user_id])
        lines = cursor.fetchall()
    found, columns, first = [], "", None
    for user_id, view_id, name, query, is_shared in lines:
        if user_id is None:
            columns, first = query, view_id
        else:
            found.append(ViewInfo(view_id, name, query, is_shared, is_mine=user_id == actor.user_id))
    found.sort(key=lambda one: (not one.is_mine, kazakh_order(one.name), str(one.id)))
    return Kept(tuple(found), tuple(filter(None, columns.split(","))), first)


# Every list asks for it, and the ORM takes longer to ask than the server to answer. A line without a person is the habit.
_KEPT = """
    SELECT user_id, id, name, query, is_shared FROM registers_savedview
    WHERE register = %s AND removed_at IS NULL AND (user_id = %s OR is_shared)
    UNION ALL SELECT NULL, first_view_id, '', columns, false FROM registers_habit WHERE register = %s AND user_id = %s
"""


def _seen_by(actor: Actor) -> Q:
    return Q(user_id=account_of(actor)) | Q(is_shared=True)


def get_register(code: str, *, actor: Actor) -> Register:
    """The list, for those who may open it; NotFound for others."""
    found = REGISTERS.get(code)
    if found is None or not actor.may(found.permission):
        raise NotFound
    return found


def view_to_change(*, actor: Actor, register: Register, view_id: UUID, removed: bool = False) -> SavedView:
    """A view of the actor's own, or a shared one for who may share, locked; NotFound otherwise."""
    mine = Q(user_id=account_of(actor))
    if actor.may(SHARE):
        mine |= Q(is_shared=True)
    row = (
        SavedView.objects.select_for_update()
        .filter(mine, pk=view_id, register=register.code, removed_at__isnull=not removed)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def sees_view(*, actor: Actor, register: Register, view_id: UUID) -> bool:
    """Whether the view is the actor's own or shared with her."""
    rows = SavedView.objects.filter(_seen_by(actor), pk=view_id, register=register.code, removed_at=None)
    return rows.exists()


def act_to_undo(*, actor: Actor, act_id: UUID) -> BulkAct:
    """The actor's own act, not yet taken back and not older than an hour, locked; NotFound otherwise."""
    row = (
        BulkAct.objects.select_for_update()
        .filter(pk=act_id, user_id=account_of(actor), undone_at=None)
        .filter(at__gte=clock.now() - UNDO_FOR)
        .first()
    )
    if row is None:
        raise NotFound
    return row
