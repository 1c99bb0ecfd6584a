"""A school of 900 with a year of marks: its backup against the bare COPY of its tables, and how long to put it back."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from kernel import tenancy
from tenants.backups import restoring, taking
from tests import world
from tests.benchmarks import year_scene
from tests.benchmarks.measure import against, alone, take_turns


def run() -> list[dict[str, Any]]:
    school = world.find("school-a")
    year_scene.write(school)
    taken: list[Path] = []
    with tempfile.TemporaryDirectory() as room:
        settings.BACKUP_FOLDER, settings.FILES_ROOT = Path(room) / "backups", Path(room) / "files"
        times = take_turns(
            {"ours": lambda: taken.append(taking.take(school)), "copy": lambda: _bare_copy(school)},
            rounds=5,
            batch=1,
        )
        begun = time.perf_counter()
        answer = restoring.restore(school, taken[-1])
        restored = time.perf_counter() - begun
        pressed = sum(path.stat().st_size for path in taken[-1].iterdir())
    return [
        against(
            f"Backup of {answer['rows']} rows / COPY of its tables alone",
            value=times["ours"],
            floor=times["copy"],
            goal=1.5,
        ),
        alone("The backup, closed", value=pressed / 2**20, goal=1000, unit="MB"),
        alone("Putting the school back, compared row by row", value=restored, goal=300, unit="s"),
    ]


def _bare_copy(school: tenancy.TenantRef) -> int:
    """Every table read out by COPY and thrown away."""
    size = 0
    with tenancy.owner(school), transaction.atomic():
        for name, columns in taking.shape_of(school.schema).tables.items():
            for row in taking.copied(school.schema, name, columns):
                size += len(row)
    return size
