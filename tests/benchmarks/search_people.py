"""3,000 people as one types: the search of the head and the list of pupils, exact and nearly so, against their SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from kernel import tenancy
from tests.benchmarks.journal_scene import replay, statements_of
from tests.benchmarks.measure import Figure, against, alone, take_turns
from tests.benchmarks.register_scene import open_office

PUPILS, EMPLOYEES = 2_700, 300
# What is typed, letter by letter, on the way to a name; and the same name with two letters swapped.
TYPED, SWAPPED, NOBODY = "нурсултан", "нурслутан", "щщщщщщ"


def run() -> list[dict[str, Any]]:
    desk = open_office(pupils=PUPILS, employees=EMPLOYEES)

    def search(text: str, *, hits: bool = True) -> Callable[[], None]:
        query = urlencode({"q": text})

        def ask() -> None:
            status, answer = desk.call("GET", "/ui/search", query=query, HTTP_HX_REQUEST="true")
            if status != 200 or (b"search-hit" in answer) != hits:
                raise AssertionError(f"{text}: {status}, hits expected: {hits}")

        return ask

    def listed(text: str) -> Callable[[], None]:
        query = urlencode({"q": text})

        def ask() -> None:
            status, answer = desk.call("GET", "/contingent/pupils/", query=query)
            if status != 200 or b'<td class="pick">' not in answer:
                raise AssertionError(f"{text}: {status}")

        return ask

    with tenancy.use(desk.school):
        ways = {
            "typing": search(TYPED),
            "swapped": search(SWAPPED),
            "nobody": search(NOBODY, hits=False),
            "listed": listed(TYPED),
            "listed_swapped": listed(SWAPPED),
        }
        for way in ways.values():
            way()
        sent = {name: statements_of(way) for name, way in ways.items()}
        floors = {f"{name}_sql": replay(statements) for name, statements in sent.items()}
        letters = [search(TYPED[:n]) for n in range(2, len(TYPED) + 1)]

        def every_letter() -> None:
            for ask in letters:
                ask()

        every_letter()
        times = take_turns({**ways, **floors, "letters": every_letter}, rounds=9, batch=5)
    goal = 50
    return [
        alone("Search over 3,000 people: a letter typed", value=times["letters"] / len(letters), goal=goal),
        alone("Search over 3,000 people: two letters swapped", value=times["swapped"], goal=goal),
        alone("Search over 3,000 people: nobody is found", value=times["nobody"], goal=goal),
        alone("Register of 2,700 pupils: found by name", value=times["listed"], goal=goal),
        alone("Register of 2,700 pupils: two letters swapped", value=times["listed_swapped"], goal=goal),
        *(
            against(
                f"Search over 3,000 people: {words} / its SQL alone",
                value=times[name],
                floor=times[f"{name}_sql"],
                goal=3.0,
            )
            for name, words in (("typing", "a name typed"), ("swapped", "two letters swapped"))
        ),
        Figure("Search over 3,000 people: queries", len(sent["typing"]), "queries", 12).row(),
    ]
