"""Kinds that belong to no other module: a free order on the main activity, and the order that cancels another."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from documents.api import in_words
from kernel.access import Actor
from modules.orders import forms, kinds, permissions, queries
from modules.orders.data import Fault, OrderInfo, Placeholder, Register, Words
from modules.orders.services import signing
from modules.orders.services.drafting import CANCEL


class Plain(kinds.OrderKind):
    """Any order on the main activity: its text is typed, it changes nothing in the product."""

    code = "orders.plain"
    title = _("Order on the main activity")
    heading = _("On the main activity")
    register = Register.MAIN
    permission = permissions.DRAFT
    head = forms.PlainText
    placeholders = (
        Placeholder(
            "text",
            _("text of the order"),
            {
                "kk": "Мектептегі кезекшілік кестесі бекітілсін.",
                "ru": "Утвердить график дежурства по школе.",
            },
        ),
    )

    def words(self, order: OrderInfo, *, language: str) -> Words:
        return Words({"text": str(order.values.get("text", ""))})


class Cancellation(kinds.OrderKind):
    """Takes back what another order did; it stands in the same book."""

    code = CANCEL
    title = _("Cancelling an order")
    heading = _("On the cancelling of an order")
    register = Register.MAIN  # of the order it cancels, in fact
    permission = permissions.DRAFT
    offered = False
    placeholders = (
        Placeholder("cancelled.number", _("number of the cancelled order"), {"kk": "87-қ", "ru": "87-қ"}),
        Placeholder(
            "cancelled.date",
            _("date of the cancelled order"),
            {"kk": "2026 жылғы 12 қараша", "ru": "12 ноября 2026 г."},
        ),
        Placeholder(
            "cancelled.title",
            _("what the cancelled order was about"),
            {
                "kk": "Оқушыларды басқа сыныпқа ауыстыру туралы",
                "ru": "О переводе обучающихся в другие классы",
            },
        ),
    )

    def check(self, order: OrderInfo, *, actor: Actor) -> Iterable[Fault]:
        return signing.objections(self._target(order, actor), actor=actor)

    def words(self, order: OrderInfo, *, language: str) -> Words:
        target = queries.references([order.cancels_id])[order.cancels_id] if order.cancels_id else order
        return Words(
            {
                "cancelled.number": target.number,
                "cancelled.date": in_words(target.date, language),
                "cancelled.title": target.title_in(language),
            }
        )

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        signing.cancel(self._target(order, actor).id, by=order, actor=actor)

    def _target(self, order: OrderInfo, actor: Actor) -> OrderInfo:
        assert order.cancels_id is not None
        return queries.get_order(actor=actor, order_id=order.cancels_id)


kinds.register(Plain())
kinds.register(Cancellation())
