"""The journal of 30 pupils × 60 lessons: its data and its whole page against their SQL alone."""

from __future__ import annotations

from typing import Any

from kernel import tenancy
from kernel.access import Actor
from modules.journal import queries
from tests.benchmarks.journal_scene import open_desk, replay, statements_of
from tests.benchmarks.measure import Figure, against, take_turns


def run() -> list[dict[str, Any]]:
    desk = open_desk()
    path, query = f"/journal/{desk.scene.course.pk}/", "period=q2"

    def page() -> None:
        status, answer = desk.call("GET", path, query=query)
        if status != 200 or answer.count(b"<tr data-pupil=") != 30:
            raise AssertionError(f"the page answered {status}")

    with tenancy.use(desk.school):
        actor = Actor.system_actor("benchmark")
        course = queries.open_course(actor=actor, course_id=desk.scene.course.pk)

        def data() -> object:
            return queries.grid(actor=actor, course=course, period=desk.scene.quarter)

        page()
        of_page, of_data = statements_of(page), statements_of(data)
        times = take_turns(
            {"page": page, "data": data, "page_sql": replay(of_page), "data_sql": replay(of_data)},
            rounds=15,
            batch=10,
        )
        weight = len(desk.call("GET", path, query=query)[1])
    return [
        against(
            "Journal 30 × 60: the grid's data / its SQL alone",
            value=times["data"],
            floor=times["data_sql"],
            goal=2.0,
        ),
        against(
            "Journal 30 × 60: the whole page / its SQL alone",
            value=times["page"],
            floor=times["page_sql"],
            goal=3.0,
        ),
        Figure("Journal 30 × 60: queries of the page", len(of_page), "queries", 12).row(),
        Figure("Journal 30 × 60: the page's HTML", round(weight / 1024, 1), "KB", 300).row(),
    ]
