"""The frame's own views: language, theme, year, search, help, the gallery, the page without a connection."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from kernel.access import public_view, signed_in
from kernel.errors import NotFound
from ui import articles, gallery, harness, manifest, registry, render
from ui.context import THEME_COOKIE, THEMES, YEAR_COOKIE, school_years

A_YEAR = 365 * 24 * 3600
QUERY_LENGTH = 100


@require_POST
@public_view
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and come back to the same page with its query."""
    chosen = request.POST.get("language", "")
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, chosen, chosen in dict(settings.LANGUAGES))


@require_POST
@public_view
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device."""
    chosen = request.POST.get("theme", "")
    return _remember(request, THEME_COOKIE, chosen, chosen in THEMES)


@require_POST
@signed_in
def year(request: HttpRequest) -> HttpResponse:
    """Look at another school year."""
    chosen = request.POST.get("year", "")
    return _remember(request, YEAR_COOKIE, chosen, chosen in school_years())


def _remember(request: HttpRequest, cookie: str, value: str, known: bool) -> HttpResponse:
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe and back.startswith("/") else "/")
    if known:
        response.set_cookie(
            cookie,
            value,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@require_GET
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Hits of all providers, by groups."""
    query = request.GET.get("q", "").strip()[:QUERY_LENGTH]
    actor = request.actor  # type: ignore[attr-defined]
    groups = registry.find(query, actor=actor) if len(query) >= 2 else []
    template = "ui/parts/search_results.html" if render.htmx_partial(request) else "ui/search.html"
    return render.page(request, template, {"query": query, "groups": groups})


@require_GET
@public_view
def help(request: HttpRequest, app: str, slug: str) -> HttpResponse:
    """An article of help, at the side or as a page."""
    partial = render.htmx_partial(request)
    try:
        html = articles.article(app, slug, translation.get_language() or "kk")
    except NotFound:
        if not partial:
            raise
        html = ""  # the panel is open already; it says so itself
    template = "ui/parts/help_article.html" if partial else "ui/help.html"
    return render.page(request, template, {"html": html})


@require_GET
@public_view
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows when there is no connection."""
    return render.page(request, "ui/offline.html")


@require_GET
@public_view
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: its place in the addresses would let it see only those below."""
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    script = (manifest.DIST / "worker.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@public_view
def component_gallery(request: HttpRequest) -> HttpResponse:
    """Every component; on development and demo hosts only."""
    if not gallery.is_open():
        raise Http404
    if request.headers.get("HX-Request") == "true" and "progress" in request.GET:
        return gallery.progress_step(request)
    return gallery.show(request)


@public_view
def journal_harness(request: HttpRequest) -> HttpResponse:
    """The journal grid with a server that can be told to misbehave; development and demo only."""
    if not gallery.is_open():
        raise Http404
    return harness.show(request)


@require_POST
@public_view
def journal_save(request: HttpRequest) -> HttpResponse:
    if not gallery.is_open():
        raise Http404
    return harness.save(request)


@require_GET
@public_view
def journal_history(request: HttpRequest) -> HttpResponse:
    if not gallery.is_open():
        raise Http404
    return harness.history(request)
