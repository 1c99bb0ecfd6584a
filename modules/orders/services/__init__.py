"""Changes of orders: drafts, signing, cancelling."""

from modules.orders.services.drafting import (
    AlreadyInOrder,
    NotADraft,
    NotInForce,
    StaleOrder,
    add_lines,
    change,
    change_line,
    discard,
    draft,
    draft_cancellation,
    drop_lines,
    submit,
)
from modules.orders.services.signing import (
    CannotBeCancelled,
    EarlierThanLast,
    FaultyOrder,
    InTheFuture,
    NumbersGiven,
    begin_numbers,
    draft_and_sign,
    sign,
)

__all__ = [
    "AlreadyInOrder",
    "CannotBeCancelled",
    "EarlierThanLast",
    "FaultyOrder",
    "InTheFuture",
    "NotADraft",
    "NotInForce",
    "NumbersGiven",
    "StaleOrder",
    "add_lines",
    "begin_numbers",
    "change",
    "change_line",
    "discard",
    "draft",
    "draft_and_sign",
    "draft_cancellation",
    "drop_lines",
    "sign",
    "submit",
]
