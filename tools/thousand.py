"""A thousand real schools in a database of their own: what making, migrating, backing up and doing nothing cost there.

`tools/thousand.py` builds 1,000 schools (nine minutes on two cores), `--schools 50` fewer. The server is that of the
profile `scale`, with fsync on and 4 GB of `shared_buffers`; the settings that the figures depend on are printed with them.
Exit 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
SETTINGS = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "shared_buffers",
    "max_wal_size",
    "wal_compression",
    "max_locks_per_transaction",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--schools", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2, help="connections of the migration")
    parser.add_argument("--json", action="store_true", dest="as_json")
    asked = parser.parse_args()
    if "MEKTEP_DB_HOST" not in os.environ:
        from stack import environment, homes

        os.environ.update(environment.for_child(environment.up(homes.mektep_home(), "scale")))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("MEKTEP_LOG_LEVEL", "ERROR")
    import django

    django.setup()
    from tests import world

    # A template of the tests is copied, then grown.
    with world.database(f"thousand_{os.getpid()}"):
        made: list[str] = []
        try:
            told = measure(asked.schools, asked.jobs, made)
        finally:
            forget_roles(made)
    show(told, as_json=asked.as_json)
    return 0 if all(told["holds"].values()) else 1


def forget_roles(schemas: list[str]) -> None:
    """Roles outlive the database."""
    from kernel import tenancy
    from tenants import roles

    tenancy.forget()
    for schema in schemas:
        roles.drop(tenancy.role_name(schema))


def measure(schools: int, jobs: int, made: list[str]) -> dict[str, Any]:
    from kernel.tenancy import Kind
    from tenants import provisioning, waves
    from tests.benchmarks import migrating

    times: list[float] = []
    claims: list[float] = []
    few = backup_ms()
    while len(made) < schools:
        begun = time.perf_counter()
        made.append(provisioning.prepare_schema(Kind.SCHOOL))
        times.append(time.perf_counter() - begun)
        if len(made) % 50 == 0:
            print(f"  {len(made)} schools, {times[-1] * 1000:.0f} ms the last", file=sys.stderr, flush=True)
    for n in range(min(10, schools)):
        begun = time.perf_counter()
        provisioning.create_tenant(
            code=f"thousand-{n}", kind=Kind.SCHOOL, name_kk="Мектеп", name_ru="Школа", mode="test"
        )
        claims.append(time.perf_counter() - begun)
    waves.migrate(workers=jobs)
    migrating.KIND = Kind.SCHOOL
    floor = migrating.raw_loop(made, "bare")
    migrating.record("ours")
    begun = time.perf_counter()
    ran = waves.migrate(lambda line: print(f"  {line}", file=sys.stderr, flush=True), workers=jobs)
    whole = time.perf_counter() - begun
    begun = time.perf_counter()
    waves.migrate(workers=jobs)
    idle = time.perf_counter() - begun
    many = backup_ms()
    first, last = (statistics.median(part) for part in (times[:10], times[-10:]))
    figures = {
        "schools": schools,
        "claim_ms": round(statistics.median(claims) * 1000, 1),
        "make_first_ms": round(first * 1000, 1),
        "make_last_ms": round(last * 1000, 1),
        "make_growth": round(last / first, 2),
        "migrate_s": round(whole, 2),
        "migrate_school_ms": round(sum(wave.seconds for wave in ran.waves) / schools * 1000, 2),
        "raw_loop_s": round(floor, 2),
        "migrate_ratio": round(whole / floor, 2),
        "idle_s": round(idle, 2),
        "backup_few_ms": round(few, 1),
        "backup_many_ms": round(many, 1),
        "backup_growth": round(many / few, 2),
    }
    # A run has about a second of its own whatever the number: a ratio says nothing of few schools.
    holds = {
        "claim_ms": figures["claim_ms"] <= 50,
        "make_growth": figures["make_growth"] <= 1.3,
        "migrate_s": figures["migrate_s"] < 10,
        "migrate_ratio": schools < 500 or figures["migrate_ratio"] <= 1.5,
        "idle_s": figures["idle_s"] < 2,
        "backup_growth": figures["backup_growth"] <= 1.2,
    }
    return {"figures": figures, "holds": holds, "settings": server(), "load": round(os.getloadavg()[0], 1)}


def backup_ms() -> float:
    """Milliseconds for a backup of one school among all that are there: the median of five, closed and signed."""
    from django.conf import settings

    from tenants.backups import taking
    from tests import world

    school, times = world.find("school-a"), []
    with tempfile.TemporaryDirectory() as room:
        settings.BACKUP_FOLDER = Path(room)
        for _turn in range(6):
            begun = time.perf_counter()
            taking.take(school)
            times.append(time.perf_counter() - begun)
    return statistics.median(times[1:]) * 1000


def server() -> dict[str, str]:
    from django.db import connection

    from kernel import tenancy

    with tenancy.owner(), connection.cursor() as cursor:
        found = {}
        for name in SETTINGS:
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]
        return found


def show(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for name, value in told["figures"].items():
        verdict = {True: "holds", False: "MISSED"}.get(told["holds"].get(name), "")
        print(f"{name:>20}  {value:>10}  {verdict}")
    print(", ".join(f"{name} {value}" for name, value in told["settings"].items()), f"load {told['load']}")
    if told["settings"]["fsync"] != "on":
        print("fsync is off: these figures are not to be quoted.")


if __name__ == "__main__":
    sys.exit(main())
