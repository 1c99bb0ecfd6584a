"""The end of a quarter: all teachers of three schools type marks at once: `make demo`, then `tools/quarter_storm.py`.

First one teacher alone, then all of them, each with pauses as people make them; then one alone again. The latency
of a save with everybody there, at the 95th percentile, is to be at most 1.5 times that of one who is alone, and no
save may fail. Exit 1 otherwise. It works on the running demo and changes marks of its journals.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from writers import Cell, Client, cells_of, journals_of, look, schema_of, teachers_of  # noqa: E402

from stack import environment, homes, postgres, web  # noqa: E402

SCHOOLS = ("karkaraly-1", "mady", "aqsu-ayuly")
GOAL = 1.5
CLEAR = 30.0  # seconds that the news may lag behind


@dataclass
class Teacher:
    """Somebody at a journal of their own."""

    client: Client
    course: str
    cells: list[Cell]
    dice: random.Random
    times: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def type(self, until: float, pause: float) -> None:
        """Type marks with pauses until the time has come; each save is timed."""
        time.sleep(self.dice.uniform(0, 2 * pause))
        while time.monotonic() < until:
            cell = self.dice.choice(self.cells)
            new = self.dice.choice([n for n in range(1, 11) if n != cell.value])
            begun = time.monotonic()
            try:
                status, answer = self.client.save(self.course, cell.operation(str(uuid4()), new))
                said = answer.get("status", str(status))
            except (OSError, http.client.HTTPException) as failure:
                said = type(failure).__name__
            self.times.append(time.monotonic() - begun)
            if said == "ok":
                cell.value = new
            elif (
                said == "refused"
            ):  # the pupil came later, or learns without marks: the teacher types elsewhere
                self.cells.remove(cell)
                if not self.cells:
                    return
            else:
                self.faults[said] += 1
            time.sleep(self.dice.uniform(0, 2 * pause))


def seat(login: dict[str, Any], port: int, seed: int) -> Teacher | None:
    """Sign the teacher in and open a journal that takes marks; None for who has none."""
    client = Client(login["host"], port)
    client.sign_in(login["username"], login["password"])
    for course in journals_of(client)[:3]:
        if cells := cells_of(client, course):
            return Teacher(client, course, cells, random.Random(seed))  # noqa: S311 - a storm's dice
    return None


def gather(root: Path, port: int, schools: Sequence[str]) -> list[Teacher]:
    """All teachers of the schools, each course with one of them."""
    server = postgres.ensure(root, "demo")
    seated: dict[str, Teacher] = {}
    for school in schools:
        logins = teachers_of(root, school)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda pair: seat(pair[1], port, pair[0]), enumerate(logins)))
        schema = schema_of(server, school)
        mine = [one for one in found if one is not None]
        look(server, schema, [cell for one in mine for cell in one.cells])
        seated |= {one.course: one for one in mine}
        print(f"{school}: {len(logins)} teachers, {len(mine)} of them with a journal for points", flush=True)
    return list(seated.values())


def sit(teachers: Sequence[Teacher], seconds: float, pause: float) -> list[float]:
    """Let them type; answer with the times of their saves."""
    for one in teachers:
        one.times = []
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=one.type, args=(until, pause)) for one in teachers]  # noqa: TID251
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [seconds for one in teachers for seconds in one.times]


def percentile(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def waiting(root: Path, schools: Sequence[str]) -> tuple[int, int]:
    """Events that wait in the schools, and those that nobody will try again."""
    server = postgres.ensure(root, "demo")
    text = "SELECT count(*), count(*) FILTER (WHERE attempts > 9) FROM {}.kernel_outboxevent WHERE delivered_at IS NULL"
    found = (0, 0)
    with psycopg.connect(server.dsn(environment.DATABASE)) as connection:
        for school in schools:
            schema = sql.Identifier(schema_of(server, school))
            row = connection.execute(sql.SQL(text).format(schema)).fetchone()
            assert row is not None
            found = found[0] + row[0], found[1] + row[1]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--schools", nargs="+", default=SCHOOLS)
    parser.add_argument("--seconds", type=float, default=60, help="how long all of them type")
    parser.add_argument(
        "--pause", type=float, default=3.0, help="seconds between a teacher's marks, on average"
    )
    asked = parser.parse_args()
    root = homes.mektep_home()
    port = web.port_in_use(homes.Home.at(root, "demo")) or environment.web_port()
    teachers = gather(root, port, asked.schools)
    alone = teachers[:1]
    sit(alone, 5, 0.05)  # caches and plans
    quiet = sit(alone, asked.seconds / 4, 0.1)
    psutil.cpu_percent()
    all_at_once = sit(teachers, asked.seconds, asked.pause)
    busy, load = psutil.cpu_percent(), os.getloadavg()[0]
    begun = time.monotonic()
    while (left := waiting(root, asked.schools))[0] > left[1] and time.monotonic() - begun < CLEAR:
        time.sleep(0.5)
    lag = time.monotonic() - begun
    quiet += sit(alone, asked.seconds / 4, 0.1)
    faults = sum((one.faults for one in teachers), Counter[str]())
    ratio = percentile(all_at_once) / percentile(quiet)
    for name, times in (("one alone", quiet), (f"{len(teachers)} at once", all_at_once)):
        print(
            f"{name}: {len(times)} saves, median {statistics.median(times) * 1000:.1f} ms,"
            f" p95 {percentile(times) * 1000:.1f} ms, longest {max(times) * 1000:.0f} ms"
        )
    print(
        f"p95 {ratio:.2f} × that of one alone (goal {GOAL} ×), {len(all_at_once) / asked.seconds:.0f} saves a second,"
        f" faults {dict(faults)}; news told after {lag:.1f} s, {left[0]} wait;"
        f" processors {busy:.0f} % busy, load {load:.1f}"
    )
    return 0 if ratio <= GOAL and not faults and not left[0] else 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main())
