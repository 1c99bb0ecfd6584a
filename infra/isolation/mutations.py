"""Every line of the register is taken from a role in turn: a cell must turn red, or the line is one that nothing proves."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from identity import api as identity
from identity.models import RightsState, RolePermission
from infra.isolation import samples
from infra.isolation.cells import Cell, Whose, fault, values_of
from infra.isolation.routes import METHODS, Route, routes
from infra.isolation.visitor import FORM, PROGRAM, Visitor
from infra.isolation.world import World
from kernel import tenancy
from kernel.access import REGISTER, ROLES_OF_KIND, Permission, Role, Scope
from kernel.tenancy import Kind

_KINDS = (Kind.SCHOOL, Kind.AUTHORITY, Kind.FAMILY, Kind.VENDOR)
Asked = tuple[str, str, bytes]  # method, address and body
Doors = Mapping[tuple[Kind, Permission], list[tuple[Route, str]]]


def rights_that_differ(world: World) -> list[str]:
    """Cells of rights: what each role was given in the database is what the register says, to the scope."""
    return [
        f"{kind} {role}: {permission} reaches {sorted(got) or 'nothing'}, declared {sorted(declared) or 'nothing'}"
        for kind in _KINDS
        for role in sorted(ROLES_OF_KIND[kind])
        for permission, declared, got in _compared(world, kind, role)
        if declared != got
    ]


def _compared(
    world: World, kind: Kind, role: Role
) -> Iterator[tuple[Permission, frozenset[Scope], frozenset[Scope]]]:
    ref = world.of(kind)
    with tenancy.use(ref):
        actor = identity.actor_of_user(world.users[ref.code, role.value])
    for permission in REGISTER.values():
        if actor is not None:
            yield permission, permission.defaults.get(role, frozenset()), actor.scopes(permission)


@dataclass
class Removals:
    """Where the removal of each line was seen: at a door that shuts, on a page that is refused within, or only where
    rights are compared.
    """

    at_doors: int = 0
    within: int = 0
    in_rights: list[str] = field(default_factory=list)
    unnoticed: list[str] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return self.at_doors + self.within + len(self.in_rights) + len(self.unnoticed)


def lines() -> list[tuple[Kind, Permission, Role]]:
    """Each permission with each role that has it."""
    return [
        (kind, permission, role)
        for kind in _KINDS
        for _code, permission in sorted(REGISTER.items())
        for role in sorted(permission.defaults)
        if role in ROLES_OF_KIND[kind]
    ]


def doors() -> Doors:
    """The routes and operations that each permission opens."""
    found: dict[tuple[Kind, Permission], list[tuple[Route, str]]] = defaultdict(list)
    for kind in _KINDS:
        for route in routes(kind.value):
            for method in METHODS:
                for permission in getattr(route.guard(method), "permissions", ()):
                    found[kind, permission].append((route, method))
    return found


def remove_each(world: World, visitor: Visitor, *, quick: bool) -> Removals:
    """Take every line away in the database, one at a time, ask the doors of its permission, and put it back.

    Where no door shuts, the pages are asked that are known to ask for it within; not quick, all pages of the role.
    """
    opened, told, pages = doors(), Removals(), _Pages(world, visitor, is_walking=not quick)
    for kind, permission, role in lines():
        line = f"{kind}: {permission} of {role}"
        if any(
            _shuts(world, visitor, route, method, permission, role)
            for route, method in opened.get((kind, permission), ())
        ):
            told.at_doors += 1
        elif pages.refuse(kind, permission, role):
            told.within += 1
        elif _differs(world, visitor, kind, permission, role):
            told.in_rights.append(line)
        else:
            told.unnoticed.append(f"{line} was taken away, and no cell turned red")
    return told


def _shuts(
    world: World, visitor: Visitor, route: Route, method: str, permission: Permission, role: Role
) -> bool:
    """Whether the door stands open by this line alone, and is shut without it.

    Lines that open the same door for the role are away in both cases.
    """
    kind = Kind(route.kind)
    beside = [p for p in route.guard(method).permissions if p is not permission and p.defaults.get(role)]
    cell = Cell(route, method, role.value, Whose.OWN, {})
    statuses = []
    for taken in (beside, [*beside, permission]):
        _take(world, kind, taken, role)
        ref = world.of(kind)
        answer = visitor.ask(
            method,
            route.address,
            host=ref.host,
            key=world.keys[ref.code, role.value],
            where=f"without {permission}",
        )
        statuses.append(answer.status_code)
        if answer.status_code in (403, 405):
            break
    # The register still says that the role may: a refusal at the door is the red cell.
    return len(statuses) == 2 and statuses[1] == 403 and not fault(cell, 404)


class _Pages:
    """Pages that ask for a permission within, behind a door that another opens."""

    def __init__(self, world: World, visitor: Visitor, *, is_walking: bool) -> None:
        self.world, self.visitor, self.is_walking = world, visitor, is_walking
        self.values: dict[Route, dict[str, Any]] = {}
        self.known: dict[Kind, list[tuple[Route, Asked]]] = {}
        self.noticed: dict[Permission, Asked] = {}  # where the last role's was seen

    def refuse(self, kind: Kind, permission: Permission, role: Role) -> bool:
        """Whether something that answers the role is refused to it without the line."""
        pages = self._of(kind)
        tried = [self.noticed[permission]] if permission in self.noticed else []
        tried += [
            (method, route.at(self.values[route] | words), body)
            for method, name, words, body in samples.WITHIN.get(permission.code, ())
            for route, _ in pages
            if route.name == name
        ]
        if self.is_walking:
            tried += [asked for route, asked in pages if route.may(role)]
        for asked in tried:
            if self._status(asked, kind, role, [permission]) == 403 != self._status(asked, kind, role, []):
                self.noticed[permission] = asked
                return True
        return False

    def _of(self, kind: Kind) -> list[tuple[Route, Asked]]:
        if kind not in self.known:
            with tenancy.use(self.world.of(kind)):
                found = [route for route in routes(kind.value) if route.guard("GET") is not None]
                self.values |= {route: values_of(route) for route in found}
                self.known[kind] = [
                    (
                        route,
                        (
                            "GET",
                            route.at(self.values[route]) + samples.query_of(route.name, route.shape),
                            b"",
                        ),
                    )
                    for route in found
                ]
        return self.known[kind]

    def _status(self, asked: Asked, kind: Kind, role: Role, taken: list[Permission]) -> int:
        ref, (method, address, body) = self.world.of(kind), asked
        _take(self.world, kind, taken, role)
        return self.visitor.ask(
            method,
            address,
            host=ref.host,
            key=self.world.keys[ref.code, role.value],
            body=body,
            content_type=FORM if body else PROGRAM,
            where=f"{address} without {[str(p) for p in taken]}",
        ).status_code


def _differs(world: World, visitor: Visitor, kind: Kind, permission: Permission, role: Role) -> bool:
    _take(world, kind, [permission], role)
    differs = any(declared != got for _, declared, got in _compared(world, kind, role))
    visitor.undo()
    return differs


def _take(world: World, kind: Kind, permissions: Iterable[Permission], role: Role) -> None:
    with tenancy.use(world.of(kind)):
        RolePermission.objects.filter(
            role__code=role.value, code__in=[permission.code for permission in permissions]
        ).delete()
        RightsState.objects.filter(id=1).update(stamp=secrets.token_hex(8))
