"""Serve each request inside the tenant its host stands for, or refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import set_urlconf
from django.utils.translation import gettext

from kernel import tenancy
from kernel.tenancy import PUBLIC, Kind, TenantRef
from tenants import api, permissions
from tenants.lifecycle import doors

_WITHOUT_TENANT = {"/healthz", "/readyz", "/metrics"}


class ServeTenant:
    """Puts `request.tenant` and the tenant's connection in place; unknown hosts get a page that says so and no database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().partition(":")[0].lower()
        if request.path in _WITHOUT_TENANT:
            return self.get_response(request)
        if host == settings.FILES_HOST:
            return self._hand_out(request)
        if host == settings.BASE_HOST:
            request.tenant = PUBLIC  # type: ignore[attr-defined]
            return self._serve(request, Kind.PUBLIC, _urlconf(Kind.PUBLIC))
        ref = api.by_host(host)
        if ref is None:
            request.tenant = PUBLIC  # type: ignore[attr-defined]
            return self._serve(request, Kind.PUBLIC, settings.NOWHERE_URLCONF)
        if ref.state not in api.LIVING:
            request.tenant = PUBLIC  # type: ignore[attr-defined]
            return self._serve(request, Kind.PUBLIC, settings.ARCHIVED_URLCONF)
        ref = _where_it_is(ref)
        request.tenant = ref  # type: ignore[attr-defined]
        with tenancy.use(ref):
            return self._serve(request, ref.kind, _urlconf(ref.kind))

    def _hand_out(self, request: HttpRequest) -> HttpResponse:
        """The host of files knows nobody: cookies are neither read nor set."""
        request.COOKIES = {}
        request.tenant = PUBLIC  # type: ignore[attr-defined]
        response = self._serve(request, Kind.PUBLIC, settings.FILES_URLCONF)
        response.cookies.clear()
        return response

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


def _where_it_is(ref: TenantRef) -> TenantRef:
    """The tenant, looked up anew when its server lets nobody in: it has moved to another cell since (decision 0028)."""
    try:
        with tenancy.use(ref):
            connection.ensure_connection()
    except OperationalError:
        return api.refreshed(ref)
    return ref


class OnlyWhatIsOpen:
    """In a closed tenant: its director alone, and of the pages those that let the school take its data along."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        ref = getattr(request, "tenant", PUBLIC)
        actor = getattr(request, "actor", None)
        if ref.state != api.State.CLOSED:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.path.startswith("/api/"):
            return JsonResponse(
                {"code": "closed", "message": gettext("The school is closed for now")}, status=403
            )
        if actor is None or doors.open_to_all(name):
            return None
        is_director = actor.may(permissions.SEE_CONTRACT)
        if is_director and doors.open_to_director(name):
            return None
        context = {"is_director": is_director, "has_contract": ref.kind is Kind.SCHOOL}
        return render(request, "tenants/closed.html", context, status=403)


def _urlconf(kind: Kind) -> str:
    return str(settings.TENANT_TYPES[kind.value]["URLCONF"])
