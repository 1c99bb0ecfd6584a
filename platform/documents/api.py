"""The door: printing, numbering, issuing, days in words."""

from documents.dates import in_words
from documents.engine import qr
from documents.registry import letterhead
from documents.services import issue, next_number, render, to_png
from documents.slips import print_slips

__all__ = ["in_words", "issue", "letterhead", "next_number", "print_slips", "qr", "render", "to_png"]
