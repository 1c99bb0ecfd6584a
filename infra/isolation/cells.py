"""Cells: who asks for what of whom, the answer that the register of permissions promises, and the answer that comes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from identity.models import User
from infra.isolation import kin, samples
from infra.isolation.routes import METHODS, Route, routes
from infra.isolation.visitor import Visitor
from infra.isolation.world import BLOCKED, NEWCOMER, World
from kernel import tenancy
from kernel.access import REGISTER, ROLES_OF_KIND, Role, Scope
from kernel.tenancy import Kind

_NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+")
_ASKING = (Kind.SCHOOL, Kind.AUTHORITY, Kind.FAMILY, Kind.VENDOR)
# These end or change the very session that asks.
ENDS_SESSION = frozenset({"identity:sign_out"})


class Whose(StrEnum):
    OWN = "own"  # an object of the asker's school
    ANOTHERS = "another's"  # an object of the school, asked for by who has no child, lesson or class in it
    BESIDE = "beside theirs"  # one that is nobody's of the asker's own children, classes and lessons
    OTHER = "other school"
    NOBODY = "anonymous"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Cell:
    route: Route
    method: str
    role: str
    whose: Whose
    values: dict[str, Any] = field(compare=False, hash=False)
    query: str = field(default="", compare=False)

    @property
    def asker(self) -> str:
        """Who of the world asks."""
        return NEWCOMER + self.role if self.whose is Whose.ANOTHERS else self.role

    def __str__(self) -> str:
        return f"{self.route.kind} {self.method} {self.route.name} {self.role} {self.whose}"


@dataclass
class Outcome:
    cells: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    deviations: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)  # routes with arguments that really showed an object
    asked: set[str] = field(default_factory=set)  # routes with arguments that a role which may was asked for
    unserved: set[tuple[str, str, str]] = field(
        default_factory=set
    )  # kinds, paths, and the methods they don't serve

    @property
    def never_opened(self) -> list[str]:
        """Routes of which no object answered: by their state, or because a form was wanted."""
        return sorted(self.asked - self.opened)


def undeclared() -> list[str]:
    """Arguments of which the table of samples says nothing."""
    return [
        f"undeclared argument {name} of {route.name}"
        for kind in _ASKING
        for route in routes(kind.value)
        if not _is_public(route)
        for name in route.arguments
        if samples.model_of(route.space, name) is None and samples.word_of(route.space, name) is None
    ]


def cells(world: World, *, quick: bool) -> Iterator[Cell]:
    """Every cell. A quick run asks as one role that may and, in turn, one that may not: tests/architecture/test_routes.py
    goes through all roles.
    """
    for kind in _ASKING:
        with tenancy.use(world.of(kind)):
            found = [(r, values_of(r), samples.query_of(r.name, r.shape)) for r in routes(kind.value)]
            families = _families(world) if kind is Kind.SCHOOL else {}
        roles = sorted(ROLES_OF_KIND[kind])
        for number, (route, own, query) in enumerate(found):
            if route.name in ENDS_SESSION:
                continue
            others = {
                name: samples.elsewhere(value)
                for name, value in own.items()
                if samples.model_of(route.space, name) is not None
            }
            for method in METHODS:
                if route.is_ninja and route.guard(method) is None:
                    continue
                if not _is_public(route) and not is_document(route):
                    turn = (number + (method == "GET")) % 2
                    if not quick or turn:
                        yield Cell(route, method, "", Whose.NOBODY, own, query)
                    if not quick or not turn:
                        yield Cell(route, method, BLOCKED, Whose.BLOCKED, own, query)
                if route.may(roles[0], method) is None:
                    continue
                opener = _opener(route, method, roles)
                asking = _few(route, method, roles, opener, number) if quick else roles
                for role in asking:
                    # A page without arguments is the school's own.
                    if not quick or not others or role == opener:
                        yield Cell(route, method, role, Whose.OWN, own, query)
                    if others:
                        yield Cell(route, method, role, Whose.OTHER, own | others, query)
                if not others or kind is not Kind.SCHOOL:
                    continue
                narrow = [
                    role for role in roles if route.may(role, method) and not _reaches(route, method, role)
                ]
                for role in [narrow[number % len(narrow)]] if quick and narrow else narrow:
                    yield Cell(route, method, role, Whose.ANOTHERS, own, query)
                somebody = [role for role in narrow if role in families]
                for role in [somebody[number % len(somebody)]] if quick and somebody else somebody:
                    with tenancy.use(world.of(kind)):
                        theirs = kin.beside(families[role], route.space, route.arguments)
                    if theirs:
                        yield Cell(route, method, role, Whose.BESIDE, own | theirs, query)


def _families(world: World) -> dict[str, kin.Kin]:
    """What is their own of the people of school A who have anything of their own, by role."""
    found = {
        role: kin.of_user(User.objects.get(pk=world.users[world.a.code, role]))
        for role in ROLES_OF_KIND[Kind.SCHOOL]
    }
    return {role: one for role, one in found.items() if one.is_somebody}


def _few(route: Route, method: str, roles: list[Role], opener: Role | None, number: int) -> list[Role]:
    """Of a quick run: who opens it, and in turn one who may not."""
    shut = [role for role in roles if not route.may(role, method)]
    return [*([opener] if opener else []), *([shut[number % len(shut)]] if shut else [])]


def _opener(route: Route, method: str, roles: list[Role]) -> Role | None:
    """The role that reaches the whole school, if one does."""
    needed = getattr(route.guard(method), "permissions", ())
    whole = [r for r in roles if any(Scope.SCHOOL in p.defaults.get(r, ()) for p in needed)]
    may = whole or [r for r in roles if route.may(r, method)]
    return Role.DIRECTOR if Role.DIRECTOR in may else next(iter(may), None)


def values_of(route: Route) -> dict[str, Any]:
    objects = [name for name in route.arguments if samples.model_of(route.space, name) is not None]
    words = {
        name: word for name in route.arguments if (word := samples.word_of(route.space, name)) is not None
    }
    return words | samples.of_school(route.space, objects)


def _is_public(route: Route) -> bool:
    return bool(getattr(route.view, "is_public", False))


def is_document(route: Route) -> bool:
    """The API's own description, which holds no data."""
    return route.is_ninja and all(route.guard(method) is None for method in METHODS)


