"""The papers of this module: an order of each book, and the book itself."""

from django.utils.translation import gettext_lazy as _

from documents import form
from documents.data import TextPaper
from modules.orders import permissions
from modules.orders.data import REGISTER_LABELS as BOOKS
from modules.orders.data import BookPage, Register

for book in Register:
    form(
        f"orders.{book}",
        _("Order"),
        version=1,
        since="2020-08-01",
        template="order.typ",
        data=TextPaper,
        permission=permissions.VIEW[book],
    )

form(
    "orders.book",
    _("Book of orders"),
    version=1,
    since="2020-08-01",
    template="book.typ",
    data=BookPage,
    archived=False,
    texts={
        **{f"book_{code}": label for code, label in BOOKS.items()},
        "heading": _("Book of orders"),
        "year": _("{year}"),
        "no": _("Order No."),
        "date": _("Date"),
        "title": _("Contents"),
        "executor": _("Executor"),
        "cancelled": _("cancelled by order {number}"),
        "total": _("Orders in all: {n}"),
    },
)
