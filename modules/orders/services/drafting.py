"""Drafts: they change nothing, may be edited by whoever drafts such orders, and may be thrown away."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date as date_
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError, NotFound
from kernel.events import publish
from kernel.tenancy import current
from modules.orders import kinds, permissions, queries
from modules.orders.data import NewLine, OrderInfo, Register, State
from modules.orders.events import OrderSubmitted
from modules.orders.models import Order, OrderLine

CANCEL = "orders.cancel"


class NotADraft(Conflict):
    message = _("The order is signed already: only another order can change what it did.")
    code = "not_a_draft"


class StaleOrder(Conflict):
    message = _("Somebody changed this order after you opened it. Look at it again.")
    code = "stale_order"


class AlreadyInOrder(DomainError):
    message = _("This person is in the order already: {name}")
    code = "already_in_order"


class NotInForce(DomainError):
    message = _("Only an order in force can be cancelled.")
    code = "not_in_force"


@transaction.atomic
def draft(
    *,
    actor: Actor,
    kind: str,
    lines: Iterable[NewLine] = (),
    values: Mapping[str, Any] | None = None,
    date: date_ | None = None,
    language: str = "",
    ground: str = "",
    executor: str | None = None,
    title_kk: str = "",
    title_ru: str = "",
) -> OrderInfo:
    """Draft an order; nothing comes into force. Titles, executor, date and language have their usual values.

    Raises NotAllowed, AlreadyInOrder.
    """
    declared = kinds.get(kind)
    require(actor, declared.permission)
    row = Order(
        register=declared.register,
        kind=kind,
        date=date or clock.today(),
        title_kk=title_kk or heading(declared, "kk"),
        title_ru=title_ru or heading(declared, "ru"),
        language=language or current().language,
        ground=ground,
        executor=actor.name if executor is None else executor,
        values=plain(values or {}),
    )
    return _begin(row, lines, actor=actor)


@transaction.atomic
def draft_cancellation(
    *, actor: Actor, order_id: UUID, ground: str = "", date: date_ | None = None
) -> OrderInfo:
    """Draft the order that cancels another one of the same book. Raises NotInForce."""
    require(actor, permissions.DRAFT)
    target = queries.get_row(actor=actor, order_id=order_id)
    require(actor, kinds.get(target.kind).permission)
    if target.state != State.SIGNED or target.kind == CANCEL:
        raise NotInForce
    declared = kinds.get(CANCEL)
    row = Order(
        register=target.register,
        kind=CANCEL,
        date=date or clock.today(),
        title_kk=heading(declared, "kk"),
        title_ru=heading(declared, "ru"),
        language=target.language,
        ground=ground,
        executor=actor.name,
        cancels=target,
    )
    return _begin(row, (), actor=actor)


@transaction.atomic
def change(*, actor: Actor, order_id: UUID, seen: str = "", **changes: Any) -> OrderInfo:
    """Change a draft: date, titles, language, ground, executor, values. Raises NotADraft, StaleOrder."""
    row = locked_draft(actor=actor, order_id=order_id, seen=seen)
    if unknown := set(changes) - {"date", "title_kk", "title_ru", "language", "ground", "executor", "values"}:
        raise TypeError(f"no such fields of a draft: {', '.join(sorted(unknown))}")
    if "values" in changes:
        changes["values"] = plain(changes["values"])
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    if changed:
        row.save(update_fields=[*changed, "changed_at"])
    return queries.with_lines(row)


@transaction.atomic
def add_lines(*, actor: Actor, order_id: UUID, lines: Iterable[NewLine]) -> OrderInfo:
    """Add people to a draft. Raises NotADraft, AlreadyInOrder."""
    row = locked_draft(actor=actor, order_id=order_id)
    _add(row, list(lines))
    return _touched(row)


@transaction.atomic
def change_line(
    *, actor: Actor, order_id: UUID, line_id: UUID, values: Mapping[str, Any], subject: str | None = None
) -> OrderInfo:
    """Change what a line of a draft says. Raises NotADraft, NotFound."""
    row = locked_draft(actor=actor, order_id=order_id)
    line = OrderLine.objects.filter(order=row, pk=line_id).first()
    if line is None:
        raise NotFound
    line.values = plain(values)
    line.subject = line.subject if subject is None else subject[:250]
    line.save(update_fields=["values", "subject"])
    return _touched(row)


@transaction.atomic
def drop_lines(*, actor: Actor, order_id: UUID, line_ids: Iterable[UUID]) -> OrderInfo:
    """Take people out of a draft. Raises NotADraft."""
    row = locked_draft(actor=actor, order_id=order_id)
    OrderLine.objects.filter(order=row, pk__in=list(line_ids)).delete()
    return _touched(row)


@transaction.atomic
def submit(*, actor: Actor, order_id: UUID) -> OrderInfo:
    """Lay the draft before the director; doing it twice is a no-op. Raises NotADraft."""
    row = locked_draft(actor=actor, order_id=order_id)
    if row.submitted_at is None:
        row.submitted_at = clock.now()
        row.save(update_fields=["submitted_at", "changed_at"])
        publish(
            OrderSubmitted(order_id=str(row.pk), kind=row.kind, title_kk=row.title_kk, title_ru=row.title_ru),
            actor=actor,
        )
    return queries.with_lines(row)


@transaction.atomic
def discard(*, actor: Actor, order_id: UUID) -> None:
    """Throw a draft away. Raises NotADraft."""
    row = locked_draft(actor=actor, order_id=order_id)
    audit.record(
        actor=actor,
        action="orders.draft.discarded",
        object_type="order",
        object_id=row.pk,
        details={"kind": row.kind},
    )
    row.delete()


# ---


def locked_draft(*, actor: Actor, order_id: UUID, seen: str = "") -> Order:
    """The draft, locked, for those who may draft its kind."""
    row = Order.objects.select_for_update().filter(pk=order_id).first()
    if row is None or not queries.may_see(row, actor=actor):
        raise NotFound
    require(actor, kinds.get(row.kind).permission)
    if row.state != State.DRAFT:
        raise NotADraft
    if seen and seen != row.changed_at.isoformat():
        raise StaleOrder
    return row


def heading(kind: kinds.OrderKind, language: str) -> str:
    with translation.override(language):
        return str(kind.heading)[:250]


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values as JSON keeps them: days as ISO, ids and lazy texts as strings."""
    return dict(json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder)))


