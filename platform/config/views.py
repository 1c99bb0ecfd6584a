"""Views of the installation itself: health, readiness, metrics, and the pages of errors."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from kernel import tenancy
from kernel.access import public_view

_NEAR = {"127.0.0.1", "::1"}


@public_view
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@public_view
def readyz(request: HttpRequest) -> HttpResponse:
    """The database and the cache answer too."""
    checks = {}
    try:
        with tenancy.register(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = "ok"
    except DatabaseError:
        checks["database"] = "down"
    try:
        cache.set("readyz", 1, 5)
        checks["cache"] = "ok" if cache.get("readyz") == 1 else "down"
    except OSError:
        checks["cache"] = "down"
    except Exception:  # a cache client raises errors of its own family
        checks["cache"] = "down"
    good = set(checks.values()) == {"ok"}
    return JsonResponse({"status": "ok" if good else "down", **checks}, status=200 if good else 503)


@public_view
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, to the machine's own address only; a proxy in front never passes this path."""
    if request.META.get("REMOTE_ADDR") not in _NEAR or "HTTP_X_FORWARDED_FOR" in request.META:
        return HttpResponse(status=404)
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@public_view
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old or came from elsewhere; say so and keep what was typed in the browser."""
    return render(request, "ui/errors/csrf.html", {"base_host": settings.BASE_HOST}, status=403)


@csrf_exempt
@public_view
def misdirected(request: HttpRequest) -> HttpResponse:
    """Nobody lives at this host."""
    port = request.get_host().partition(":")[2]
    base = f"{settings.BASE_HOST}:{port}" if port else settings.BASE_HOST
    return render(request, "ui/errors/421.html", {"base_host": base}, status=421)


@csrf_exempt
@public_view
def archived(request: HttpRequest) -> HttpResponse:
    """The organisation of this host is in the archive."""
    return render(request, "ui/errors/archived.html", status=410)


@public_view
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/errors/404.html", status=404)


@public_view
def server_error(request: HttpRequest) -> HttpResponse:
    return render(None, "ui/errors/500.html", status=500)
