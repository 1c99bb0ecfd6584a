"""A school with a million marks put back to five minutes ago, while other schools write: how long it takes, what they feel.

`tools/moment.py` starts a server of the profile `cell` (fsync on, WAL archived), fills it, lets schools work, and gives the
operator's own command `mektep tenant restore CODE --at …`. `--marks` makes the school smaller, `--ago` the moment nearer.
Exit 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
PAUSE = 0.05  # between two acts of a school that works
ROOMS = ("archive", "scratch", "backups", "files", "keys")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--marks", type=int, default=1_000_000)
    parser.add_argument("--ago", type=int, default=300, help="seconds between the moment and now")
    parser.add_argument("--schools", type=int, default=9, help="how many others work")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--work", nargs=2, metavar=("SCHEMA", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        return work(*asked.work)
    from stack import environment, homes

    home = homes.mektep_home()
    started = environment.up(home, "cell")
    house = homes.Home.at(home, "cell")
    rooms = {name: house.owned(name) for name in ROOMS}
    started |= {
        "MEKTEP_ARCHIVE": "folder",
        "MEKTEP_ARCHIVE_FOLDER": str(rooms["archive"]),
        "MEKTEP_ARCHIVE_SCRATCH": str(rooms["scratch"]),
        "MEKTEP_BACKUP_FOLDER": str(rooms["backups"]),
        "MEKTEP_FILES_ROOT": str(rooms["files"]),
        "MEKTEP_KEYS_ROOT": str(rooms["keys"]),
        "MEKTEP_LOG_LEVEL": "ERROR",
    }
    os.environ.update(environment.for_child(started))
    import django

    django.setup()
    from tests import world

    with world.database("moment"):
        told = measure(asked.marks, asked.ago, asked.schools)
    if asked.as_json:
        print(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    else:
        for name, value in told["figures"].items():
            verdict = {True: "holds", False: "MISSED"}.get(told["holds"].get(name), "")
            print(f"{name:>24}  {value:>12}  {verdict}")
        print(f"load {told['load']}, {told['settings']}")
    return 0 if all(told["holds"].values()) else 1


def measure(marks: int, ago: int, schools: int) -> dict[str, Any]:
    from django.conf import settings

    from kernel import clock, tenancy
    from tenants.moments import services
    from tests import world
    from tests.benchmarks import year_scene

    say("filling the schools")
    school, still = world.find("school-a"), world.find("school-b")
    filled = fill(school, marks)
    year_scene.CLASSES = 4
    working = [world.found_school() for _each in range(schools)]
    for ref in (still, *working):
        year_scene.write(ref)
    services.configure()
    say("copying the cell")
    begun = time.perf_counter()
    base = services.take(say)
    copied = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as room:
        crowd = [Worker(ref.schema, Path(room) / ref.code) for ref in working]
        try:
            say(f"the schools work for {ago + 60} s")
            time.sleep(60)
            before = services.content(school)
            at = clock.now()
            time.sleep(0.1)
            with tenancy.use(school):
                spoil()
            time.sleep(ago)
            stood = services.content(still)
            calm = crowd_now(crowd)
            begun = time.perf_counter()
            stages = restore(school.code, at)
            took = time.perf_counter() - begun
            busy = crowd_now(crowd)
            acts, errors = sum(one.count() for one in crowd), sum(one.errors() for one in crowd)
        finally:
            for one in crowd:
                one.end()
    after = services.content(school)
    from tenants.backups import restoring

    wrong = [n for n in before if n not in restoring.KEPT and before[n] != after.get(n)]
    p95 = [statistics.quantiles(one, n=20)[-1] * 1000 for one in (calm, busy)]
    figures = {
        "marks": filled,
        "rows_of_the_school": stages["rows"],
        "copy_of_the_cell_s": round(copied, 1),
        "copy_of_the_cell_mb": base.bytes >> 20,
        "others_acts_in_all": acts,
        "restore_s": round(took, 1),
        "tables_that_differ": len(wrong),
        "others_p95_calm_ms": round(p95[0], 1),
        "others_p95_meanwhile_ms": round(p95[1], 1),
        "others_p95_ratio": round(p95[1] / p95[0], 2),
        "others_errors": errors,
        "still_school_changed": int(services.content(still) != stood),
    }
    holds = {
        "restore_s": figures["restore_s"] <= 300,
        "tables_that_differ": not wrong,
        "others_p95_ratio": figures["others_p95_ratio"] <= 1.2,
        "others_errors": figures["others_errors"] == 0,
        "still_school_changed": figures["still_school_changed"] == 0,
    }
    here = {"fsync": "on", "schools_at_work": schools, "database": settings.DATABASES["default"]["NAME"]}
    return {
        "figures": figures,
        "holds": holds,
        "stages": stages["told"],
        "settings": here,
        "load": os.getloadavg()[0],
    }


def fill(school: Any, marks: int) -> int:
    """A year of marks, then more of the same until there are enough; answers how many."""
    from django.db import connection, transaction

    from kernel import tenancy
    from tests.benchmarks import year_scene

    year_scene.write(school)
    with tenancy.owner(school), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT count(*) FROM journal_mark")
        while (have := cursor.fetchone()[0]) < marks:
            cursor.execute(
                "INSERT INTO journal_mark (id, lesson_id, pupil_id, kind, points, version, set_at, reason)"
                " SELECT gen_random_uuid(), l.id, m.pupil_id, 'fo', 4 + (random() * 6)::int, 1, now(), ''"
                " FROM schedule_lesson l JOIN contingent_membership m ON m.school_class_id = l.school_class_id"
                " WHERE NOT EXISTS (SELECT FROM journal_mark o WHERE o.lesson_id = l.id AND o.pupil_id = m.pupil_id)"
                " LIMIT %s",
                [marks - have],
            )
            if not cursor.rowcount:
                break
            cursor.execute("SELECT count(*) FROM journal_mark")
        return int(have)


def spoil() -> None:
    """What somebody regrets: a class's marks are gone and all pupils are called alike."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM journal_mark WHERE pupil_id IN (SELECT id FROM contingent_pupil LIMIT 25)"
        )
        cursor.execute("UPDATE contingent_pupil SET surname = 'Бұзылған'")


