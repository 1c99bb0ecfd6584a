"""What orders add to the frame: the menu, the drafts that wait for a signature, the settings of their numbers."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kernel import audit
from kernel.access import Actor
from kernel.tenancy import Kind
from modules.orders import permissions, queries
from modules.orders.data import WAITING, Register
from modules.school import api as school
from ui import registry
from ui.registry import SearchHit, TodayCard


def _waiting(*, actor: Actor) -> Iterable[TodayCard]:
    """Drafts laid before whoever signs."""
    for book, count in queries.waiting(actor=actor).items():
        yield TodayCard(
            _("Orders to be signed"),
            ngettext("%(n)s draft waits", "%(n)s drafts wait", count) % {"n": count},
            f"{reverse(f'orders:book_{book}')}?state={WAITING}&year=all",
            "signature",
            urgency="soon",
            count=count,
        )


def _orders(query: str, *, actor: Actor, limit: int) -> Iterable[SearchHit]:
    for order in queries.find(actor=actor, text=query, limit=limit):
        yield SearchHit(
            f"№ {order.number}, {order.date:%d.%m.%Y}",
            order.title,
            reverse("orders:order", args=[order.id]),
            "gavel",
        )


registry.menu(
    section="school",
    label=gettext_lazy("Orders"),
    url_name="orders:book",
    permission=permissions.VIEW_ANY,
    icon="gavel",
    order=10,
    kinds={Kind.SCHOOL},
    match="orders:",
)
registry.today(_waiting, permission=permissions.SIGN)
registry.search(_orders, label=gettext_lazy("Orders"), permission=permissions.VIEW_ANY, order=60)

for book, label, default in (
    (Register.CONTINGENT, gettext_lazy("Number of an order on pupils"), "{n}-қ"),
    (Register.STAFF, gettext_lazy("Number of an order on staff"), "{n}-ж"),
    (Register.MAIN, gettext_lazy("Number of an order on the main activity"), "{n}"),
):
    school.declare_setting(
        f"orders.number_{book}",
        label,
        default=default,
        section=gettext_lazy("Orders"),
        hint=gettext_lazy("{n} stands for the number, which begins with 1 every January."),
        source=gettext_lazy("The school's own rules of office work"),
    )

audit.words(
    actions={
        "orders.order.drafted": gettext_lazy("Order drafted"),
        "orders.draft.discarded": gettext_lazy("Draft of an order thrown away"),
        "orders.order.signed": gettext_lazy("Order signed"),
        "orders.order.cancelled": gettext_lazy("Order cancelled by an order"),
        "orders.order.opened": gettext_lazy("Paper of an order opened"),
        "orders.book.exported": gettext_lazy("Book of orders exported"),
        "orders.numbers.begun": gettext_lazy("Numbering of orders begun"),
        "orders.template.changed": gettext_lazy("Text of an order changed"),
    },
    objects={
        "order": pgettext_lazy("of the security log", "order"),
        "register": pgettext_lazy("of the security log", "book of orders"),
        "order_template": pgettext_lazy("of the security log", "text of an order"),
    },
    purposes={"orders.order": gettext_lazy("opened the paper of an order")},
)
audit.naming("order", queries.labels)
