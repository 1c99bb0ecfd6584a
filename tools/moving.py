"""A school taken to another cell while its teachers write: how long writing waits, and that nothing answered is lost.

`tools/moving.py` starts two servers of the profile `bench` (fsync on), fills a school with a year and moves it there and home again.
Exit 1 when a write is lost or the freeze is longer than twice the making of the tables and the copying.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--classes", type=int, default=36, help="of 25 pupils, with a year of marks each")
    parser.add_argument("--writers", type=int, default=4)
    asked = parser.parse_args()
    os.environ["MEKTEP_BENCH_CLASSES"] = str(asked.classes)
    from stack import environment, homes, postgres

    home = homes.mektep_home()
    os.environ.update(environment.for_child(environment.up(home, "bench")))
    os.environ.setdefault("MEKTEP_LOG_LEVEL", "ERROR")
    second = home / "north"
    server = postgres.ensure(second, "bench")
    postgres.drop_database(server, "mektep")
    postgres.create_database(server, "mektep")
    os.environ["MEKTEP_CELL_OWNER_PASSWORDS"] = json.dumps({"north": server.password})
    import django

    django.setup()
    from tenants.cells import services
    from tests import world
    from tests.benchmarks import year_scene

    try:
        with world.database(f"moving_{os.getpid()}"):
            services.add(code="north", host=server.host, port=server.port, database="mektep", capacity=9)
            school = world.found_school()
            year_scene.write(school)
            told = [measure(school.code, to, asked.writers) for to in ("north", "home")]
            world.raze(school)
    finally:
        postgres.drop_database(server, "mektep")
        postgres.stop(second, "bench")
    print(json.dumps(told, indent=2))
    return 0 if all(one["lost"] == 0 and one["freeze_s"] <= 2 * one["work_s"] for one in told) else 1


def measure(code: str, to: str, writers: int) -> dict[str, Any]:
    from kernel import tenancy
    from kernel.models import AuditEntry
    from tenants.cells import moving
    from tests import world

    crowd = [Writer(code, f"tools.moved.{to}.{number}") for number in range(writers)]
    for one in crowd:
        one.start()
    time.sleep(2)
    told = moving.move(world.find(code), to, lambda line: print(f"  {line}", file=sys.stderr))
    time.sleep(2)
    for one in crowd:
        one.stop()
    written = sum(one.written for one in crowd)
    with tenancy.use(world.find(code)):
        found = AuditEntry.objects.filter(action__startswith=f"tools.moved.{to}.").count()
    return {
        "to": to,
        "rows": told.rows,
        "tables": told.tables,
        **{f"{name}_s": round(value, 2) for name, value in told.seconds.items()},
        "work_s": round(told.work, 2),
        "written": written,
        "lost": written - found,
        "told_to_try_again": sum(one.refused for one in crowd),
        "longest_write_s": round(max(one.longest for one in crowd), 2),
    }


class Writer:
    """Somebody at work in the school: one line of the log after another, each a transaction; what is refused is tried again."""

    def __init__(self, code: str, action: str) -> None:
        self.code, self.action, self.written, self.refused, self.longest = code, action, 0, 0, 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._write)  # noqa: TID251 - a tool's own load

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        self._thread.join()

    def _write(self) -> None:
        from django.db import DatabaseError, transaction

        from kernel import audit, tenancy
        from kernel.access import Actor
        from tests import world

        begun = time.perf_counter()
        while not self._end.is_set():
            ref = world.find(self.code)
            try:
                with tenancy.use(ref), transaction.atomic():
                    audit.record(actor=Actor.system_actor("tools"), action=self.action)
            except DatabaseError:
                self.refused += 1
                tenancy.forget(ref.schema)
                continue
            self.written += 1
            self.longest = max(self.longest, time.perf_counter() - begun)
            time.sleep(0.01)
            begun = time.perf_counter()
        tenancy.forget()


if __name__ == "__main__":
    sys.exit(main())
