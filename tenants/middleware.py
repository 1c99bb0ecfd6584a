"""Serve each request inside the tenant its host stands for, or refuse."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import set_urlconf

from kernel import tenancy
from kernel.tenancy import PUBLIC, Kind
from tenants import api

_WITHOUT_TENANT = {"/healthz", "/readyz", "/metrics"}


class ServeTenant:
    """Puts `request.tenant` and the tenant's connection in place; unknown hosts get a page that says so and no database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().partition(":")[0].lower()
        if request.path in _WITHOUT_TENANT:
            return self.get_response(request)
        if host == settings.BASE_HOST:
            request.tenant = PUBLIC  # type: ignore[attr-defined]
            return self._serve(request, Kind.PUBLIC, _urlconf(Kind.PUBLIC))
        ref = api.by_host(host)
        if ref is None:
            request.tenant = PUBLIC  # type: ignore[attr-defined]
            return self._serve(request, Kind.PUBLIC, settings.NOWHERE_URLCONF)
        request.tenant = ref  # type: ignore[attr-defined]
        with tenancy.use(ref):
            return self._serve(request, ref.kind, _urlconf(ref.kind))

    def _serve(self, request: HttpRequest, kind: Kind, urlconf: str) -> HttpResponse:
        request.urlconf = urlconf
        set_urlconf(urlconf)
        response = self.get_response(request)
        if response.streaming and not getattr(response, "is_plain_file", False) and kind is not Kind.PUBLIC:
            # A streamed body is made after the tenant is gone; static files are the only exception.
            if type(response).__module__.startswith("whitenoise"):
                return response
            raise RuntimeError("A tenant's answer is never streamed: return the whole body or a stored file.")
        return response


def _urlconf(kind: Kind) -> str:
    return str(settings.TENANT_TYPES[kind.value]["URLCONF"])
