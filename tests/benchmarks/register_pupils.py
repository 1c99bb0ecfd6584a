"""The list of 1,000 pupils: its first page, and the page gathered by class, against their SQL alone."""

from __future__ import annotations

from typing import Any

from kernel import tenancy
from tests.benchmarks.journal_scene import replay, statements_of
from tests.benchmarks.measure import Figure, against, take_turns
from tests.benchmarks.register_scene import open_office

PUPILS, ROWS = 1_000, 50


def run() -> list[dict[str, Any]]:
    desk = open_office(pupils=PUPILS, employees=60)

    def page(query: str = "") -> None:
        status, answer = desk.call("GET", "/contingent/pupils/", query=query)
        if status != 200 or answer.count(b'<td class="pick">') != ROWS:
            raise AssertionError(f"the page answered {status}")

    def gathered() -> None:
        page("group=class")

    with tenancy.use(desk.school):
        page()
        gathered()
        of_page, of_gathered = statements_of(page), statements_of(gathered)
        times = take_turns(
            {
                "page": page,
                "page_sql": replay(of_page),
                "gathered": gathered,
                "gathered_sql": replay(of_gathered),
            },
            rounds=15,
            batch=10,
        )
    return [
        against(
            "Register of 1,000 pupils: the first page / its SQL alone",
            value=times["page"],
            floor=times["page_sql"],
            goal=3.0,
        ),
        against(
            "Register of 1,000 pupils: gathered by class / its SQL alone",
            value=times["gathered"],
            floor=times["gathered_sql"],
            goal=3.0,
        ),
        Figure("Register of 1,000 pupils: queries of the page", len(of_page), "queries", 8).row(),
    ]
