"""Every line of the register is taken from a role in turn: a cell must turn red, or the line is one that nothing proves."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping

from identity import api as identity
from identity.models import RightsState, RolePermission
from infra.isolation.cells import Cell, Whose, fault
from infra.isolation.routes import METHODS, Route, routes
from infra.isolation.visitor import Visitor
from infra.isolation.world import World
from kernel import tenancy
from kernel.access import REGISTER, ROLES_OF_KIND, Permission, Role, Scope
from kernel.tenancy import Kind

SAMPLE = 24  # lines that are tried in a quick run
_KINDS = (Kind.SCHOOL, Kind.AUTHORITY, Kind.FAMILY, Kind.VENDOR)
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


def lines(*, quick: bool) -> list[tuple[Kind, Permission, Role]]:
    """Each permission with each role that has it."""
    found = [
        (kind, permission, role)
        for kind in _KINDS
        for _code, permission in sorted(REGISTER.items())
        for role in sorted(permission.defaults)
        if role in ROLES_OF_KIND[kind]
    ]
    return found[:: max(1, len(found) // SAMPLE)] if quick else found


def doors() -> Doors:
    """The routes and operations that each permission opens."""
    found: dict[tuple[Kind, Permission], list[tuple[Route, str]]] = defaultdict(list)
    for kind in _KINDS:
        for route in routes(kind.value):
            for method in METHODS:
                for permission in getattr(route.guard(method), "permissions", ()):
                    found[kind, permission].append((route, method))
    return found


def unnoticed(world: World, visitor: Visitor, *, quick: bool) -> list[str]:
    """Lines whose removal turns no cell red."""
    opened = doors()
    return [
        f"{kind}: {permission} taken from {role} turned no cell red"
        for kind, permission, role in lines(quick=quick)
        if not is_noticed(world, visitor, opened, kind, permission, role)
    ]


def is_noticed(
    world: World, visitor: Visitor, opened: Doors, kind: Kind, permission: Permission, role: Role
) -> bool:
    """Take the line away in the database, ask, and put it back: by a door that it alone opens, or by the cell of rights."""
    ref = world.of(kind)
    for route, method in opened.get((kind, permission), ()):
        if not _opens_alone(route, method, permission, role):
            continue
        _take(world, kind, permission, role)
        cell = Cell(route, method, role.value, Whose.OWN, {})
        answer = visitor.ask(
            method,
            route.address,
            host=ref.host,
            key=world.keys[ref.code, role.value],
            where=f"without {permission}",
        )
        if answer.status_code != 405:  # a door of the other method
            # The register still says that the role may: a refusal is the red cell.
            return answer.status_code == 403 and not fault(cell, 404)
    _take(world, kind, permission, role)
    differs = any(declared != got for _, declared, got in _compared(world, kind, role))
    visitor.undo()
    return differs


def _take(world: World, kind: Kind, permission: Permission, role: Role) -> None:
    with tenancy.use(world.of(kind)):
        RolePermission.objects.filter(role__code=role.value, code=permission.code).delete()
        RightsState.objects.filter(id=1).update(stamp=secrets.token_hex(8))


def _opens_alone(route: Route, method: str, permission: Permission, role: Role) -> bool:
    needed = getattr(route.guard(method), "permissions", ())
    return method == "GET" and not any(p is not permission and p.defaults.get(role) for p in needed)
