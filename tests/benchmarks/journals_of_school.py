"""All journals of a school of 900 for a year, packed as by the job: class journals as PDF, and as spreadsheets."""

from __future__ import annotations

import tempfile
import time
from typing import Any

from django.conf import settings

from kernel import tenancy
from kernel.access import Actor
from modules.journal.export import queries, services
from modules.journal.export.services import What, Wish
from modules.schedule import api as schedule
from tests import world
from tests.benchmarks import year_scene
from tests.benchmarks.journal_scene import replay, statements_of
from tests.benchmarks.measure import against, alone, take_turns
from tests.factories.schedule import YEAR


def run() -> list[dict[str, Any]]:
    school = world.find("school-a")
    year_scene.write(school)
    with tenancy.use(school), tempfile.TemporaryDirectory() as room:
        settings.FILES_ROOT = room
        actor = Actor.system_actor("benchmark")
        classes = queries.classes_to_export(actor=actor, year=YEAR)
        some = {one.id for one in classes[: services.TOGETHER]}
        courses = [one for one in schedule.courses(actor=actor, year=YEAR) if one.school_class_id in some]

        def read() -> int:
            return len(list(queries.journals(courses=courses, year=YEAR)))

        times = take_turns({"data": read, "sql": replay(statements_of(read))}, rounds=3, batch=1)
        taken = {}
        for what in (What.JOURNALS_PDF, What.JOURNALS_EXCEL):
            wish = Wish(YEAR, tuple(one.id for one in classes), (what,), services.OF_CLASS)
            begun = time.perf_counter()
            kept = services.pack(actor=actor, wish=wish, told=lambda *_said: None)
            taken[what] = (time.perf_counter() - begun, kept.size)
    n = len(classes)
    return [
        against(
            f"Journals of {len(courses)} subjects: their data / its SQL alone",
            value=times["data"],
            floor=times["sql"],
            goal=3,
        ),
        alone(f"All journals of {n} classes as PDF", value=taken[What.JOURNALS_PDF][0], goal=300, unit="s"),
        alone(
            f"All journals of {n} classes as PDF",
            value=taken[What.JOURNALS_PDF][1] / 2**20,
            goal=400,
            unit="MB",
        ),
        alone(
            f"All journals of {n} classes in Excel", value=taken[What.JOURNALS_EXCEL][0], goal=120, unit="s"
        ),
    ]
