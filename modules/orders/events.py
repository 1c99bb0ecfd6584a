"""What orders tell the others. What an order does is told by the module whose kind it is."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderSigned(Event):
    """An order is in force."""

    name = "orders.order.signed.v1"
    order_id: str
    kind: str
    register: str
    number: str
    date: str


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """An order has lost its force by another one."""

    name = "orders.order.cancelled.v1"
    order_id: str
    kind: str
    by_order_id: str


@dataclass(frozen=True, kw_only=True)
class OrderSubmitted(Event):
    """A draft waits for the director's signature."""

    name = "orders.order.submitted.v1"
    order_id: str
    kind: str
    title_kk: str
    title_ru: str
