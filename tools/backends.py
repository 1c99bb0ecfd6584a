"""What a connection's backend weighs after an hour of random schools: `tools/backends.py --minutes 60`; exit 1 above the goal.

Schools with a journal each are asked at random, pages and marks through the whole product. No connection is closed meanwhile: so
long keeps them only a pooler whose connections never grow old. Private memory of every backend, from `smaps_rollup`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
GOAL = 60  # MB
_BACKENDS = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'mektep' AND pid <> pg_backend_pid()
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--schools", type=int, default=40)
    parser.add_argument(
        "--rate", type=float, default=10, help="visits a second, a visit is three pages and a mark"
    )
    asked = parser.parse_args()
    if "MEKTEP_DB_HOST" not in os.environ:
        from stack import environment, homes

        os.environ.update(environment.for_child(environment.up(homes.mektep_home(), "bench")))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("MEKTEP_LOG_LEVEL", "ERROR")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from tests import world

    connections.settings["default"]["CONN_MAX_AGE"] = None
    settings.DB_CONNECTIONS_PER_THREAD = asked.schools + 4
    with world.database(f"backends_{os.getpid()}"):
        made: list[Any] = []
        try:
            told = measure(asked.schools, asked.minutes * 60, 1 / asked.rate, made)
        finally:
            for ref in made:
                world.raze(ref)
    print(json.dumps(told, indent=2))
    return 0 if told["largest_mb"] <= GOAL else 1


def measure(schools: int, seconds: float, pause: float, made: list[Any]) -> dict[str, Any]:
    """Figures of the whole time, and the largest backend every tenth of it."""
    from kernel import tenancy
    from tests import world
    from tests.benchmarks.journal_scene import open_desk

    desks = []
    for _each in range(schools):
        made.append(world.found_school(mode="demo"))
        desks.append(open_desk(made[-1].code))
    tenancy.forget()  # the owner's connection has built schools; it asks for none
    dice = random.Random(5)  # noqa: S311 - whom a storm asks
    visits, course_of_time = 0, []
    begun = turn = time.monotonic()
    while (now := time.monotonic()) - begun < seconds:
        visit(dice.choice(desks), dice)
        visits += 1
        if now - turn > seconds / 10:
            turn = now
            course_of_time.append(max(weights()))
        time.sleep(max(0.0, pause - (time.monotonic() - now)))
    last = weights()
    return {
        "schools": schools,
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "visits": visits,
        "backends": len(last),
        "largest_mb_over_time": course_of_time,
        "median_mb": statistics.median(last),
        "largest_mb": max(last),
    }


def visit(desk: Any, dice: random.Random) -> None:
    """A teacher's minute: the day, the list of journals, one journal, a mark in it."""
    from uuid import uuid4

    from tests.benchmarks.journal_scene import body_of

    journal = f"/journal/{desk.scene.course.pk}/"
    for path, query in (("/", ""), ("/journal/", ""), (journal, "period=q2")):
        status, _answer = desk.call("GET", path, query=query)
        if status != 200:
            raise AssertionError(f"{path} answered {status}")
    operation = {
        "id": str(uuid4()),
        "lesson": str(dice.choice(desk.scene.lessons).pk),
        "pupil": str(dice.choice(desk.scene.pupils).pk),
        "kind": "fo",
        "field": "points",
        "old": None,
        "new": dice.randint(1, 10),
        "version": 0,
    }
    status, answer = desk.call("POST", "/journal/save/", body_of(desk.scene.course.pk, operation))
    if status != 200:
        raise AssertionError(f"a mark was answered {status}: {answer[:200]!r}")


def weights() -> list[float]:
    from django.db import connection
    from sizes import private

    from kernel import tenancy

    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(_BACKENDS)
        return [private(pid) for (pid,) in cursor.fetchall()]


if __name__ == "__main__":
    sys.exit(main())
