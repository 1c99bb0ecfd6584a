"""Every line of the register is taken from a role in turn: a cell must turn red, or the line is one that nothing proves."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from identity import api as identity
from identity.models import RightsState, RolePermission
from infra.isolation.cells import Cell, Whose, fault
from infra.isolation.routes import METHODS, Route, routes
from infra.isolation.visitor import Visitor
from infra.isolation.world import World
from kernel import tenancy
from kernel.access import REGISTER, ROLES_OF_KIND, Permission, Role, Scope
from kernel.tenancy import Kind

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


@dataclass
class Removals:
    """Where the removal of each line was seen: at a door that shuts, or only where rights are compared."""

    at_doors: int = 0
    in_rights: list[str] = field(default_factory=list)
    unnoticed: list[str] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return self.at_doors + len(self.in_rights) + len(self.unnoticed)


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


def remove_each(world: World, visitor: Visitor) -> Removals:
    """Take every line away in the database, one at a time, ask the doors of its permission, and put it back."""
    opened, told = doors(), Removals()
    for kind, permission, role in lines():
        line = f"{kind}: {permission} of {role}"
        if any(
            _shuts(world, visitor, route, method, permission, role)
            for route, method in opened.get((kind, permission), ())
        ):
            told.at_doors += 1
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
