"""The door: kinds of orders are registered here, and other modules draft and sign through it."""

from __future__ import annotations

from modules.orders import permissions
from modules.orders.data import (
    Choice,
    Fault,
    LineInfo,
    NewLine,
    OrderInfo,
    Placeholder,
    Register,
    State,
    Words,
)
from modules.orders.kinds import OrderKind, register
from modules.orders.queries import get_order, orders_of, references
from modules.orders.services import (
    AlreadyInOrder,
    CannotBeCancelled,
    FaultyOrder,
    NotADraft,
    StaleOrder,
    add_lines,
    change,
    discard,
    draft,
    draft_and_sign,
    draft_cancellation,
    sign,
    submit,
)

__all__ = [
    "AlreadyInOrder",
    "CannotBeCancelled",
    "Choice",
    "Fault",
    "FaultyOrder",
    "LineInfo",
    "NewLine",
    "NotADraft",
    "OrderInfo",
    "OrderKind",
    "Placeholder",
    "Register",
    "StaleOrder",
    "State",
    "Words",
    "add_lines",
    "change",
    "discard",
    "draft",
    "draft_and_sign",
    "draft_cancellation",
    "get_order",
    "orders_of",
    "permissions",
    "references",
    "register",
    "sign",
    "submit",
]
