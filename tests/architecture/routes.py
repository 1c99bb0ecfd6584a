"""Every route of every kind of tenant, as the resolver knows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver

_ARGUMENT = re.compile(r"<(\w+:)?\w+>")
_NOTHING = {
    "int:": "999999999",
    "uuid:": "00000000-0000-4000-8000-000000000000",
    "slug:": "nothing",
    "str:": "nothing",
    "path:": "nothing",
}
KINDS = ("school", "authority", "family", "vendor", "portal")


@dataclass(frozen=True)
class Route:
    kind: str
    path: str
    name: str
    view: Callable[..., Any]

    @property
    def address(self) -> str:
        """The address with arguments that name nothing: whoever gets past the guard meets 404."""
        return "/" + _ARGUMENT.sub(lambda found: _NOTHING[found[1] or "str:"], self.path)

    @property
    def is_ninja(self) -> bool:
        """REST operations guard themselves; tests/platform/test_api.py goes through them by their document."""
        return self.name.startswith(("api:", "authority_api:"))


def routes(kind: str) -> list[Route]:
    return list(_walk(get_resolver(f"config.urls.{kind}"), kind, "", ""))


def _walk(resolver: URLResolver, kind: str, prefix: str, space: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, kind, path, inner)
        else:
            yield Route(kind, path, f"{space}{entry.name or path}", entry.callback)
