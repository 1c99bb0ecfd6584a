"""The door: printing, numbering, issuing, days in words, and signing with ЭЦП."""

from documents.dates import in_words
from documents.engine import qr
from documents.queries import kept
from documents.registry import letterhead
from documents.services import begin_numbers, issue, next_number, render, to_png
from documents.signing.kinds import iin_of_signers, signed_kind
from documents.signing.queries import versions
from documents.signing.services import freeze
from documents.slips import Shape, print_slips

__all__ = [
    "Shape",
    "begin_numbers",
    "freeze",
    "iin_of_signers",
    "in_words",
    "issue",
    "kept",
    "letterhead",
    "next_number",
    "print_slips",
    "qr",
    "render",
    "signed_kind",
    "to_png",
    "versions",
]
