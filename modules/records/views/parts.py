"""What all pages of this module answer with."""

from __future__ import annotations

from django.http import HttpResponse

from documents import excel
from kernel.http import Request
from ui import render


def language_of(request: Request) -> str:
    """The language asked for the paper, else the reader's own."""
    asked = request.GET.get("lang", "")
    return asked if asked in ("kk", "ru") else render.language()[:2]


def pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = excel.attachment(f"{name}.pdf", inline=True)
    response.headers["Cache-Control"] = "no-store"
    return response
