"""Hostile requests: somebody signed in to school A tries everything on school B, by seeded dice."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from infra.isolation import samples
from infra.isolation.cells import is_document
from infra.isolation.routes import Route, routes
from infra.isolation.visitor import FORM, PERSON, PROGRAM, Visitor
from infra.isolation.world import World
from kernel import tenancy
from kernel.access import ROLES_OF_KIND, Role
from kernel.tenancy import Kind

RENEWED_EVERY = 180  # seconds, before the proof that was given at sign-in grows old
AS_A_PERSON = 0.03  # of the requests: whole pages are drawn for them
LET_IN = 0.5
_SORTS = ("name", "-id", "surname", "password", "user__password", "pk", "id); --", "tenant_id", "__class__")
_FILTERS = (
    "q",
    "sort",
    "page",
    "class",
    "class_id",
    "pupil",
    "year",
    "period",
    "as",
    "columns",
    "tenant",
    "school",
    "schema",
    "next",
    "user_id",
)
_BODIES = ("", "{}", "[]", "null", '{"id": 1}', "\x00", "a=1&b=2", '{"__proto__": 1}')


@dataclass
class Hostile:
    requests: int = 0
    aimed: int = 0  # at rows of another school that exist
    statuses: Counter[int] = field(default_factory=Counter)
    deviations: list[str] = field(default_factory=list)


class Attacker:
    """Throws the dice. Everything that is asked goes to school A's host as somebody of A, or to B's with A's keys."""

    def __init__(self, world: World, seed: str, unserved: Container[tuple[str, str, str]] = ()) -> None:
        self.world, self.unserved = world, unserved
        self.dice = random.Random(seed)
        self.roles = sorted(ROLES_OF_KIND[Kind.SCHOOL])
        self.targets: list[tuple[Route, dict[str, Any], dict[str, list[Any]]]] = []
        stock: dict[str, list[Any]] = {}
        with tenancy.use(world.a):
            for route in routes(Kind.SCHOOL.value):
                if getattr(route.view, "is_public", False) or is_document(route):
                    continue
                words, ids = {}, {}
                for name in route.arguments:
                    model = samples.model_of(route.space, name)
                    if model is None:
                        words[name] = samples.word_of(route.space, name) or "x"
                        continue
                    label = model._meta.label
                    if label not in stock:
                        keys = model._default_manager.order_by("pk").values_list("pk", flat=True)[:200]
                        stock[label] = [samples.elsewhere(key) for key in keys]
                    ids[name] = stock[label]
                self.targets.append((route, words, ids))
        self.with_objects = [t for t in self.targets if any(t[2].values())]
        self.without_objects = [t for t in self.targets if not t[2] and self._serves(t[0], "GET")]
        self.with_body = [t for t in self.targets if self._serves(t[0], "POST")]
        self.ids = [key for keys in stock.values() for key in keys[:20]]
        self.ways: list[tuple[Callable[[], dict[str, Any]], int]] = [
            (self.id_of_another_school, 57),
            (self.id_in_a_filter, 5),
            (self.id_in_the_body, 12),
            (self.at_their_host, 10),
            (self.host_in_headers, 8),
            (self.token_of_another_school, 5),
            (self.nonsense, 3),
        ]

    def throw(self) -> dict[str, Any]:
        ways, weights = zip(*self.ways, strict=True)
        asked = self.dice.choices(ways, weights)[0]()
        role = self._role(asked)
        asked.setdefault("host", self.world.a.host)
        asked.setdefault("key", self.world.keys["school-a", role])
        asked.setdefault("role", role)
        # Most ask as programs do, who are refused in a line: a page for each of so many would take the whole time.
        asked.setdefault("content_type", PERSON if self.dice.random() < AS_A_PERSON else PROGRAM)
        return asked

    def _role(self, asked: dict[str, Any]) -> Role:
        """In every other request somebody whom the door lets in, so that it is the school that keeps them out."""
        route: Route | None = asked.get("route")
        if route is not None and self.dice.random() < LET_IN:
            may = [role for role in self.roles if route.may(role, asked["method"])]
            return self.dice.choice(may or self.roles)
        return self.dice.choice(self.roles)

    def _method(self, route: Route, posts: float = 0.0) -> str:
        """One of the methods that the route serves: a refusal of the method proves nothing."""
        method = "POST" if self.dice.random() < posts else "GET"
        other = "GET" if method == "POST" else "POST"
        return method if self._serves(route, method) else other

    def _serves(self, route: Route, method: str) -> bool:
        return (route.kind, route.path, method) not in self.unserved

    # --- ways; each says whether it aims at rows that are there

    def id_of_another_school(self) -> dict[str, Any]:
        route, words, ids = self.dice.choice(self.with_objects)
        values = words | {name: self.dice.choice(keys) for name, keys in ids.items() if keys}
        method = self._method(route, posts=0.3)
        return {"method": method, "address": route.at(values), "aimed": True, "route": route}

    def id_in_a_filter(self) -> dict[str, Any]:
        route, words, _ = self.dice.choice(self.without_objects)
        pairs = {
            name: self.dice.choice([self.dice.choice(self.ids), self.world.b.schema, *_SORTS])
            for name in self.dice.sample(_FILTERS, 3)
        }
        pairs[self.dice.choice(_FILTERS)] = self.dice.choice(self.ids)
        return {
            "method": "GET",
            "address": f"{route.at(words)}?{urlencode(pairs)}",
            "aimed": True,
        } | self._fragment()

    def id_in_the_body(self) -> dict[str, Any]:
        route, words, ids = self.dice.choice(self.with_body)
        values = words | {name: self.dice.choice(keys) for name, keys in ids.items() if keys}
        names = (
            "pupil",
            "pupil_id",
            "class_id",
            "course_id",
            "id",
            "ids",
            "lesson_id",
            "user",
            "employee_id",
            "next",
        )
        pairs = {name: str(self.dice.choice(self.ids)) for name in self.dice.sample(names, 4)}
        return {
            "method": "POST",
            "address": route.at(values),
            "body": urlencode(pairs).encode(),
            "content_type": FORM,
            "aimed": True,
            "route": route if any(ids.values()) else None,
        } | self._fragment()

    def at_their_host(self) -> dict[str, Any]:
        """A's cookie at B's host, where the same numbers are: the row exists, and the asker is nobody."""
        other = self.dice.choice((self.world.b, self.world.n))
        route, words, ids = self.dice.choice(self.with_objects)
        values = words | {name: self.dice.choice(keys) for name, keys in ids.items() if keys}
        if other is self.world.b:  # it has A's own numbers
            values = {n: samples.elsewhere(v) if ids.get(n) else v for n, v in values.items()}
        return {
            "method": self._method(route),
            "address": route.at(values),
            "host": other.host,
            "aimed": True,
            "nobody": True,
        }

    def host_in_headers(self) -> dict[str, Any]:
        route, words, ids = self.dice.choice(self.with_objects)
        values = words | {name: self.dice.choice(keys) for name, keys in ids.items() if keys}
        b = self.world.b.host
        headers = self.dice.choice(
            (
                {"x-forwarded-host": b},
                {"forwarded": f"host={b}"},
                {"x-host": b, "x-original-host": b},
                {"x-original-url": route.at(values), "x-rewrite-url": route.at(values)},
                {"x-tenant": self.world.b.schema, "x-schema": self.world.b.schema},
                {"host": f"{self.world.a.host}:8000"},
                {"origin": f"http://{b}", "referer": f"http://{b}/"},
            )
        )
        return {
            "method": self._method(route),
            "address": route.at(values),
            "headers": headers,
            "aimed": True,
            "route": route,
        }

    def token_of_another_school(self) -> dict[str, Any]:
        """A key that lives, but elsewhere."""
        route, words, _ = self.dice.choice(self.targets)
        role = self.dice.choice(self.roles)
        asked: dict[str, Any] = {
            "method": self._method(route),
            "address": route.at(words),
            "nobody": True,
            "aimed": True,
        }
        if self.dice.random() < 0.5:  # a program's token of A, at B's host, where the very row of it stands
            headers = {"authorization": f"Bearer {self.world.tokens['school-a']}"}
            host = self.dice.choice((self.world.b, self.world.n)).host
            return asked | {
                "key": "",
                "headers": headers,
                "host": host,
                "method": "GET",
                "address": "/api/v1/me",
                "role": role,
            }
        other = self.dice.choice(("school-b", "school-n"))  # their people at A's host: B against A
        return asked | {"key": self.world.keys[other, role], "role": role}

    def _fragment(self) -> dict[str, Any]:
        """A page asks by HTMX, and is answered with a part of itself."""
        return {} if self.dice.random() < AS_A_PERSON else {"headers": {"hx-request": "true"}}

    def nonsense(self) -> dict[str, Any]:
        route, words, ids = self.dice.choice(self.with_body)
        values = words | {name: uuid.UUID(int=self.dice.getrandbits(128)) for name in ids}
        return {
            "method": "POST",
            "address": route.at(values),
            "body": self.dice.choice(_BODIES).encode(),
            "aimed": False,
            "host": self.dice.choice(
                (self.world.a.host, self.world.a.host.upper(), f"{self.world.a.host}:443")
            ),
        }


