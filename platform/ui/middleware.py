"""The language of the request: chosen here, else the person's own, else the school's. Addresses carry no language."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from kernel.tenancy import current_or_none
from ui import toasts

Handler = Callable[[HttpRequest], HttpResponse]


def language_of(request: HttpRequest) -> str:
    """The first known of: the cookie of the switch, the actor's language, the tenant's, the product's."""
    known = dict(settings.LANGUAGES)
    tenant = current_or_none()
    for wish in (
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME),
        getattr(getattr(request, "actor", None), "language", None),
        tenant.language if tenant else None,
    ):
        if wish in known:
            return wish
    return settings.LANGUAGE_CODE


class Language:
    """Speak the reader's language, and clear toasts that were shown."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if getattr(request, "ui_toasts_taken", False) and not getattr(response, "ui_toasts", None):
            response.delete_cookie(toasts.COOKIE)
        return response
