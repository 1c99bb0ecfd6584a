"""Our own middleware around Django's: request log with metrics, headers, the largest body, refusals turned into pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from config import metrics
from kernel import audit
from kernel.access import SignInNeeded
from kernel.db.base import is_refused_by_rights
from kernel.errors import DomainError, NotAllowed, NotFound, ReadOnly, TooLarge
from kernel.ids import uuid7
from tenants import api as tenants
from ui.render import htmx_partial, toast

log = structlog.get_logger("request")
Handler = Callable[[HttpRequest], HttpResponse]


class RequestLog:
    """One structured line and one measurement per request; the path's variable parts are left out."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid7().hex  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        seconds = time.perf_counter() - begun
        match = request.resolver_match
        route = match.view_name or match.route if match else "unmatched"
        metrics.observe(request.method or "", route, response.status_code, seconds)
        log.info(
            "request",
            tenant=getattr(getattr(request, "tenant", None), "schema", None),
            method=request.method,
            route=route,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        response.headers["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        if getattr(request, "actor", None) is not None and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


class Headers:
    """Headers that Django has no setting for, on every answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in settings.HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class LargestBody:
    """Refuse a body that nothing here takes, by its announced length and before anybody reads it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.LARGEST_BODY:
            return refused(request, TooLarge(megabytes=settings.LARGEST_BODY // 1024**2))
        return self.get_response(request)


class Refusals:
    """What the rules refuse becomes a page, a fragment or JSON in the reader's language; the log keeps what it tells of.

    A view that does not say who may open it is opened to nobody.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.refusals_kept():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        if says_who(view):
            return None
        log.error("route.silent", route=request.resolver_match and request.resolver_match.view_name)
        return refused(request, NotFound())

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, SignInNeeded):
            return _to_sign_in(request)
        if isinstance(exception, (ObjectDoesNotExist, Http404)):
            exception = NotFound()
        if isinstance(exception, PermissionDenied):
            exception = NotAllowed()
        if is_refused_by_rights(exception) and not tenants.refreshed(request.tenant).writes:  # type: ignore[attr-defined]
            exception = ReadOnly()  # it has come into this state a moment ago
        return refused(request, exception) if isinstance(exception, DomainError) else None


def says_who(view: Callable[..., Any]) -> bool:
    """Whether the view carries one of kernel.access's guards. Operations of the API are looked at when it is built."""
    if getattr(getattr(view, "func", view), "__module__", "").startswith("ninja."):
        return True
    return bool(
        getattr(view, "permissions", ())
        or getattr(view, "signed_in", False)
        or getattr(view, "is_public", False)
    )


def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """The refusal as the asker reads it."""
    if request.path.startswith("/api/") or request.content_type == "application/json":
        return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=refusal.status)
    if htmx_partial(request):
        # What stands on the page stays there, and the words come beside it.
        answer = HttpResponse(status=refusal.status, headers={"HX-Reswap": "none"})
        return toast(request, answer, str(refusal), kind="danger")
    template = {403: "ui/errors/403.html", 404: "ui/errors/404.html"}.get(
        refusal.status, "ui/errors/refusal.html"
    )
    return render(request, template, {"refusal": refusal, "message": str(refusal)}, status=refusal.status)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/") or request.content_type == "application/json":
        return JsonResponse({"code": "sign_in", "message": "sign in"}, status=401)
    try:
        where = reverse("identity:sign_in")
    except NoReverseMatch:
        where = "/"
    back = _page_of(request)
    told = {"over": getattr(request, "over", ""), "next": back if back != "/" else ""}
    query = urlencode({name: value for name, value in told.items() if value})
    target = f"{where}?{query}" if query else where
    # A fragment's page stays, with all that is typed on it, and offers the way in beside it.
    return HttpResponse(status=401 if htmx_partial(request) else 302, headers={"Location": target})


def _page_of(request: HttpRequest) -> str:
    """The page that the person is looking at: a form or a fragment of it has an address of its own."""
    htmx = getattr(request, "htmx", None)
    if htmx:
        return htmx.current_url_abs_path or ""
    if request.method == "GET":
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    return urlunsplit(("", "", page.path, page.query, "")) if page.netloc == request.get_host() else ""
