"""The portal: find your school. No person's data, nobody signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kernel.access import public_view
from tenants import api, register
from ui import render


@public_view
def find_school(request: HttpRequest) -> HttpResponse:
    """Schools by name and district, with the address of each."""
    query = request.GET.get("q", "").strip()[:80]
    under = request.GET.get("under", "")[:40]
    found, has_more = register.find(query=query, under=under)
    links = [(place, api.url_of(place.ref)) for place in found]
    return render.page(
        request,
        "tenants/portal.html",
        {
            "query": query,
            "under": under,
            "authorities": register.authorities(),
            "links": links,
            "has_more": has_more,
            "family_url": _service("my"),
        },
        help="tenants/portal",
    )


def _service(code: str) -> str:
    """The address of a service host of the installation, if there is such a tenant."""
    ref = api.by_host(f"{code}.{settings.BASE_HOST}")
    return api.url_of(ref) if ref else ""
