"""Paths of routes, put together from what was found once."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.urls import NoReverseMatch, get_urlconf, reverse, set_urlconf

from kernel.http import path_to

ONE, OTHER = uuid4(), uuid4()


@pytest.fixture(autouse=True)
def _routes() -> Iterator[None]:
    before = get_urlconf()
    set_urlconf("config.urls.school")
    yield
    set_urlconf(before)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("identity:sign_in", ()),
        ("journal:grid", (ONE,)),
        ("journal:grid", (OTHER,)),
        ("journal:topic", (ONE, OTHER)),
        ("journal:topic", (OTHER, ONE)),
    ],
)
def test_is_what_django_answers(name: str, ids: tuple[UUID, ...]) -> None:
    for _ in range(2):  # found, then remembered
        assert path_to(name, *ids) == path_to(name, *map(str, ids)) == reverse(name, args=ids)


def test_a_kind_of_tenant_has_its_own_routes() -> None:
    assert path_to("journal:index")
    set_urlconf("config.urls.authority")
    with pytest.raises(NoReverseMatch):
        path_to("journal:index")
    assert path_to("notify:bell") == reverse("notify:bell")


def test_an_unknown_route_is_a_fault() -> None:
    with pytest.raises(NoReverseMatch):
        path_to("journal:no_such_page", ONE)
    with pytest.raises(NoReverseMatch):
        path_to("journal:grid", ONE, OTHER)
