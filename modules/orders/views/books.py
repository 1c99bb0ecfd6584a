"""The order books: search, filters, Excel, print; a new order; where the numbers begin."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import api as documents
from documents import excel
from kernel import audit, clock
from kernel.access import require, requires
from kernel.errors import DomainError
from kernel.http import Request
from modules.orders import forms, kinds, permissions, queries, services
from modules.orders.data import REGISTER_LABELS, STATE_LABELS, BookPage, Register, State
from modules.orders.models import Order
from ui import render
from ui.components import Tab

PAGE = 50


@require_GET
@requires(*permissions.VIEW_ANY)
def book(request: Request) -> HttpResponse:
    """One book of one year; `?as=excel` and `?as=pdf` give it whole."""
    actor = request.actor
    register = _register(request)
    year = _year(request)
    wanted = {name: request.GET.get(name, "").strip()[:100] for name in ("kind", "state", "q", "sort")}
    wanted["sort"] = wanted["sort"] or "-number"
    rows = queries.book(
        actor=actor,
        register=register,
        year=year,
        kind=wanted["kind"],
        state=wanted["state"],
        text=wanted["q"],
        sort=wanted["sort"],
    )
    if request.GET.get("as") == "excel":
        return _excel(request, register, year, list(rows))
    if request.GET.get("as") == "pdf":
        return _printed(request, register, year)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [_line(row) for row in page.object_list]
    address = reverse("orders:book")
    context = {
        "page": page,
        "lines": lines,
        "wanted": wanted,
        "register": register,
        "register_label": REGISTER_LABELS[register],
        "year": year,
        "years": sorted(
            {year, clock.today().year, *queries.years(actor=actor, register=register)}, reverse=True
        ),
        "tabs": [
            Tab(REGISTER_LABELS[one], f"{address}?register={one}", active=one == register)
            for one in queries.books(actor=actor)
        ],
        "kinds": sorted(
            ((kind.code, kind.title) for kind in kinds.KINDS.values() if kind.register == register),
            key=lambda pair: str(pair[1]),
        ),
        "states": list(STATE_LABELS.items()),
        "may_draft": bool(kinds.offered(actor=actor, book=register)),
        "may_begin": actor.may(permissions.TEMPLATES) and not queries.last_number(register, year),
        "may_texts": actor.may(permissions.TEMPLATES),
        "numbers": forms.Numbers(),
        "excel_query": _query(request, "excel"),
        "pdf_query": _query(request, "pdf"),
    }
    template = "orders/_book.html" if render.htmx_partial(request) else "orders/book.html"
    return render.page(request, template, context, help="orders/book")


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
    back = redirect(f"{reverse('orders:book')}?register={register}&year={year}")
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


def _query(request: Request, kind: str) -> str:
    query = request.GET.copy()
    query["as"] = kind
    query.pop("page", None)
    return f"?{query.urlencode()}"


def _line(row: Order) -> dict[str, Any]:
    order = queries.info(row)
    kind = kinds.KINDS.get(row.kind)
    return {
        "order": order,
        "kind": kind.title if kind else row.kind,
        "icon": kind.icon if kind else "file-text",
        "state": STATE_LABELS[row.state],
        "tone": tone(row.state),
    }


def tone(state: str) -> str:
    return {State.DRAFT: "info", State.SIGNED: "success", State.CANCELLED: "neutral"}[State(state)]


def _excel(request: Request, register: Register, year: int, rows: list[Order]) -> HttpResponse:
    audit.record(
        actor=request.actor,
        action="orders.book.exported",
        object_type="register",
        object_id=register,
        details={"year": year, "count": len(rows)},
    )
    columns = [
        excel.Column(_("Order No.")),
        excel.Column(_("Date"), "date"),
        excel.Column(_("Contents"), width=60),
        excel.Column(_("Kind of order")),
        excel.Column(_("Executor")),
        excel.Column(_("State")),
    ]
    lines = (
        (
            one["order"].number,
            one["order"].date,
            one["order"].title,
            one["kind"],
            one["order"].executor,
            one["state"],
        )
        for one in map(_line, rows)
    )
    name = f"{_('Book of orders')} {year}"
    return excel.response(name, [excel.Sheet(REGISTER_LABELS[register], columns, lines)])


def _printed(request: Request, register: Register, year: int) -> HttpResponse:
    require(request.actor, permissions.VIEW[register])
    lines = queries.book_lines(actor=request.actor, register=register, year=year)
    printed = documents.render(
        "orders.book", BookPage(register, year, lines), language=render.language(), actor=request.actor
    )
    response = HttpResponse(printed.content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(printed.name, inline=True)
    return response
