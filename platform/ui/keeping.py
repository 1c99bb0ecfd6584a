"""Pages that a person's own browser keeps and shows without a connection (decision 0020)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

HEADER = "Mektep-Keep"


def orders(request: HttpRequest, *, days: int, pages: Sequence[str], home: str = "") -> dict[str, Any]:
    """What the page asks of the browser, as its script reads it; with no days everything kept goes.

    `home` is the page that stands for the front page while there is no connection.
    """
    if not days:
        return {"days": 0}
    return {
        "days": days,
        "pages": list(pages),
        "home": home,
        "lost": reverse("ui:offline"),
        "worker": reverse("ui:worker"),
        "person": str(request.actor.user_id),  # type: ignore[attr-defined]
    }


def kept(request: HttpRequest, response: HttpResponse, *, days: int) -> HttpResponse:
    """The page may be kept, by this person and for so many days; without the header nothing is."""
    if days:
        response.headers[HEADER] = f"{request.actor.user_id} {days}"  # type: ignore[attr-defined]
    return response
