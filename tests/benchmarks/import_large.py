"""A spreadsheet of 5,000 pupils: checked and loaded as by the job, and put right in place while a person waits.

A press on the check page may check anew only the row and what it is bound to; the whole check is its measure.
"""

from __future__ import annotations

from typing import Any

from imports import repairs, services
from imports.models import ImportRow
from kernel import tenancy
from kernel.access import Actor
from tests import world
from tests.benchmarks.import_scene import check_and_load, spreadsheet, take_in
from tests.benchmarks.measure import against, alone, take_turns

ROWS = 5_000


def _press() -> float:
    """Seconds of one cell put right in a file of 5,000 rows."""
    clerk = Actor.system_actor("bench")
    batch = services.check(actor=clerk, batch_id=take_in(clerk, spreadsheet(ROWS)).pk)
    numbers = list(ImportRow.objects.filter(batch=batch).order_by("number").values_list("number", flat=True))
    turn = iter(range(ROWS))

    def press() -> None:
        n = next(turn)
        repairs.correct_cell(
            actor=clerk,
            batch_id=batch.pk,
            number=numbers[n * 37 % ROWS],
            column="surname",
            value=f"Өтеген{n % 9 * 'ов'}",
        )

    return take_turns({"press": press}, rounds=5, batch=5)["press"]


def run() -> list[dict[str, Any]]:
    with world.database("import_large"), tenancy.use(world.find("school-a")):
        floor, check, both = check_and_load(ROWS)
        press = _press()
    return [
        alone("Import of 5,000 pupils: the check", value=check, goal=4, unit="s"),
        against(
            "Import of 5,000 pupils: check and load against calamine and COPY",
            value=both,
            floor=floor,
            goal=5,
        ),
        alone("Import of 5,000 pupils: one cell put right", value=press, goal=150),
        against(
            "Import of 5,000 pupils: one cell put right against the whole check",
            value=press,
            floor=check,
            goal=0.1,
        ),
    ]
