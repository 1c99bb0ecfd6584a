"""Signing: the number, the check, the effect, the frozen text, in one transaction. Cancelling is an order too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date as date_
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from documents import api as documents
from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from kernel.events import publish
from modules.orders import kinds, permissions, queries
from modules.orders.data import Fault, NewLine, OrderInfo, State
from modules.orders.events import OrderCancelled, OrderSigned
from modules.orders.models import Order, OrderLine
from modules.orders.services import drafting, papers
from modules.orders.services.drafting import NotADraft, StaleOrder
from modules.school import api as school


class FaultyOrder(DomainError):
    """The order cannot be signed as it is; `faults` says why, line by line."""

    message = _("The order cannot be signed: {first}")
    code = "faulty_order"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(first=faults[0].message)
        self.faults = faults


class CannotBeCancelled(FaultyOrder):
    message = _("The order cannot be cancelled: {first}")
    code = "cannot_be_cancelled"


class InTheFuture(DomainError):
    message = _("An order is signed on its day or later, not ahead.")
    code = "in_the_future"


class EarlierThanLast(DomainError):
    message = _(
        "The last order of this book is of {day}. An earlier date would put the numbers out of order."
    )
    code = "earlier_than_last"


class NumbersGiven(DomainError):
    message = _("Orders of this year have numbers here already: the count goes on by itself.")
    code = "numbers_given"


@transaction.atomic
def sign(*, actor: Actor, order_id: UUID, seen: str = "") -> OrderInfo:
    """Put the order into force: it gets the next number of its book, does what its kind does, and is frozen.

    `seen` is `changed_at` of the draft that the signer read; another one since raises StaleOrder. Two who sign at
    once get one number each; a refusal gives the number back.

    Raises NotAllowed, NotADraft, StaleOrder, InTheFuture, EarlierThanLast, FaultyOrder, and what the kind refuses.
    """
    require(actor, permissions.SIGN)
    row = Order.objects.select_for_update().filter(pk=order_id).first()
    if row is None or not queries.may_see(row, actor=actor):
        raise NotFound
    if row.state != State.DRAFT:
        raise NotADraft
    if seen and seen != row.changed_at.isoformat():
        raise StaleOrder
    if row.date > clock.today():
        raise InTheFuture
    year = row.date.year
    # Whoever signs in the same book waits here until this transaction ends.
    number = documents.next_number(counter(row.register), str(year), actor=actor)
    last = (
        Order.objects.filter(register=row.register, year=year)
        .order_by("-number")
        .values_list("date", flat=True)
        .first()
    )
    if last is not None and row.date < last:
        raise EarlierThanLast(day=f"{last:%d.%m.%Y}")
    kind = kinds.get(row.kind)
    _take_names(row, kind, actor=actor)
    row.year, row.number, row.number_text = year, number, number_text(row.register, number)
    row.signed_at, row.signed_by_id = clock.now(), actor.user_id
    row.signed_by_name = actor.system or actor.name
    order = queries.with_lines(row)
    if faults := list(kind.check(order, actor=actor)):
        raise CannotBeCancelled(faults) if row.cancels_id else FaultyOrder(faults)
    row.state = State.SIGNED
    order = queries.with_lines(row)
    document = papers.filled(order, actor=actor)
    kind.apply(order, actor=actor)
    papers.freeze(row, order, document, actor=actor)
    row.save(
        update_fields=[
            "state", "year", "number", "number_text", "signed_at", "signed_by_id", "signed_by_name", "text", "sha256",
            "document_id", "word_file_id", "changed_at",
        ]
    )  # fmt: skip
    audit.record(
        actor=actor,
        action="orders.order.signed",
        object_type="order",
        object_id=row.pk,
        details={"kind": row.kind, "register": row.register, "number": row.number_text},
    )
    publish(
        OrderSigned(
            order_id=str(row.pk),
            kind=row.kind,
            register=row.register,
            number=row.number_text,
            date=row.date.isoformat(),
        ),
        actor=actor,
    )
    return queries.with_lines(row)


@transaction.atomic
def draft_and_sign(
    *,
    actor: Actor,
    kind: str,
    lines: Iterable[NewLine],
    values: Mapping[str, Any] | None = None,
    date: date_ | None = None,
    **more: Any,
) -> OrderInfo:
    """Draft an order and sign it at once, or neither: the short way for whoever may both."""
    made = drafting.draft(actor=actor, kind=kind, lines=lines, values=values, date=date, **more)
    return sign(actor=actor, order_id=made.id)


@transaction.atomic
def begin_numbers(*, actor: Actor, register: str, year: int, last: int) -> None:
    """Go on from the paper book: the next order of the year gets the number after `last`. Raises NumbersGiven."""
    require(actor, permissions.TEMPLATES)
    documents.next_number(counter(register), str(year), actor=actor)  # holds the counter until the end
    if queries.last_number(register, year):
        raise NumbersGiven
    documents.begin_numbers(counter(register), str(year), last=last, actor=actor)
    audit.record(
        actor=actor,
        action="orders.numbers.begun",
        object_type="register",
        object_id=counter(register),
        details={"year": year, "last": last},
    )


def cancel(target_id: UUID, *, by: OrderInfo, actor: Actor) -> None:
    """Take the effect of an order back. For the kind orders.cancel only, inside its signing."""
    require(actor, permissions.SIGN)
    target = Order.objects.select_for_update().get(pk=target_id)
    order = queries.with_lines(target)
    if faults := objections(order, actor=actor):
        raise CannotBeCancelled(faults)
    kinds.get(target.kind).revert(order, actor=actor)
    target.state = State.CANCELLED
    target.save(update_fields=["state", "changed_at"])
    audit.record(
        actor=actor,
        action="orders.order.cancelled",
        object_type="order",
        object_id=target.pk,
        details={"kind": target.kind, "by": by.number},
    )
    publish(OrderCancelled(order_id=str(target.pk), kind=target.kind, by_order_id=str(by.id)), actor=actor)


def objections(order: OrderInfo, *, actor: Actor) -> list[Fault]:
    """Why an order cannot be cancelled now; empty when it can."""
    if order.state != State.SIGNED:
        return [Fault(str(drafting.NotInForce()))]
    return list(kinds.get(order.kind).objections(order, actor=actor))


def counter(register: str) -> str:
    return f"orders.{register}"


def number_text(register: str, number: int) -> str:
    """The number as the book writes it: the school's own pattern, "{n}-қ"."""
    pattern = str(school.setting(f"orders.number_{register}"))
    return pattern.replace("{n}", str(number)) if "{n}" in pattern else f"{number}{pattern}"


def _take_names(row: Order, kind: kinds.OrderKind, *, actor: Actor) -> None:
    """People stand in the order as they are called on the day it is signed."""
    lines = list(OrderLine.objects.filter(order=row))
    known = kind.names([one.subject_id for one in lines if one.subject_id], actor=actor)
    changed = []
    for one in lines:
        name = known.get(one.subject_id, "") if one.subject_id else ""
        if name and name != one.subject:
            one.subject = name[:250]
            changed.append(one)
    OrderLine.objects.bulk_update(changed, ["subject"])
