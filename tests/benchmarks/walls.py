"""What the first three walls cost a request: a login role a school, no cursor without a tenant, row policies of the public tables.

Without them one connection of the tables' owner, whom no right and no policy binds, serves one and the same school, so
nothing is ever switched.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from kernel import tenancy
from tests.benchmarks.journal_scene import Desk, open_desk
from tests.benchmarks.measure import alone, take_turns

PAGES = {"the first page": "/", "the journal": "/journal/{course}/"}


def run() -> list[dict[str, Any]]:
    desks = [open_desk(code) for code in ("school-a", "school-b")]
    return [_overhead(name, path, desks) for name, path in PAGES.items()]


def _overhead(name: str, path: str, desks: list[Desk]) -> dict[str, Any]:
    turn = itertools.cycle(desks)

    def ask(desk: Desk) -> None:
        status, _answer = desk.call("GET", path.format(course=desk.scene.course.pk))
        if status != 200:
            raise AssertionError(f"{path} answered {status}")

    def walled() -> None:
        ask(next(turn))

    def open_field() -> None:
        with _no_walls():
            ask(desks[0])

    ways: dict[str, Callable[[], None]] = {"walled": walled, "open": open_field}
    times = take_turns(ways, rounds=30, batch=10)
    return alone(
        f"Walls 1-3 in a request of {name}, two schools in turn, beyond the same without them "
        f"({times['open'] * 1000:.1f} ms)",
        value=times["walled"] - times["open"],
        goal=1.0,
    )


@contextmanager
def _no_walls() -> Iterator[None]:
    with mock.patch.object(tenancy, "use", tenancy.owner):
        yield
