"""The password once more, before what must not be done at a computer left open."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from identity import proving
from identity.services import proof
from identity.views.passkeys import owner_of_answer
from identity.views.signing import safe_next
from kernel import clock
from kernel.access import signed_in
from kernel.errors import DomainError
from kernel.http import Request


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def prove(request: Request) -> HttpResponse:
    """Ask for the password, and go on to where the person was going."""
    wish, back = safe_next(request), proving.page_before(request)
    asked = request.POST if request.method == "POST" else request.GET
    carried = [("next", wish)] + ([("file", "1")] if "file" in asked else [])
    refusal, status = "", 200
    if request.method == "POST":
        try:
            _take(request, act=_route_of(wish))
        except DomainError as no:
            refusal, status = str(no), no.status
        else:
            return proving.ready(request, wish, back) if "file" in asked else HttpResponseRedirect(wish)
    return proving.page(
        request, action=request.path, carried=carried, back=back, refusal=refusal, status=status
    )


def _take(request: Request, *, act: str) -> None:
    """The password that was typed; nothing is, where a passkey has just shown who it is."""
    typed = request.POST.get(proving.TYPED, "")
    session: Any = request.session  # our row, not Django's
    if not typed and proof.is_fresh(session, at=clock.now()):
        return
    proving.prove(request, typed, act=act)


def _route_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""


@never_cache
@require_POST
@signed_in
def prove_by_passkey(request: Request) -> HttpResponse:
    """Take the passkey for the password; the page then sends its form by itself."""
    try:
        proof.prove_by_passkey(actor=request.actor, owner=owner_of_answer(request))
    except DomainError as no:
        return JsonResponse({"code": no.code, "message": str(no)}, status=no.status)
    return JsonResponse({})
