"""Short messages: at once with HTMX, on the next page after a redirect. Kept in a signed cookie, not in the database."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "toast"
SALT = "ui.toast"
Tone = Literal["success", "info", "warning", "danger"]


@dataclass(frozen=True)
class Toast:
    text: str
    kind: str = "success"
    undo: str = ""


def put(request: HttpRequest, response: HttpResponse, toast: Toast) -> None:
    """Show the toast with this response when HTMX asked and swaps it in, else on the next page."""
    if (
        request.headers.get("HX-Request") == "true"
        and response.status_code != 204
        and not _moves_on(response)
    ):
        events: dict[str, Any] = json.loads(response.headers.get("HX-Trigger", "{}"))
        events["mektep:toast"] = asdict(toast)
        response.headers["HX-Trigger"] = json.dumps(events)
        return
    kept = [*getattr(response, "ui_toasts", []), toast]
    response.ui_toasts = kept  # type: ignore[attr-defined]
    value = signing.dumps([asdict(one) for one in kept], salt=SALT, compress=True)
    response.set_cookie(
        COOKIE, value, max_age=60, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def take(request: HttpRequest) -> list[Toast]:
    """The toasts that an earlier response left; the middleware then clears the cookie."""
    raw = request.COOKIES.get(COOKIE)
    if not raw:
        return []
    request.ui_toasts_taken = True  # type: ignore[attr-defined]
    try:
        return [Toast(**one) for one in signing.loads(raw, salt=SALT, max_age=120)]
    except (signing.BadSignature, TypeError):
        return []


def _moves_on(response: HttpResponse) -> bool:
    return response.status_code in (301, 302, 303) or any(
        name in response.headers for name in ("HX-Redirect", "HX-Location", "HX-Refresh")
    )
