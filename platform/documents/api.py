"""The door: printing, numbering, issuing, days in words."""

from documents.dates import in_words
from documents.engine import qr
from documents.queries import kept
from documents.registry import letterhead
from documents.services import begin_numbers, issue, next_number, render, to_png
from documents.slips import Shape, print_slips

__all__ = [
    "Shape",
    "begin_numbers",
    "in_words",
    "issue",
    "kept",
    "letterhead",
    "next_number",
    "print_slips",
    "qr",
    "render",
    "to_png",
]
