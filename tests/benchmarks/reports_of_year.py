"""Achievement of a school of 900 over a whole year: 13,500 year's marks out of 54,000 of quarters."""

from __future__ import annotations

from typing import Any

from kernel import tenancy
from kernel.access import Actor
from modules.journal.reports.queries import achievement as queries
from modules.journal.reports.queries.ground import span_of
from tests import world
from tests.benchmarks import year_scene
from tests.benchmarks.journal_scene import replay, statements_of
from tests.benchmarks.measure import Figure, against, take_turns
from tests.factories.schedule import YEAR


def run() -> list[dict[str, Any]]:
    school = world.find("school-a")
    year_scene.write(school)
    with tenancy.use(school):
        actor = Actor.system_actor("benchmark")
        span, __ = span_of(year=YEAR, code="y")

        def read() -> queries.Achievement:
            return queries.achievement(actor=actor, span=span, by="subject", narrow=queries.Narrow())

        count = read().total.whole
        sent = statements_of(read)
        times = take_turns({"data": read, "sql": replay(sent)}, rounds=3, batch=1)
    if count != year_scene.CLASSES * year_scene.PUPILS * len(year_scene.SUBJECTS):
        raise AssertionError(f"{count} marks")
    return [
        against(
            f"Achievement over {count} year's marks: data / its SQL alone",
            value=times["data"],
            floor=times["sql"],
            goal=3,
        ),
        Figure("Achievement over the year: queries", len(sent), "queries", 4).row(),
    ]