def _begin(row: Order, lines: Iterable[NewLine], *, actor: Actor) -> OrderInfo:
    row.drafted_at, row.drafted_by_id = clock.now(), actor.user_id
    row.drafted_by_name = actor.system or actor.name
    row.save(force_insert=True)
    _add(row, list(lines))
    audit.record(
        actor=actor,
        action="orders.order.drafted",
        object_type="order",
        object_id=row.pk,
        details={"kind": row.kind, "register": str(Register(row.register))},
    )
    return queries.with_lines(row)


def _add(row: Order, lines: list[NewLine]) -> None:
    last = (
        OrderLine.objects.filter(order=row).order_by("-position").values_list("position", flat=True).first()
    )
    have = set(OrderLine.objects.filter(order=row).values_list("subject_id", flat=True))
    twice = next((one for one in lines if one.subject_id is not None and one.subject_id in have), None)
    if twice is not None:
        raise AlreadyInOrder(name=twice.subject)
    try:
        with transaction.atomic():
            OrderLine.objects.bulk_create(
                OrderLine(
                    order=row,
                    position=place,
                    subject_kind=kinds.get(row.kind).subject,
                    subject_id=one.subject_id,
                    subject=one.subject[:250],
                    values=plain(one.values),
                )
                for place, one in enumerate(lines, (last or 0) + 1)
            )
    except IntegrityError:
        names = [one.subject for one in lines]
        raise AlreadyInOrder(name=next((n for n in names if names.count(n) > 1), names[0])) from None


def _touched(row: Order) -> OrderInfo:
    row.save(update_fields=["changed_at"])
    return queries.with_lines(row)
