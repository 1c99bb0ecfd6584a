"""Reads of the books and of certificates."""

from modules.records.queries.alphabet import (
    book_lines,
    entries,
    lines_of,
    number_of,
    order_of,
    place_of,
    reason_of,
    unwritten,
    years_of_book,
)
from modules.records.queries.certificates import (
    certificates,
    destinations,
    genuine,
    get,
    of_child,
    of_pupil,
    waiting,
)
from modules.records.queries.movement import MovementYear, movement_of_year, names, strays

__all__ = [
    "MovementYear",
    "book_lines",
    "certificates",
    "destinations",
    "entries",
    "genuine",
    "get",
    "lines_of",
    "movement_of_year",
    "names",
    "number_of",
    "of_child",
    "of_pupil",
    "order_of",
    "place_of",
    "reason_of",
    "strays",
    "unwritten",
    "waiting",
    "years_of_book",
]
