"""The frame needs no database: an actor made by hand is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import set_urlconf
from django.utils import translation

from kernel import memo
from kernel.access import Actor, Permission, Scope
from kernel.tenancy import Kind, TenantRef
from ui import registry

SCHOOL = TenantRef(
    id=UUID(int=1),
    code="school-a",
    schema="s_a",
    kind=Kind.SCHOOL,
    mode="test",
    name_kk="№ 1 мектеп",
    name_ru="Школа № 1",
)


@pytest.fixture(autouse=True)
def _routes() -> Iterator[None]:
    memo.clear_all()  # registers of tests are not the product's
    set_urlconf("config.urls.portal")
    with translation.override("kk"):
        yield
    set_urlconf(None)


@pytest.fixture
def actor() -> Callable[..., Actor]:
    def make(*permissions: Permission) -> Actor:
        grants = {p.code: frozenset({Scope.SCHOOL}) for p in permissions}
        return Actor(tenant=SCHOOL, user_id=1, name="Айгүл Сәрсенбаева", grants=grants)

    return make


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> registry.Register:
    """An empty register in the place of the product's."""
    empty = registry.Register()
    monkeypatch.setattr(registry, "register", empty)
    return empty


@pytest.fixture
def request_to() -> Callable[..., HttpRequest]:
    def make(path: str = "/", **more: str) -> HttpRequest:
        request = RequestFactory().get(path, headers=more)
        request.resolver_match = None
        return request

    return make


@pytest.fixture
def draw() -> Callable[..., str]:
    """Render a line of template with the tags loaded."""

    def make(source: str, **context: object) -> str:
        return Template("{% load ui %}" + source).render(Context(context))

    return make
