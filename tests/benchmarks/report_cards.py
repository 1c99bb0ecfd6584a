"""Report cards of a school of 900: read in one go, and printed, a file for each class."""

from __future__ import annotations

import time
from typing import Any

from documents import api as documents
from kernel import tenancy
from kernel.access import Actor
from modules.journal.cards import queries, showing
from modules.journal.cards.papers import ReportCards
from tests import world
from tests.benchmarks import year_scene
from tests.benchmarks.journal_scene import replay, statements_of
from tests.benchmarks.measure import Figure, against, alone, take_turns
from tests.factories.schedule import YEAR


def run() -> list[dict[str, Any]]:
    school = world.find("school-a")
    year_scene.write(school)
    with tenancy.use(school):
        actor = Actor.system_actor("benchmark")

        def read() -> list[ReportCards]:
            classes = queries.classes_to_open(actor=actor, year=YEAR)
            rooms = queries.of_classes(actor=actor, year=YEAR, classes=classes)
            return [ReportCards(YEAR, showing.cards([room])) for room in rooms]

        def printed(papers: list[ReportCards]) -> int:
            for one in papers:
                documents.render("journal.report_cards", one, language="kk", actor=actor)
            return sum(len(one.cards) for one in papers)

        # The first time, for typst remembers what it has laid out.
        begun, cpu = time.perf_counter(), time.process_time()
        papers = read()
        composed = time.perf_counter()
        count = printed(papers)
        ended, cpu = time.perf_counter(), time.process_time() - cpu
        whole, of_print = ended - begun, ended - composed
        sent = statements_of(read)
        times = take_turns({"data": read, "sql": replay(sent)}, rounds=3, batch=1)
    if count != year_scene.CLASSES * year_scene.PUPILS:
        raise AssertionError(f"{count} cards")
    return [
        alone(f"{count} report cards as PDF", value=whole, goal=10, unit="s"),
        alone(f"{count} report cards as PDF: processor", value=cpu, goal=10, unit="s"),
        against(
            f"{count} report cards: whole / typst alone", value=whole, floor=of_print, goal=1.5, unit="s"
        ),
        against(
            f"{count} report cards: their data / its SQL alone",
            value=times["data"],
            floor=times["sql"],
            goal=3,
        ),
        Figure(f"{count} report cards: queries", len(sent), "queries", 12).row(),
    ]
