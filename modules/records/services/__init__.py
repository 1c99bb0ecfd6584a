"""Writing into the alphabetical book; ordering, issuing and withdrawing certificates of study."""

from modules.records.services.alphabet import write_in
from modules.records.services.certificates import (
    AlreadyOrdered,
    NotAnOrder,
    NotInClass,
    NotIssued,
    Wanted,
    decline,
    issue,
    issue_ordered,
    order,
    paper,
    papers_again,
    term_of_validity,
    withdraw,
)

__all__ = [
    "AlreadyOrdered",
    "NotAnOrder",
    "NotInClass",
    "NotIssued",
    "Wanted",
    "decline",
    "issue",
    "issue_ordered",
    "order",
    "paper",
    "papers_again",
    "term_of_validity",
    "withdraw",
    "write_in",
]
