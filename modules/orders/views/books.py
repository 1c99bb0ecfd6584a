"""The order books: search, filters, Excel, print; a new order; where the numbers begin."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import api as documents
from documents import excel
from identity import api as identity
from kernel import clock
from kernel.access import requires
from kernel.errors import DomainError
from kernel.http import Request
from modules.orders import forms, kinds, permissions, queries, services
from modules.orders.data import REGISTER_LABELS, BookPage, Register
from modules.orders.registers import BOOKS
from registers import api as registers
from ui import render
from ui.components import Tab


@require_GET
@requires(*permissions.VIEW_ANY)
def index(request: Request) -> HttpResponse:
    """The asked book, or the first one that is open, with the rest of the address."""
    query = request.GET.copy()
    query.pop("register", None)
    address = reverse(f"orders:book_{_register(request)}")
    return redirect(f"{address}?{query.urlencode()}" if query else address)


def of_book(register: Register, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of one book, for those to whom this book is open."""
    return require_GET(requires(permissions.VIEW[register])(view))


def book(request: Request, register: Register) -> HttpResponse:
    """One book: search, filters, views; the numbers of a book that was kept on paper."""
    actor = request.actor
    year = clock.today().year
    may_texts = actor.may(permissions.TEMPLATES)
    context = {
        "register": register,
        "year": year,
        "years": tuple(sorted({year, *queries.years(actor=actor, register=register)}, reverse=True)),
        "tabs": tuple(
            Tab(REGISTER_LABELS[one], reverse(f"orders:book_{one}"), active=one == register)
            for one in queries.books(actor=actor)
        ),
        "print_url": reverse(f"orders:print_{register}"),
        "may_draft": bool(kinds.offered(actor=actor, book=register)),
        "may_begin": may_texts and not queries.last_number(register, year),
        "may_texts": may_texts,
        "numbers": forms.Numbers,  # made where the template names it
    }
    return registers.show(request, BOOKS[register], "orders/book.html", context, help="orders/book")


@identity.proved(file=True)
def excel_list(request: Request, register: Register) -> HttpResponse:
    """The book as it is shown."""
    return registers.workbook(request, BOOKS[register])


def printed(request: Request, register: Register) -> HttpResponse:
    """Signed orders of a year on paper, whatever the list is narrowed by."""
    year = _year(request)
    lines = queries.book_lines(actor=request.actor, register=register, year=year)
    made = documents.render(
        "orders.book", BookPage(register, year, lines), language=render.language(), actor=request.actor
    )
    response = HttpResponse(made.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(made.name, inline=True)
    return response


@require_http_methods(["GET", "POST"])
@requires(*permissions.VIEW_ANY)
def new(request: Request) -> HttpResponse:
    """Kinds of orders that the person may draft; a press makes the draft."""
    actor = request.actor
    if request.method == "POST":
        kind = kinds.KINDS.get(request.POST.get("kind", ""))
        if kind is None or not kind.offered:
            raise Http404
        made = services.draft(actor=actor, kind=kind.code)
        return redirect("orders:order", made.id)
    offered = kinds.offered(actor=actor)
    groups = [
        (REGISTER_LABELS[one], found)
        for one in Register
        if (found := [kind for kind in offered if kind.register == one])
    ]
    return render.page(request, "orders/new.html", {"groups": groups}, help="orders/order")


@require_POST
@requires(permissions.TEMPLATES)
def begin_numbers(request: Request) -> HttpResponse:
    """Go on from the paper book."""
    register, year = _register(request), _year(request)
    form = forms.Numbers(request.POST)
    back = redirect(f"orders:book_{register}")
    if not form.is_valid():
        return render.toast(request, back, _("Type a whole number."), kind="danger")
    try:
        services.begin_numbers(
            actor=request.actor, register=register, year=year, last=form.cleaned_data["last"]
        )
    except DomainError as refusal:
        return render.toast(request, back, str(refusal), kind="danger")
    return render.toast(
        request, back, _("The next order gets the number {n}").format(n=form.cleaned_data["last"] + 1)
    )


def _register(request: Request) -> Register:
    """The asked book, or the first one that is open to the actor."""
    asked = request.GET.get("register") or request.POST.get("register") or ""
    if asked in set(Register):
        return Register(asked)
    return next(iter(queries.books(actor=request.actor)), Register.MAIN)


def _year(request: Request) -> int:
    asked = request.GET.get("year") or request.POST.get("year") or ""
    return int(asked) if asked.isdecimal() and len(asked) == 4 else clock.today().year
