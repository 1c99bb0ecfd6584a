"""Views of the platform's apps, asked directly: sign-in and its middleware have tests of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import set_urlconf
from django.utils import translation

from kernel.access import Actor

Ask = Callable[..., HttpResponse]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """`ask(view, actor, method="get", data=…, **kwargs)` on a school's host, in the actor's language."""

    def make(
        view: Callable[..., HttpResponse],
        actor: Actor,
        *,
        method: str = "get",
        data: Any = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        request = getattr(RequestFactory(), method)("/", data or {}, headers=headers)
        request.actor, request.resolver_match, request.tenant = actor, None, actor.tenant
        with translation.override(actor.language):
            return view(request, **kwargs)

    set_urlconf("config.urls.school")
    yield make
    set_urlconf(None)
