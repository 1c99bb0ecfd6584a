"""Is a certificate genuine? For anybody who holds the paper: no sign-in, nothing by which the child could be found."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from identity.source import address_of
from kernel import cache
from kernel.access import public_view
from kernel.errors import NotFound, TooMany
from kernel.http import Request
from modules.records import queries
from ui import render

PER_MINUTE = 30
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@require_GET
@public_view
def verify(request: Request, token: str) -> HttpResponse:
    """Genuine, withdrawn, or not of this school. Raises TooMany for whoever tries one link after another."""
    if cache.increment(f"records.verify:{address_of(request)}", 60) > PER_MINUTE:
        raise TooMany
    try:
        found, status = queries.genuine(token), 200
    except NotFound:
        found, status = None, 404
    response = render.page(request, "records/verify.html", {"found": found}, status=status)
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
