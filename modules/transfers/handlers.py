"""Letters of other schools and orders of the own one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from kernel import audit
from kernel.access import Actor
from kernel.events import handles
from modules.orders.events import OrderCancelled, OrderSigned
from modules.transfers import letters, services
from tenants import post
from tenants.post import Letter


def _read(body: type[letters.Letter]) -> None:
    """Take in the letters of the kind, read by their shape."""

    def take(letter: Letter, *, actor: Actor) -> None:
        try:
            said = body.model_validate(dict(letter.body))
        except ValidationError as faults:
            # Where it is faulty, never what stands there: the log is no place for a child's data.
            places = sorted({".".join(map(str, one["loc"])) for one in faults.errors(include_input=False)})
            audit.record(
                actor=actor,
                action="transfers.letter_malformed",
                object_type="letter",
                object_id=letter.id,
                outcome="refused",
                details={"kind": letter.kind, "from": str(letter.sender.id), "places": places[:20]},
            )
            return
        services.receive(letter, said, actor=actor)

    post.handles(letters.KINDS[body])(take)


for one in letters.KINDS:
    _read(one)


@handles(OrderSigned)
def go_on(event: OrderSigned, *, actor: Actor, at: datetime) -> None:
    services.on_signed(UUID(event.order_id), actor=actor)


@handles(OrderCancelled)
def go_back(event: OrderCancelled, *, actor: Actor, at: datetime) -> None:
    services.on_cancelled(UUID(event.order_id), actor=actor)
