"""What a person sets about a list: columns of her own, saved views, and the undo of an act on many rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.access import signed_in
from kernel.errors import DomainError
from kernel.http import Request
from registers import api, queries, services, showing
from registers.declaration import Register
from registers.models import SavedView
from registers.state import read
from ui import render

View = Callable[..., HttpResponse]


def _of_list(view: View) -> View:
    """The list by its code, for those who may open it, in the state that the form came from."""

    @wraps(view)
    def found(request: Request, code: str, **ids: Any) -> HttpResponse:
        register = queries.get_register(code, actor=request.actor)
        given = QueryDict(request.POST.get("query", "")[:2000])
        try:
            return view(request, register, given, **ids)
        except DomainError as no:
            if no.status in (403, 404):
                raise
            return render.toast(request, redirect(_back(register, given)), str(no), kind="warning")

    return found


def _back(register: Register, given: QueryDict) -> str:
    return f"{reverse(register.url)}{showing.to(read(register, given))}"


def _opened(register: Register, view: SavedView) -> str:
    return f"{reverse(register.url)}?{view.query}&view={view.pk}"


@require_POST
@signed_in
@_of_list
def columns(request: Request, register: Register, given: QueryDict) -> HttpResponse:
    """Keep the columns ticked, in the order in which they stand; `up` and `down` move one without a script."""
    wanted = list(dict.fromkeys(request.POST.getlist("column")))
    for way, step in (("up", -1), ("down", 1)):
        moved = request.POST.get(way, "")
        if moved in wanted:
            place = wanted.index(moved)
            wanted.insert(max(0, place + step), wanted.pop(place))
    if "reset" in request.POST:
        wanted = []
    if given.get("cols"):
        # The columns stand in the address, which a link or a saved view brought: there they are changed.
        given = given.copy()
        given["cols"] = ",".join(wanted)
    else:
        services.keep_columns(actor=request.actor, register=register, columns=wanted)
    return redirect(_back(register, given))


@require_POST
@signed_in
@_of_list
def save_view(request: Request, register: Register, given: QueryDict) -> HttpResponse:
    """Keep the list as it is shown under a name."""
    row = services.save_view(
        actor=request.actor,
        register=register,
        name=request.POST.get("name", ""),
        query=showing.view_query(api.listing_of(request, register, given)),
        is_shared="shared" in request.POST,
        opens_first="first" in request.POST,
    )
    return render.toast(
        request, redirect(_opened(register, row)), _("The view is saved: {name}").format(name=row.name)
    )


@require_POST
@signed_in
@_of_list
def change_view(request: Request, register: Register, given: QueryDict, view_id: UUID) -> HttpResponse:
    """Rename and share; or with `keep` let the view show what is shown now."""
    if "keep" in request.POST:
        query = showing.view_query(api.listing_of(request, register, given))
        row = services.change_view(actor=request.actor, register=register, view_id=view_id, query=query)
        return render.toast(request, redirect(_opened(register, row)), _("Saved"))
    services.change_view(
        actor=request.actor,
        register=register,
        view_id=view_id,
        name=request.POST.get("name", ""),
        is_shared="shared" in request.POST,
    )
    return render.toast(request, redirect(_back(register, given)), _("Saved"))


@require_POST
@signed_in
@_of_list
def remove_view(request: Request, register: Register, given: QueryDict, view_id: UUID) -> HttpResponse:
    row = services.remove_view(actor=request.actor, register=register, view_id=view_id)
    given = given.copy()
    given.pop("view", None)
    return render.toast(
        request,
        redirect(_back(register, given)),
        _("The view is removed: {name}").format(name=row.name),
        undo_url=reverse("registers:restore_view", args=[register.code, row.pk]),
    )


@require_POST
@signed_in
@_of_list
def restore_view(request: Request, register: Register, _given: QueryDict, view_id: UUID) -> HttpResponse:
    row = services.restore_view(actor=request.actor, register=register, view_id=view_id)
    return render.toast(
        request, redirect(_opened(register, row)), _("The view is back: {name}").format(name=row.name)
    )


@require_POST
@signed_in
@_of_list
def first_view(request: Request, register: Register, given: QueryDict, view_id: UUID) -> HttpResponse:
    """Let the list open with this view, or no more."""
    wanted = None if "off" in request.POST else view_id
    services.open_first(actor=request.actor, register=register, view_id=wanted)
    return render.toast(request, redirect(_back(register, given)), _("Saved"))


@require_POST
@signed_in
def undo(request: Request, act_id: UUID) -> HttpResponse:
    """Take back one's own act on many rows."""
    register, said = services.undo(actor=request.actor, act_id=act_id)
    return render.toast(request, redirect(reverse(register.url)), said or _("Taken back"))
