"""Letters of other schools and orders of the own one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.access import Actor
from kernel.events import handles
from modules.orders.events import OrderCancelled, OrderSigned
from modules.transfers import letters, services
from tenants import post

for shape, kind in letters.KINDS.items():
    post.reads(kind, shape, services.receive)


@handles(OrderSigned)
def go_on(event: OrderSigned, *, actor: Actor, at: datetime) -> None:
    services.on_signed(UUID(event.order_id), actor=actor)


@handles(OrderCancelled)
def go_back(event: OrderCancelled, *, actor: Actor, at: datetime) -> None:
    services.on_cancelled(UUID(event.order_id), actor=actor)
