"""Stories made up at random: acts of people in any order, each done or refused in words."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kernel.access import Actor
from kernel.errors import DomainError
from modules.orders import api as orders
from modules.orders.models import Order


class Story:
    """What may happen next, with its weight, and what has happened so far."""

    acts: dict[Callable[[], Any], int]

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.told: list[str] = []
        self.done = 0

    def drawn(self) -> Callable[[], Any]:
        """The next act, already told of."""
        [act] = self.dice.choices(list(self.acts), weights=self.acts.values())
        self.told.append(act.__name__)
        return act

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Whatever breaks inside, of any kind, carries the story that led to it and goes on its way."""
        try:
            yield
        except Exception as trouble:
            trouble.add_note("\n".join(self.told))
            raise


class StoryOfOrders(Story):
    """Orders signed and taken back: a refusal changes nothing, and what is taken back at once leaves no trace."""

    def __init__(self, seed: int, actor: Actor, state: Callable[[], Any]) -> None:
        super().__init__(seed)
        self.actor = actor
        self.state = state

    def step(self) -> None:
        act, before = self.drawn(), self.state()
        try:
            made = act()
        except DomainError as refusal:
            self.told[-1] += f": {refusal}"
            assert self.state() == before, "a refusal changes nothing"
            return
        self.done += 1
        self.told[-1] += f" {made.number}" if made is not None else ""
        if made is not None and act != self.is_taken_back and self.dice.random() < 0.4:
            self.cancelled(made)
            self.told.append(f"and back {made.number}")
            assert self.state() == before, "what is taken back leaves no trace"

    def is_taken_back(self) -> orders.OrderInfo:
        found = list(Order.objects.filter(state="signed", cancels=None).order_by("number"))
        if not found:
            raise DomainError("nothing in force")
        target = self.dice.choice(found)
        self.told[-1] += f" {target.number}"
        return self.cancelled(target)

    def cancelled(self, order: Any) -> orders.OrderInfo:
        made = orders.draft_cancellation(actor=self.actor, order_id=order.id)
        try:
            return orders.sign(actor=self.actor, order_id=made.id)
        except DomainError:
            orders.discard(actor=self.actor, order_id=made.id)
            raise
