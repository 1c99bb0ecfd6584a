"""How views answer: a page with its frame, a fragment, a refusal with its form, a message, a job's progress."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as django_render
from django.utils.translation import get_language

from kernel import jobs
from kernel.jobs import Job
from ui import toasts
from ui.context import page_once as draw_once
from ui.context import school_year, theme

__all__ = [
    "htmx_partial",
    "language",
    "page",
    "page_once",
    "progress",
    "refused",
    "school_year",
    "theme",
    "toast",
]

STOP_POLLING = 286
ENDED = {"done", "failed", "cancelled"}


def htmx_partial(request: HttpRequest) -> bool:
    """True when HTMX wants a fragment; false for boosted links and restored history, which want the page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    help: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page (or its fragment). `help` names the article, "<app>/<slug>"."""
    response = django_render(request, template, {"help_slug": help, **(context or {})}, status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def page_once(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    key: Hashable,
    pieces: Mapping[str, str],
    help: str | None = None,
) -> HttpResponse:
    """As `page`, drawn once for the same person and the same key (ui.context.page_once)."""
    html = draw_once(request, template, {"help_slug": help, **context}, key=(key, help), pieces=pieces)
    return HttpResponse(html, headers={"Vary": "HX-Request, Cookie"})


def refused(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, help: str | None = None
) -> HttpResponse:
    """Show the form again with its refusal: 422, which HTMX swaps in too."""
    return page(request, template, context, help=help, status=422)


def toast(
    request: HttpRequest,
    response: HttpResponse,
    text: Any,
    *,
    kind: toasts.Tone = "success",
    undo_url: str | None = None,
) -> HttpResponse:
    """Say something short with the response; with `undo_url` a button posts there."""
    toasts.put(request, response, toasts.Toast(str(text), kind, undo_url or ""))
    return response


def language() -> str:
    return get_language() or "kk"


def progress_context(job: Job, *, url: str, done_url: str = "") -> dict[str, Any]:
    """What the progress component shows of a kernel job."""
    return {
        "job": job,
        "title": jobs.title(job),
        "ended": job.state in ENDED,
        "percent": round(100 * job.done / job.total) if job.total else None,
        "url": url,
        "done_url": done_url,
    }


def progress(request: HttpRequest, job: Job, *, url: str, done_url: str = "") -> HttpResponse:
    """Answer the progress component's question; 286 tells HTMX to stop asking."""
    context = progress_context(job, url=url, done_url=done_url)
    status = STOP_POLLING if context["ended"] else 200
    return django_render(request, "ui/parts/progress.html", context, status=status)
