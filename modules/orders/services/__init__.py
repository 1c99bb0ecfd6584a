"""Changes of orders: drafts, signing, cancelling."""

from modules.orders.services.drafting import (
    AlreadyInOrder,
    NotADraft,
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
    "StaleOrder",
    "add_lines",
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
