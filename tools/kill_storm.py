"""Marks are saved while what saves them is killed: `make demo`, then `tools/kill_storm.py --marks 1000 --sittings 20`.

Web, worker, Redis or PostgreSQL is killed with signal 9 at random moments and started again. The writers behave as a
browser does: an operation that had no answer is sent again with the same id. Afterwards the database is asked: every
acknowledged mark stands, no operation is done twice, and the history has as many lines as there were changes.
Exit 1 on a single fault. It works on the running demo and changes marks of one journal there.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from writers import Cell, Client, cells_of, journals_of, look, schema_of, teachers_of  # noqa: E402

from stack import environment, homes, postgres, redis, web  # noqa: E402
from stack.errors import StackError  # noqa: E402
from stack.processes import Supervisor  # noqa: E402

PATIENCE = 300.0
ATTEMPTS = 4
SCHOOL = "karkaraly-1"
VICTIMS = ("web", "worker", "redis", "postgres")


@dataclass
class Sent:
    """An operation and what became of it."""

    id: str
    cell: Cell
    old: int | None
    new: int


@dataclass
class Tally:
    sent: list[Sent] = field(default_factory=list)
    again: int = 0
    is_hopeless: bool = False  # what was killed could not be started again
    killed: Counter[str] = field(default_factory=Counter)


def write(
    client: Client, course: str, cells: list[Cell], count: int, pace: float, seed: int, tally: Tally
) -> None:
    """One writer: acknowledged or sent again, until `count` marks are acknowledged."""
    dice = random.Random(seed)  # noqa: S311 - a storm's dice
    done = 0
    while done < count:
        cell = dice.choice(cells)
        new = dice.choice([n for n in range(1, 11) if n != cell.value])
        one = Sent(str(uuid4()), cell, cell.value, new)
        answer = _until_answered(client, course, one, tally)
        if answer["status"] == "refused" and len(cells) > 1:  # the pupil came later, or learns without marks
            cells.remove(cell)
            continue
        assert answer["status"] == "ok", f"a writer's own cell, and yet: {answer}"
        cell.value = new
        tally.sent.append(one)
        done += 1
        time.sleep(dice.uniform(0, 2 * pace))


def _until_answered(client: Client, course: str, one: Sent, tally: Tally) -> dict[str, Any]:
    operation = one.cell.operation(one.id, one.new)
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE and not tally.is_hopeless:
        try:
            status, answer = client.save(course, operation)
            if status == 200:
                return answer
        except (OSError, http.client.HTTPException, ValueError):
            pass
        tally.again += 1
        time.sleep(0.3)
    raise TimeoutError("no answer any more")


# --- killing


class Killer:
    """Kills one of the four and starts it again, as whoever runs the product would."""

    def __init__(self, root: Path, port: int, victims: Sequence[str], seed: int, tally: Tally) -> None:
        self.root, self.port, self.victims, self.tally = root, port, victims, tally
        self.home = homes.Home.at(root, "demo")
        self.dice = random.Random(seed)  # noqa: S311 - a storm's dice
        self.over = threading.Event()
        self.failed: Exception | None = None

    def run(self, every: tuple[float, float]) -> None:
        try:
            while not self.over.wait(self.dice.uniform(*every)):
                victim = self.dice.choice(self.victims)
                self._kill(victim)
                self.tally.killed[victim] += 1
                self.over.wait(self.dice.uniform(0, 1.5))
                self.mend()
        except Exception as failure:
            self.failed = failure
            self.tally.is_hopeless = True

    def _kill(self, victim: str) -> None:
        if victim == "postgres":
            top = postgres.Cluster(self.home).postmaster()
        else:
            top = Supervisor(self.home.state / "run").find(victim)
        if top is None:
            return
        family = [top, *top.children(recursive=True)]
        if victim == "web" and self.dice.random() < 0.5:
            family = family[1:2] or family  # one worker of the web server only
        for process in family:
            try:
                process.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue

    def mend(self) -> None:
        """Start what is not there. A worker may end a moment after its broker did, and is started again then."""
        for attempt in range(ATTEMPTS):
            try:
                self._start()
                return
            except StackError:
                if attempt + 1 == ATTEMPTS:
                    raise
                time.sleep(1)

    def _start(self) -> None:
        database = postgres.ensure(self.root, "demo")
        broker = redis.ensure(self.root, "demo")
        known = dict(
            line.split("=", 1) for line in environment.path(self.root, "demo").read_text().splitlines()
        )
        fresh = environment.write(self.root, "demo", database, broker)
        values = environment.write(self.root, "demo", database, broker, known | fresh)
        web.start(self.home, values, self.port)


# --- asking the database


def faults(
    server: postgres.Server, schema: str, tally: Tally, before: int
) -> tuple[list[str], dict[str, int]]:
    """What is lost, doubled or missing in the history."""
    found: list[str] = []
    with psycopg.connect(server.dsn(environment.DATABASE)) as connection:

        def rows(text: str, *values: object) -> list[tuple[Any, ...]]:
            return connection.execute(
                sql.SQL(text).format(s=sql.Identifier(schema)),
                values,
            ).fetchall()

        ids = [UUID(one.id) for one in tally.sent]
        seen = Counter(
            str(key)
            for (key,) in rows(
                "SELECT operation_id FROM {s}.journal_markevent WHERE operation_id = ANY(%s)", ids
            )
        )
        lost = [one for one in tally.sent if not seen[one.id]]
        doubled = [key for key, times in seen.items() if times > 1]
        found += [f"lost: {one}" for one in lost] + [f"done twice: {key}" for key in doubled]
        last: dict[tuple[str, str], int] = {}
        for one in tally.sent:
            last[one.cell.lesson, one.cell.pupil] = one.cell.value or 0
        for (lesson, pupil), value in last.items():
            stands = rows(
                "SELECT points FROM {s}.journal_mark WHERE lesson_id = %s AND pupil_id = %s AND kind = 'fo'",
                UUID(lesson),
                UUID(pupil),
            )
            if stands != [(value,)]:
                found.append(f"{lesson} {pupil}: {stands} stands, {value} was acknowledged")
        [(lines,)] = rows("SELECT count(*) FROM {s}.journal_markevent WHERE id > %s", before)
        if lines != len(tally.sent):
            found.append(f"{lines} lines of history for {len(tally.sent)} changes")
        [(news,)] = rows(
            "SELECT coalesce(sum((payload->>'count')::int), 0) FROM {s}.kernel_outboxevent"
            " WHERE name = 'journal.marks.changed.v1' AND at >= (SELECT min(at) FROM {s}.journal_markevent WHERE id > %s)"
            " - interval '1 second'",
            before,
        )
    return found, {"marks": len(tally.sent), "history": lines, "news": int(news)}


def _last_event(server: postgres.Server, schema: str) -> int:
    with psycopg.connect(server.dsn(environment.DATABASE)) as connection:
        text = sql.SQL("SELECT coalesce(max(id), 0) FROM {}.journal_markevent").format(sql.Identifier(schema))
        row = connection.execute(text).fetchone()
    return int(row[0]) if row else 0


def sitting(root: Path, port: int, asked: argparse.Namespace, seed: int) -> bool:
    tally = Tally()
    login = next(one for one in teachers_of(root, SCHOOL) if one["role"] == "teacher")
    killer = Killer(root, port, asked.victims, seed, tally)
    killer.mend()
    server = postgres.ensure(root, "demo")
    schema = schema_of(server, SCHOOL)
    client = Client(login["host"], port)
    client.sign_in(login["username"], login["password"])
    course = journals_of(client)[0]
    cells = cells_of(client, course)
    look(server, schema, cells)
    before, began = _last_event(server, schema), time.monotonic()
    share = [cells[n :: asked.writers] for n in range(asked.writers)]
    failed: list[BaseException] = []

    def guarded(work: Callable[..., None], *given: Any) -> None:
        try:
            work(*given)
        except BaseException as failure:
            failed.append(failure)

    writers = [
        threading.Thread(  # noqa: TID251 - they are other machines, and know no tables
            target=guarded,
            args=(
                write,
                client,
                course,
                share[n],
                asked.marks // asked.writers,
                asked.pace,
                seed * 100 + n,
                tally,
            ),
        )
        for n in range(asked.writers)
    ]
    hunter = threading.Thread(target=killer.run, args=((asked.least, asked.most),))  # noqa: TID251
    for thread in [*writers, hunter]:
        thread.start()
    for thread in writers:
        thread.join()
    killer.over.set()
    hunter.join()
    killer.mend()
    wrong, figures = faults(postgres.ensure(root, "demo"), schema, tally, before)
    wrong += [repr(one) for one in failed] + ([repr(killer.failed)] if killer.failed else [])
    kills = ", ".join(f"{name} {count}" for name, count in sorted(tally.killed.items()))
    print(
        f"seed {seed}: {figures['marks']} marks acknowledged in {time.monotonic() - began:.0f} s,"
        f" {sum(tally.killed.values())} kills ({kills}), {tally.again} sent again;"
        f" history {figures['history']}, news {figures['news']}, faults {len(wrong)}",
        flush=True,
    )
    for line in wrong[:10]:
        print(f"  {line}")
    return not wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--marks", type=int, default=1000, help="marks of a sitting")
    parser.add_argument("--sittings", type=int, default=1)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--pace", type=float, default=0.15, help="seconds from mark to mark of a writer")
    parser.add_argument("--victims", nargs="+", choices=VICTIMS, default=VICTIMS)
    parser.add_argument("--least", type=float, default=1.0, help="seconds between kills, at least")
    parser.add_argument("--most", type=float, default=6.0, help="and at most")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    asked = parser.parse_args()
    root = homes.mektep_home()
    port = web.port_in_use(homes.Home.at(root, "demo")) or environment.web_port()
    good = [sitting(root, port, asked, asked.seed + n) for n in range(asked.sittings)]
    print(f"{sum(good)} of {len(good)} sittings without a fault")
    return 0 if all(good) else 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main())
