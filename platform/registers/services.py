"""What people keep about lists, and the taking back of what was done to many rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from registers import queries
from registers.declaration import REGISTERS, Register
from registers.models import BulkAct, Habit, SavedView
from registers.permissions import SHARE
from registers.queries import account_of

MOST_VIEWS = 30


class NameTaken(DomainError):
    message = _("You have a view with the name “{name}” already.")
    code = "name_taken"


class NameMissing(DomainError):
    message = _("Give the view a name.")
    code = "name_missing"


class TooManyViews(DomainError):
    message = _("Not more than {most} views of a list are kept. Remove one first.")
    code = "too_many_views"


def keep_columns(*, actor: Actor, register: Register, columns: Sequence[str]) -> None:
    """Keep the person's own columns of the list, in their order; none gives the list its own ones back."""
    known = {one.code for one in register.columns_for(actor)}
    wanted = [code for code in dict.fromkeys(columns) if code in known]
    Habit.objects.update_or_create(
        user_id=account_of(actor), register=register.code, defaults={"columns": ",".join(wanted)}
    )


@transaction.atomic
def save_view(
    *, actor: Actor, register: Register, name: str, query: str, is_shared: bool, opens_first: bool
) -> SavedView:
    """Keep the list as it is shown now. Raises NameMissing, NameTaken, TooManyViews; NotAllowed for who may not share."""
    if is_shared:
        require(actor, SHARE)
    own = SavedView.objects.filter(user_id=account_of(actor), register=register.code, removed_at=None)
    if own.count() >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    row = SavedView(
        register=register.code,
        user_id=account_of(actor),
        name=_free_name(own, name),
        query=query,
        is_shared=is_shared,
    )
    row.save()
    if opens_first:
        open_first(actor=actor, register=register, view_id=row.pk)
    audit.record(
        actor=actor,
        action="registers.view.saved",
        object_type="list_view",
        object_id=row.pk,
        details={"list": register.code, "shared": is_shared},
    )
    return row


def _free_name(own: Any, name: str) -> str:
    wanted = " ".join(name.split())[:60]
    if not wanted:
        raise NameMissing
    if own.filter(name=wanted).exists():
        raise NameTaken(name=wanted)
    return wanted


@transaction.atomic
def change_view(*, actor: Actor, register: Register, view_id: UUID, **changes: Any) -> SavedView:
    """Rename a view, share it or not, or let it show what is shown now (`name`, `is_shared`, `query`)."""
    row = queries.view_to_change(actor=actor, register=register, view_id=view_id)
    if changes.get("is_shared", row.is_shared) != row.is_shared:
        require(actor, SHARE)
    if "name" in changes:
        others = SavedView.objects.filter(
            user_id=row.user_id, register=register.code, removed_at=None
        ).exclude(pk=row.pk)
        changes["name"] = _free_name(others, changes["name"])
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    if changed:
        row.save(update_fields=changed)
        audit.record(
            actor=actor,
            action="registers.view.changed",
            object_type="list_view",
            object_id=row.pk,
            details={"list": register.code, "fields": changed, "shared": row.is_shared},
        )
    return row


@transaction.atomic
def remove_view(*, actor: Actor, register: Register, view_id: UUID) -> SavedView:
    """Take a view away; `restore_view` brings it back."""
    row = queries.view_to_change(actor=actor, register=register, view_id=view_id)
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    Habit.objects.filter(first_view=row).update(first_view=None)
    audit.record(
        actor=actor,
        action="registers.view.removed",
        object_type="list_view",
        object_id=row.pk,
        details={"list": register.code},
    )
    return row


@transaction.atomic
def restore_view(*, actor: Actor, register: Register, view_id: UUID) -> SavedView:
    """Bring a removed view back. Raises NameTaken when another has its name by now."""
    row = queries.view_to_change(actor=actor, register=register, view_id=view_id, removed=True)
    own = SavedView.objects.filter(user_id=row.user_id, register=register.code, removed_at=None)
    row.name, row.removed_at = _free_name(own, row.name), None
    row.save(update_fields=["removed_at"])
    audit.record(
        actor=actor,
        action="registers.view.restored",
        object_type="list_view",
        object_id=row.pk,
        details={"list": register.code},
    )
    return row


def open_first(*, actor: Actor, register: Register, view_id: UUID | None) -> None:
    """Let the list open with this view, for this person; None gives the list its own look back."""
    if view_id and not queries.sees_view(actor=actor, register=register, view_id=view_id):
        raise NotFound
    Habit.objects.update_or_create(
        user_id=account_of(actor), register=register.code, defaults={"first_view_id": view_id}
    )


def note_act(*, actor: Actor, register: Register, act: str, undo: Mapping[str, Any]) -> BulkAct:
    """Remember what takes the act back."""
    return BulkAct.objects.create(
        register=register.code, act=act, user_id=account_of(actor), at=clock.now(), undo=dict(undo)
    )


@transaction.atomic
def undo(*, actor: Actor, act_id: UUID) -> tuple[Register, object]:
    """Take back the actor's own act of the last hour, once. The right to the act is asked for again."""
    row = queries.act_to_undo(actor=actor, act_id=act_id)
    register = REGISTERS.get(row.register)
    bulk = next((one for one in register.bulks if one.code == row.act), None) if register else None
    if register is None or bulk is None or bulk.undo is None:
        raise NotFound
    require(actor, bulk.permission)
    said = bulk.undo(actor=actor, undo=row.undo)
    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    audit.record(
        actor=actor,
        action="registers.act.undone",
        object_type="list_act",
        object_id=row.pk,
        details={"list": register.code, "act": row.act},
    )
    return register, said