def run(world: World, visitor: Visitor, *, quick: bool, limit: int = 0) -> Outcome:
    """Ask every cell and compare."""
    outcome = Outcome(deviations=undeclared())
    for cell in cells(world, quick=quick):
        if (cell.route.kind, cell.route.path, cell.method) in outcome.unserved:
            continue  # there is no such door
        judge(world, visitor, cell, outcome)
        if limit and outcome.cells >= limit:
            break
    for where, what in visitor.broken.items():
        outcome.deviations.append(f"{where}: broke: {what}")
    return outcome


def judge(world: World, visitor: Visitor, cell: Cell, outcome: Outcome) -> bool:
    """Ask one cell; answer whether it came as promised."""
    ref = world.of(Kind(cell.route.kind))

    def ask(values: dict[str, Any]) -> tuple[int, str]:
        answer = visitor.ask(
            cell.method,
            cell.route.at(values) + cell.query,
            host=ref.host,
            key=world.keys.get((ref.code, cell.asker), ""),
            body=samples.BODIES.get(cell.route.shape, b"") if cell.method == "POST" else b"",
            where=str(cell),
        )
        return answer.status_code, answer.headers.get("Location", "")

    status, location = ask(cell.values)
    outcome.cells += 1
    outcome.statuses[status] += 1
    if status == 405:
        outcome.unserved.add((cell.route.kind, cell.route.path, cell.method))
    if cell.whose is Whose.OWN and cell.route.arguments:
        outcome.asked.add(cell.route.name)
        if status < 400:
            outcome.opened.add(cell.route.name)
    wrong = fault(cell, status, location)
    if (
        wrong
        and cell.whose in (Whose.OTHER, Whose.ANOTHERS, Whose.BESIDE)
        and cell.route.name in samples.SAME_ANSWER
        and status < 400
    ):
        words = {n: v for n, v in cell.values.items() if samples.model_of(cell.route.space, n) is None}
        never, elsewhere = ask(words)
        if never == status and _NUMBER.sub("", location) == _NUMBER.sub("", elsewhere):
            wrong = ""
    if wrong:
        outcome.deviations.append(f"{cell}: {wrong}")
    return not wrong


def fault(cell: Cell, status: int, location: str = "") -> str:
    """What is wrong with the answer; empty when it is what the register of permissions promises."""
    if status == 405:  # not served by this method: told to everybody, of nothing
        return ""
    if status >= 500:
        return f"broke with {status}"
    if cell.whose in (Whose.NOBODY, Whose.BLOCKED):
        led = status == 302 and location.startswith("/sign-in/")
        return "" if status == 401 or led else f"let in with {status}"
    may = cell.route.may(Role(cell.role), cell.method)
    if not may:
        return "" if status == 403 else f"may not, and got {status}"
    if cell.whose is Whose.OTHER:
        # A form that is refused unread tells nothing of the object either.
        told = status == 404 or (cell.method == "POST" and status in (400, 403, 422))
        return "" if told else f"another school's object answered {status}"
    if cell.whose in (Whose.ANOTHERS, Whose.BESIDE):
        told = status in (403, 404) or (cell.method == "POST" and status in (400, 422))
        return "" if told or _is_shared(cell) else f"another's object answered {status}"
    if status == 403 and cell.method == "GET" and _reaches(cell.route, cell.method, Role(cell.role)):
        return "" if _wants_more(cell) else "may, and was refused"
    return ""


def _wants_more(cell: Cell) -> bool:
    """Whether the page asks for a right beyond its door's that the role does not have."""
    further = REGISTER.get(samples.FURTHER.get(cell.route.name, ""))
    return further is not None and not further.defaults.get(Role(cell.role))


def _is_shared(cell: Cell) -> bool:
    opener = REGISTER.get(samples.OPENED_BY.get(cell.route.name, ""))
    return opener is not None and Scope.SCHOOL in opener.defaults.get(Role(cell.role), ())


def _reaches(route: Route, method: str, role: Role) -> bool:
    """Whether the register gives the role what the route asks for in the whole school."""
    needed = getattr(route.guard(method), "permissions", ())
    return any(Scope.SCHOOL in p.defaults.get(role, ()) for p in needed)
