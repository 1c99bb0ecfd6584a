"""The family's own host. It knows who a parent is and will know in which schools; it holds no school's data."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpResponse

from kernel.access import signed_in
from kernel.http import Request
from kernel.tenancy import PUBLIC
from tenants import api
from ui import render


@signed_in
def home(request: Request) -> HttpResponse:
    """What this host is for, and the schools linked to the account: none can be linked yet, and the page says so."""
    portal = api.url_of(replace(PUBLIC, host=settings.BASE_HOST))
    return render.page(request, "tenants/my.html", {"portal": portal}, help="tenants/my")