def restore(code: str, at: Any) -> dict[str, Any]:
    """The operator's command, in a process of its own."""
    from django.conf import settings

    environment = {
        **os.environ,
        "MEKTEP_DB_NAME": str(settings.DATABASES["default"]["NAME"]),
        "MEKTEP_DB_ROLE_PREFIX": settings.DB_ROLE_PREFIX,
        "MEKTEP_KEYS_ROOT": str(settings.KEYS_ROOT),
    }
    command = [sys.executable, "-m", "tenants.cli", "tenant", "restore", code]
    begun, told = time.perf_counter(), []
    process = subprocess.Popen(
        [*command, "--at", at.isoformat(), "--letter", "№ 1"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    rows = 0
    for line in process.stdout:
        told.append(f"{time.perf_counter() - begun:6.1f} s  {line.strip()}")
        say(told[-1])
        if line.strip().startswith("rows"):
            rows = int(line.split()[1])
    if process.wait():
        raise SystemExit("the restore failed")
    return {"rows": rows, "told": told}


class Worker:
    """A school at work in a process of its own; what it writes down is read by `now`."""

    def __init__(self, schema: str, file: Path) -> None:
        from django.conf import settings

        from kernel import tenancy

        self.file = file
        file.touch()
        role = tenancy.role_name(schema)
        here = settings.DATABASES["default"]
        os.environ["MOMENT_DSN"] = (
            f"host={here['HOST']} port={here['PORT']} dbname={here['NAME']} user={role}"
            f" password={tenancy.role_password(role)}"
        )
        self.process = subprocess.Popen([sys.executable, __file__, "--work", schema, str(file)])
        self.read = 0

    def now(self) -> list[float]:
        """The seconds that its acts took since it was asked last."""
        lines = self.file.read_text().splitlines()[self.read :]
        self.read += len(lines)
        return [float(line) for line in lines if line != "error"]

    def count(self) -> int:
        return len(self.file.read_text().splitlines())

    def errors(self) -> int:
        return self.file.read_text().splitlines().count("error")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def crowd_now(crowd: list[Worker]) -> list[float]:
    return [seconds for one in crowd for seconds in one.now()]


def work(_schema: str, file: str) -> int:
    """What a school does all day: a journal is opened, a mark is set, it is told to the outbox; each a commit."""
    import psycopg

    with (
        psycopg.connect(os.environ["MOMENT_DSN"], autocommit=True) as connection,
        Path(file).open("a") as out,
    ):
        courses = [row[0] for row in connection.execute("SELECT id FROM schedule_course").fetchall()]
        while True:
            course = random.choice(courses)  # noqa: S311
            begun = time.perf_counter()
            try:
                with connection.transaction():
                    rows = connection.execute(
                        "SELECT m.id, m.points FROM journal_mark m JOIN schedule_lesson l ON l.id = m.lesson_id"
                        " WHERE l.course_id = %s AND m.kind = 'fo'",
                        [course],
                    ).fetchall()
                    mark, points = random.choice(rows)  # noqa: S311
                    connection.execute(
                        "UPDATE journal_mark SET points = %s, version = version + 1 WHERE id = %s",
                        [1 + (points or 0) % 10, mark],
                    )
                out.write(f"{time.perf_counter() - begun:.6f}\n")
            except psycopg.Error:
                out.write("error\n")
            out.flush()
            time.sleep(PAUSE)


def say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
