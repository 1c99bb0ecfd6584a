"""Kinds of orders: modules register what an order may do, this module knows neither pupils nor staff.

In the module's orders.py (imported at start):

    class MoveInside(OrderKind):
        code = "contingent.move"
        title = _("Move to another class")
        heading = _("On the transfer of pupils to other classes")
        register = Register.CONTINGENT
        permission = permissions.EDIT
        head = MoveHead          # a Django form: what holds for the whole order
        line = MoveLine          # a Django form: what holds for one line
        placeholders = (Placeholder("line.to_class", _("class to which"), {"kk": "7Ә", "ru": "7Ә"}, of_line=True),)

        def check(self, order, *, actor): ...
        def words(self, order, *, language): ...
        def apply(self, order, *, actor): ...
        def revert(self, order, *, actor): ...

    orders.register(MoveInside())
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps

from kernel.access import Actor, Permission
from modules.orders.data import Choice, Fault, OrderInfo, Placeholder, Register, Words


class OrderKind:
    """What one kind of order is. One instance serves every school: it keeps no state of its own.

    An order is drafted with `values` (what `head` cleaned) and lines (subject and what `line` cleaned); it changes
    nothing until it is signed. Signing runs, in one transaction: the number, `check`, `words`, `apply`, the frozen text. Only an
    order of cancellation takes it back: `objections`, then `revert`, again in one transaction.
    """

    code: str
    title: Any  # the name of the kind, for menus and filters
    heading: Any  # what the order is about, as it stands in the book and above the text
    register: Register
    permission: Permission  # who may draft it; signing has a permission of its own
    icon: str = "file-text"
    # What a line is about, for logs and links ("pupil", "employee"); empty for an order without lines.
    subject: str = ""
    head: type[forms.Form] = forms.Form
    line: type[forms.Form] = forms.Form
    # A line of many fields is edited on a page of its own, a short one in the table of lines.
    long_lines: bool = False
    # Lines about people who are in the school are chosen from `choices`; others (a newcomer) are typed.
    chosen: bool = True
    # False hides the kind from the list of new orders: another page or service makes its drafts.
    offered: bool = True
    placeholders: tuple[Placeholder, ...] = ()

    def given_text(self, language: str) -> str:
        """The text that comes with the product, in the words of documents.word.compose, without the frame around it."""
        label, _dot, name = self.code.partition(".")
        folder = Path(apps.get_app_config(label).path) / "print" / "orders"
        return (folder / f"{name}.{language}.txt").read_text(encoding="utf-8")

    # --- drafting

    def head_form(
        self, data: Any = None, *, actor: Actor, order: OrderInfo | None, **options: Any
    ) -> forms.Form:
        """The form of the whole order; a kind fills its choices here."""
        return self.head(data, **options)

    def line_form(self, data: Any = None, *, actor: Actor, order: OrderInfo, **options: Any) -> forms.Form:
        """The form of one line."""
        return self.line(data, **options)

    def groups(self, *, actor: Actor) -> Sequence[tuple[str, str]]:
        """Groups by which people are chosen (classes, departments): (code, name)."""
        return ()

    def choices(self, *, actor: Actor, order: OrderInfo, text: str = "", group: str = "") -> Sequence[Choice]:
        """Who may be added to the draft, in Kazakh order; at most a few hundred."""
        return ()

    def names(self, ids: Iterable[UUID], *, actor: Actor) -> Mapping[UUID, str]:
        """Names of subjects as they stand now: they are written into the lines when drafted and again when signed."""
        return {}

    def subject_name(self, values: Mapping[str, Any]) -> str:
        """The name of a typed line, from what its form cleaned."""
        return ""

    def subject_url(self, subject_id: UUID) -> str:
        """Where the card of the subject is; empty for none."""
        return ""

    def line_facts(self, order: OrderInfo, *, actor: Actor) -> Mapping[UUID, Sequence[tuple[str, str]]]:
        """What a line says, in words, by the line's id: (label, value), for the page of the order."""
        return {}

    # --- signing

    def check(self, order: OrderInfo, *, actor: Actor) -> Iterable[Fault]:
        """What keeps the order from being signed. The draft's page shows it; signing asks again, under locks."""
        return ()

    def words(self, order: OrderInfo, *, language: str) -> Words:
        """Values for the template's placeholders, in the language of the paper; asked before `apply`."""
        return Words(lines=[{} for _line in order.lines])

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        """Make it so. Runs inside the transaction of signing; `order` has its number and date. Any refusal undoes all."""

    # --- cancelling

    def objections(self, order: OrderInfo, *, actor: Actor) -> Iterable[Fault]:
        """What stands on the order and keeps it from being cancelled: later orders, marks."""
        return ()

    def revert(self, order: OrderInfo, *, actor: Actor) -> None:
        """Take the order's effect back. Runs inside the transaction of signing the order that cancels it."""


KINDS: dict[str, OrderKind] = {}


class UnknownKind(LookupError):
    """A program named a kind that nobody has registered."""


def register(kind: OrderKind) -> OrderKind:
    """Register a kind once, in the module's orders.py. A second one of the same code raises."""
    if kind.code in KINDS:
        raise ValueError(f"kind of order {kind.code} is registered twice")
    KINDS[kind.code] = kind
    return kind


def get(code: str) -> OrderKind:
    try:
        return KINDS[code]
    except KeyError:
        raise UnknownKind(code) from None


def offered(*, actor: Actor, book: Register | str | None = None) -> list[OrderKind]:
    """Kinds that the actor may draft by hand, by book and name."""
    known = [
        kind
        for kind in KINDS.values()
        if kind.offered and actor.may(kind.permission) and (book is None or kind.register == book)
    ]
    order = list(Register)
    return sorted(known, key=lambda kind: (order.index(kind.register), str(kind.title)))
