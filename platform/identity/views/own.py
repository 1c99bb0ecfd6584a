"""A person's own settings."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kernel.access import signed_in
from kernel.http import Request


@signed_in
def own(request: Request) -> HttpResponse:
    return render(request, "identity/own.html", {"done": request.GET.get("done", "")})
