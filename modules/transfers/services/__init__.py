"""Changes of transfers: asking and taking in, answering and letting go, and what letters and orders bring about."""

from modules.transfers.services.answering import (
    AlreadyPromised,
    NotTheChild,
    agree,
    confirm_arrival,
    draft_again,
    let_go,
    refuse,
)
from modules.transfers.services.asking import (
    AlreadyAsked,
    LearnsHere,
    NoGround,
    NotASchool,
    OtherYear,
    WhoIsIt,
    WrongDay,
    ask,
    await_papers,
    has_not_come,
    take_in,
    withdraw,
)
from modules.transfers.services.following import (
    expire,
    on_cancelled,
    on_signed,
    receive,
    send_due,
)
from modules.transfers.services.steps import WrongState

__all__ = [
    "AlreadyAsked",
    "AlreadyPromised",
    "LearnsHere",
    "NoGround",
    "NotASchool",
    "NotTheChild",
    "OtherYear",
    "WhoIsIt",
    "WrongDay",
    "WrongState",
    "agree",
    "ask",
    "await_papers",
    "confirm_arrival",
    "draft_again",
    "expire",
    "has_not_come",
    "let_go",
    "on_cancelled",
    "on_signed",
    "receive",
    "refuse",
    "send_due",
    "take_in",
    "withdraw",
]
