"""The door: a module declares a list and shows it with three views of a line each."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.access import require
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from registers import exporting, queries, services, showing
from registers.declaration import (
    REGISTERS,
    Bulk,
    Column,
    Done,
    Filter,
    Group,
    Persons,
    Register,
    Total,
)
from registers.listing import Listing
from registers.ordering import place
from registers.people import parts_of_name
from registers.permissions import SHARE
from registers.queries import Kept
from registers.state import State, read
from ui import render

__all__ = [
    "REGISTERS",
    "Bulk",
    "Column",
    "Done",
    "Filter",
    "Group",
    "Persons",
    "Register",
    "Total",
    "act",
    "listing_of",
    "parts_of_name",
    "place",
    "show",
    "workbook",
]

EXPORT = "export"
NAMED = 10


def listing_of(request: Request, register: Register, given: QueryDict | None = None) -> Listing:
    """The list as the address, or `given`, asks for it."""
    kept = queries.kept(actor=request.actor, register=register)
    return _listing(request, register, kept, request.GET if given is None else given)


def _listing(request: Request, register: Register, kept: Kept, given: QueryDict) -> Listing:
    around = register.around(request) if register.around else {}
    return Listing(register, request.actor, read(register, given), kept.columns, around)


def show(
    request: Request,
    register: Register,
    template: str = "registers/page.html",
    context: Mapping[str, Hashable] | None = None,
    *,
    help: str,
) -> HttpResponse:
    """The list as a page, or as a fragment for HTMX. An empty address opens the person's first view.

    What is in `context` is hashable: the page is drawn once for the same person, list and context.
    """
    kept = queries.kept(actor=request.actor, register=register)
    first = next((one for one in kept.views if one.id == kept.first_view), None)
    if first is not None and not request.GET:
        return redirect(f"{reverse(register.url)}?{first.query}&view={first.id}")
    listing = _listing(request, register, kept, request.GET)
    shown = showing.Shown(listing, kept)
    partial = render.htmx_partial(request)
    given = {"may_share": request.actor.may(SHARE), **(context or {})}
    response = render.page_once(
        request,
        "registers/fragment.html" if partial else template,
        {"list": shown, **given},
        key=(shown.key, *given.items()),
        pieces={"rows": shown.body},
        help=help,
    )
    if partial:
        response.headers["HX-Push-Url"] = f"{shown.url}{showing.to(listing.state)}"
    return response


def workbook(request: Request, register: Register) -> HttpResponse:
    """The list as it is shown, as a spreadsheet."""
    if register.export_permission:
        require(request.actor, register.export_permission)
    return exporting.workbook(listing_of(request, register))


def act(request: Request, register: Register) -> HttpResponse:
    """Do something to the chosen rows: ask first where the act wants to be asked about, then do it, with its undo."""
    asked = request.POST
    given = QueryDict(asked.get("query", "")[:2000])
    listing = listing_of(request, register, given)
    keys = listing.keys() if asked.get("all") else _keys(register, asked.getlist("one"))
    back = f"{reverse(register.url)}{showing.to(listing.state)}"
    rows = listing.kept(keys)
    if not rows:
        return render.toast(request, redirect(back), _("Nothing is chosen."), kind="warning")
    if asked.get("do") == EXPORT and register.may_export(request.actor):
        return exporting.workbook(listing, keys=[row.pk for row in rows])
    bulk = next((one for one in register.bulks_for(request.actor) if one.code == asked.get("do")), None)
    if bulk is None:
        raise NotFound
    return _act(request, register, bulk, rows, back=back, state=listing.state)


def _keys(register: Register, given: list[str]) -> list[Any]:
    keys = []
    for one in given[:5000]:
        try:
            keys.append(register.parse_key(one))
        except ValueError:
            raise NotFound from None
    return keys


def _act(
    request: Request, register: Register, bulk: Bulk, rows: list[Any], *, back: str, state: State
) -> HttpResponse:
    actor, is_said = request.actor, bool(request.POST.get("go"))
    form = bulk.form(request.POST if is_said else None, actor) if bulk.form else None
    refusal = ""
    if len(rows) > bulk.most:
        refusal = ngettext("Not more than %(n)s at once.", "Not more than %(n)s at once.", bulk.most) % {
            "n": bulk.most
        }
    elif (is_said or not (bulk.form or bulk.question)) and (form is None or form.is_valid()):
        try:
            done = bulk.run(
                actor=actor, keys=[row.pk for row in rows], given=form.cleaned_data if form else {}
            )
        except NotFound:
            raise
        except DomainError as no:
            refusal = str(no)
        else:
            return _answer(request, register, bulk, done, back)
    main = register.columns[0]
    context = {
        "bulk": bulk,
        "register": register,
        "form": form,
        "refusal": refusal,
        "count": len(rows),
        "counted": register.counted(len(rows)),
        "names": [main.value(one) for one in register.prepare(rows[:NAMED], actor)]
        if register.prepare
        else [main.value(one) for one in rows[:NAMED]],
        "more": max(0, len(rows) - NAMED),
        # Everything found is asked for again: a school has more pupils than a form may have fields.
        "keys": [] if request.POST.get("all") else [register.key(one) for one in rows],
        "query": state.query(),
        "back": back,
        "act_url": reverse(register.act_url),
    }
    bad = bool(refusal) or bool(form and form.errors)
    return render.page(request, "registers/bulk.html", context, status=422 if bad else 200)


def _answer(request: Request, register: Register, bulk: Bulk, done: Done, back: str) -> HttpResponse:
    if done.response is not None:
        return done.response
    undo_url = None
    if done.undo is not None:
        noted = services.note_act(actor=request.actor, register=register, act=bulk.code, undo=done.undo)
        undo_url = reverse("registers:undo", args=[noted.pk])
    return render.toast(request, redirect(done.then or back), done.text, kind=done.kind, undo_url=undo_url)
