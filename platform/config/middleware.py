"""The outermost and the innermost middleware: request log with metrics, and refusals turned into pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from config import metrics
from kernel.access import SignInNeeded
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.ids import uuid7

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


class ContentPolicy:
    """What a page may load: nothing from elsewhere and nothing inline, the same for all (settings.CONTENT_POLICY)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {sources}" for name, sources in settings.CONTENT_POLICY.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = self.policy
        return response


class Refusals:
    """What the rules refuse becomes a page, a fragment or JSON in the reader's language."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, SignInNeeded):
            return _to_sign_in(request)
        if isinstance(exception, (ObjectDoesNotExist, Http404)):
            exception = NotFound()
        if isinstance(exception, PermissionDenied):
            exception = NotAllowed()
        if not isinstance(exception, DomainError):
            return None
        if request.path.startswith("/api/") or request.content_type == "application/json":
            return JsonResponse({"code": exception.code, "message": str(exception)}, status=exception.status)
        template = {403: "ui/errors/403.html", 404: "ui/errors/404.html"}.get(
            exception.status, "ui/errors/refusal.html"
        )
        return render(
            request, template, {"refusal": exception, "message": str(exception)}, status=exception.status
        )


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/") or request.content_type == "application/json":
        return JsonResponse({"code": "sign_in", "message": "sign in"}, status=401)
    try:
        where = reverse("identity:sign_in")
    except NoReverseMatch:
        where = "/"
    back = request.get_full_path() if request.method == "GET" and not getattr(request, "htmx", False) else ""
    target = f"{where}?{urlencode({'next': back})}" if back and back != "/" else where
    response = HttpResponse(status=302)
    if getattr(request, "htmx", False):
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = target
    else:
        response.headers["Location"] = target
    return response