def run(
    world: World,
    visitor: Visitor,
    *,
    requests: int,
    seed: str,
    say: Callable[[str], None],
    unserved: Container[tuple[str, str, str]] = (),
) -> Hostile:
    """So many requests; every answer's bytes are looked at, and what must be refused is counted when it is not.

    `unserved`: kinds and paths with the methods that they don't serve.
    """
    told, attacker = Hostile(), Attacker(world, seed, unserved)
    renewed = -float(RENEWED_EVERY)
    for number in range(requests):
        if time.monotonic() - renewed > RENEWED_EVERY:
            with visitor.lasting():
                world.sign_in()
            renewed = time.monotonic()
            say(f"hostile requests: {number} of {requests}")
        asked = attacker.throw()
        answer = visitor.ask(
            asked["method"],
            asked["address"],
            host=asked["host"],
            key=asked["key"],
            body=asked.get("body", b""),
            content_type=asked["content_type"],
            headers=asked.get("headers"),
        )
        told.requests += 1
        told.aimed += asked["aimed"]
        told.statuses[answer.status_code] += 1
        if (wrong := _fault(asked, answer.status_code, answer.headers.get("Location", ""))) and len(
            told.deviations
        ) < 200:
            told.deviations.append(
                f"{asked['method']} {asked['address']} at {asked['host']} as {asked['role']}: {wrong}"
            )
    return told


def _fault(asked: dict[str, Any], status: int, location: str) -> str:
    if status >= 500:
        return f"broke with {status}"
    if not asked.get("nobody") and (status == 401 or location.startswith("/sign-in/")):
        return "the asker was signed out, so nothing was tried"
    if asked.get("nobody"):
        return "" if status in (302, 401, 404, 405) else f"a stranger's key was let in with {status}"
    route: Route | None = asked.get("route")
    if route is not None and status < 400 and route.name not in samples.SAME_ANSWER:
        return f"another school's object answered {status}"
    return ""
