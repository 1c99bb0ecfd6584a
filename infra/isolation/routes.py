"""Every route of every kind of tenant, as the resolver knows it, with who may open it, as the register says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver

from config import api
from kernel.access import Permission, Role

_ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
_NOTHING = {
    "int": "999999999",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uuidstr": "00000000-0000-4000-8000-000000000000",
    "slug": "nothing",
    "str": "nothing",
    "path": "nothing",
}
KINDS = ("school", "authority", "family", "vendor", "portal")
METHODS = ("GET", "POST")


@dataclass(frozen=True)
class Route:
    kind: str
    path: str
    name: str
    view: Callable[..., Any]

    @property
    def space(self) -> str:
        return self.name.partition(":")[0]

    @property
    def arguments(self) -> dict[str, str]:
        """Names of the arguments with their converters."""
        return {name: converter or "str" for converter, name in _ARGUMENT.findall(self.path)}

    def at(self, values: Mapping[str, Any]) -> str:
        """The address with these arguments; one that has no value names nothing."""
        return "/" + _ARGUMENT.sub(
            lambda found: str(values.get(found[2], _NOTHING[found[1] or "str"])), self.path
        )

    @property
    def address(self) -> str:
        """The address with arguments that name nothing: whoever gets past the guard meets 404."""
        return self.at({})

    @property
    def shape(self) -> str:
        """The path with holes for its arguments: the operations of one address share it."""
        return "/" + _ARGUMENT.sub("{}", self.path)

    @property
    def is_ninja(self) -> bool:
        """REST operations carry their guards by method; the API's own pages (its document) have none."""
        return self.name.startswith(("api:", "authority_api:"))

    def guard(self, method: str) -> Any:
        """What carries the permissions: the view, or the operation of the API; None where there is no operation."""
        return _operations(self.kind).get((method, self.path)) if self.is_ninja else self.view

    def may(self, role: Role, method: str = "GET") -> bool | None:
        """Whether the register gives the role the route; None where it asks for no permission."""
        guard = self.guard(method)
        needed: tuple[Permission, ...] = getattr(guard, "permissions", ())
        if needed:
            return any(p.defaults.get(role) for p in needed)
        return True if getattr(guard, "signed_in", False) else None


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


_known: dict[str, dict[tuple[str, str], Any]] = {}


def _operations(kind: str) -> dict[tuple[str, str], Any]:
    """The API's operations by method and path, as the resolver writes it."""
    if kind not in _known:
        built = {"school": api.school, "authority": api.authority}.get(kind)
        found = {}
        for operation in api.operations(built) if built is not None else []:
            path = re.sub(r"\{([^}]+)\}", r"<\1>", operation.path)
            for method in operation.methods:
                found[method, f"api/v1{path}"] = operation.view_func
        _known[kind] = found
    return _known[kind]
