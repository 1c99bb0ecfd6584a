"""A spreadsheet of 1,200 pupils: checked, and loaded, against reading it bare and copying the same rows in."""

from __future__ import annotations

from typing import Any

from kernel import tenancy
from tests import world
from tests.benchmarks.import_scene import check_and_load
from tests.benchmarks.measure import against, alone


def run() -> list[dict[str, Any]]:
    with world.database("import_pupils"), tenancy.use(world.find("school-a")):
        floor, check, both = check_and_load(1_200)
    return [
        alone("Import of 1,200 pupils: the check", value=check, goal=1, unit="s"),
        alone("Import of 1,200 pupils: check and load", value=both, goal=5, unit="s"),
        against(
            "Import of 1,200 pupils: check and load against calamine and COPY",
            value=both,
            floor=floor,
            goal=5,
        ),
    ]
