"""Terms of posts: begun, changed and ended, by an order or, for what was before orders, by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.staff import permissions
from modules.staff.data import Post
from modules.staff.models import Employee, Position


class HeldAlready(DomainError):
    message = _("This post is held already in this form of employment.")
    code = "held_already"


class NotHeld(DomainError):
    message = _("This post is not held on that day.")
    code = "not_held"


class FromTheFirstDay(DomainError):
    message = _("The post began on {since}: the change must begin later. A wrong order is cancelled instead.")
    code = "from_the_first_day"


class ByOrder(DomainError):
    message = _("This came by an order and is changed by an order alone.")
    code = "by_order"


class EndsByOrder(DomainError):
    message = _("An order ends this post on {day}: cancel that order first.")
    code = "ends_by_order"


class BeyondTheLastDay(DomainError):
    message = _("The last working day is {day}: the post ends by then, or that order is cancelled first.")
    code = "beyond_the_last_day"


def begin(row: Employee, post: Post, *, since: date, order_id: UUID | None = None) -> Position:
    """Begin a term. Callers hold the employee's row. Raises HeldAlready."""
    refuse_second(row.pk, post, since)
    return Position.objects.create(
        employee=row,
        post_code=post.code,
        rate=post.rate,
        form=post.form,
        since=since,
        until=post.until,
        agreed_until=post.until,
        order_id=order_id,
    )


def refuse_second(employee_id: UUID, post: Post, since: date, *, except_id: UUID | None = None) -> None:
    """Raise HeldAlready when the same post in the same form runs on that day or begins later."""
    same = Position.objects.filter(employee_id=employee_id, post_code=post.code, form=post.form)
    if except_id is not None:
        same = same.exclude(pk=except_id)
    if any(
        (one.until is None or one.until >= since) and (post.until is None or one.since <= post.until)
        for one in same
    ):
        raise HeldAlready


def refuse_beyond(employee_id: UUID, post: Post) -> None:
    """Raise BeyondTheLastDay when the person is to leave and the post would go on."""
    last = Employee.objects.filter(pk=employee_id).values_list("left_date", flat=True).first()
    if last is not None and (post.until is None or post.until > last):
        raise BeyondTheLastDay(day=f"{last:%d.%m.%Y}")


def change(position: Position, post: Post, *, since: date, order_id: UUID | None = None) -> Position:
    """Another post or rate from the day on: the old term ends the day before. Raises NotHeld, FromTheFirstDay, EndsByOrder."""
    refuse_change(position, post, since)
    end([position], last_day=since - timedelta(days=1), order_id=order_id)
    return begin(position.employee, post, since=since, order_id=order_id)


def refuse_change(position: Position, post: Post, since: date) -> None:
    if position.until is not None and position.until < since:
        raise NotHeld
    if since <= position.since:
        raise FromTheFirstDay(since=f"{position.since:%d.%m.%Y}")
    if position.until is not None and position.end_order_id is not None:
        raise EndsByOrder(day=f"{position.until:%d.%m.%Y}")
    refuse_second(position.employee_id, post, since, except_id=position.pk)


def end(positions: Iterable[Position], *, last_day: date, order_id: UUID | None = None) -> None:
    """End terms; one that has not begun by the last day ends with its own first day's eve and is gone."""
    for one in positions:
        if one.since > last_day:
            one.delete()
            continue
        one.until, one.end_order_id = last_day, order_id
        one.save(update_fields=["until", "end_order"])


def open_ones(employee_id: UUID, after: date) -> list[Position]:
    """Terms that reach beyond the day. Who changes them holds the employee's row."""
    rows = Position.objects.filter(employee_id=employee_id)
    return [one for one in rows if one.until is None or one.until > after]


def take_back(order_id: UUID, employee_ids: Iterable[UUID]) -> None:
    """Undo what an order did to posts: what it began is gone, what it ended goes on as agreed."""
    rows = Position.objects.select_for_update().filter(employee_id__in=list(employee_ids))
    rows.filter(order_id=order_id).delete()
    for one in rows.filter(end_order_id=order_id):
        one.until, one.end_order_id = one.agreed_until, None
        one.save(update_fields=["until", "end_order"])


# --- what was before orders


@transaction.atomic
def correct(*, actor: Actor, position_id: UUID, since: date, until: date | None, post: Post) -> Position:
    """Correct a term that came without an order. Raises ByOrder, HeldAlready."""
    row = _by_hand(actor, position_id)
    refuse_second(row.employee_id, Post(post.code, post.rate, post.form, until), since, except_id=row.pk)
    values = {
        "post_code": post.code,
        "rate": post.rate,
        "form": post.form,
        "since": since,
        "until": until,
        "agreed_until": until,
    }
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    audit.record(
        actor=actor,
        action="staff.post.corrected",
        object_type="employee",
        object_id=row.employee_id,
        details=_told(row),
    )
    return row


@transaction.atomic
def note(*, actor: Actor, employee_id: UUID, since: date, post: Post) -> Position:
    """Note a term that was before orders were kept here: the history of the work book at this school."""
    require(actor, permissions.EDIT)
    row = Employee.objects.select_for_update().filter(pk=employee_id).first()
    if row is None:
        raise NotFound
    made = begin(row, post, since=since)
    audit.record(
        actor=actor,
        action="staff.post.noted",
        object_type="employee",
        object_id=made.employee_id,
        details=_told(made),
    )
    return made


@transaction.atomic
def remove(*, actor: Actor, position_id: UUID) -> UUID:
    """Remove a mistaken term that came without an order; answer whose it was. Raises ByOrder."""
    row = _by_hand(actor, position_id)
    row.delete()
    audit.record(
        actor=actor,
        action="staff.post.removed",
        object_type="employee",
        object_id=row.employee_id,
        details=_told(row),
    )
    return row.employee_id


def _by_hand(actor: Actor, position_id: UUID) -> Position:
    require(actor, permissions.EDIT)
    row = Position.objects.select_for_update().filter(pk=position_id).first()
    if row is None:
        raise NotFound
    if row.order_id is not None or row.end_order_id is not None:
        raise ByOrder
    return row


def _told(row: Position) -> dict[str, str]:
    return {"post": row.post_code, "since": row.since.isoformat()}
