"""The storm: schools are switched at random while statements are cancelled, time out and connections are killed.

Every read says as whom, where and whose row; one wrong row in any number of switches is a broken wall.
`tools/storm.py` runs as many as one likes.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
SCHOOLS = 6
# A gust is this many strikes of one backend, sent by the server itself so that they cost the client nothing.
GUST = """
DO $$ DECLARE victim int; n int; BEGIN
  FOR victim IN SELECT pid FROM pg_stat_activity
      WHERE datname = '{database}' AND application_name = 'mektep' ORDER BY query_start DESC LIMIT 3 LOOP
    FOR n IN 1..{strikes} LOOP
      PERFORM pg_cancel_backend(victim);
      PERFORM pg_sleep(random() * {gap});
    END LOOP;
  END LOOP;
END $$
"""
KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = %s AND application_name = 'mektep' ORDER BY random() LIMIT 1
"""


@dataclass
class Report:
    """What the storm saw: counts by name, the wrong rows, and how hard it blew."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    gusts: int = 0
    kills: int = 0
    seconds: float = 0.0

    @property
    def switches(self) -> int:
        return self.counts["switches"]

    @property
    def reads(self) -> int:
        return self.counts["reads"]

    @property
    def wrong(self) -> int:
        return self.counts["wrong"]

    @property
    def errors(self) -> int:
        quiet = {"switches", "reads", "wrong", "settle"}
        return sum(count for name, count in self.counts.items() if name not in quiet)

    def __str__(self) -> str:
        return (
            f"{self.switches} switches, {self.reads} reads, {self.wrong} wrong, {self.errors} statements refused, "
            f"{self.gusts} gusts of cancels, {self.kills} connections killed, {self.seconds:.1f} s"
        )


def run(
    *,
    backend: str = "ours",
    switches: int,
    processes: int = 2,
    threads: int = 1,
    until_wrong: bool = False,
    gap: float = 0.0004,
    pause: float = 0.01,
    kill_every: int = 12,
    seed: str = "",
) -> Report:
    """Make schools in a database of their own, blow, and report."""
    seed = seed or secrets.token_hex(4)
    with _sea() as (database, schemas):
        report = Report()
        plan = {
            "backend": backend,
            "schemas": schemas,
            "threads": threads,
            "until_wrong": until_wrong,
            "switches": -(-switches // (processes * threads)),
        }
        workers = [
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.tenancy.storm_worker",
                    json.dumps({**plan, "seed": f"{seed}/{number}"}),
                ],
                cwd=ROOT,
                env=_environment(database),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(processes)
        ]
        calm = threading.Event()
        weather = threading.Thread(target=_blow, args=(database, report, calm, gap, pause, kill_every))
        weather.start()
        try:
            for worker in workers:
                out, err = worker.communicate()
                if worker.returncode:
                    raise RuntimeError(f"a worker of the storm broke (seed {seed}):\n{err[-3000:]}")
                answer = json.loads(out.strip().splitlines()[-1])
                report.examples += answer.pop("examples")
                report.seconds = max(report.seconds, answer.pop("seconds"))
                report.counts += Counter(answer)
        finally:
            calm.set()
            weather.join()
            for worker in workers:
                if worker.poll() is None:
                    worker.kill()
        return report


def _blow(
    database: str, report: Report, calm: threading.Event, gap: float, pause: float, kill_every: int
) -> None:
    """Cancel in gusts, kill now and then, until it is calm."""
    gust = GUST.format(database=database, strikes=6, gap=gap)
    with _connect("postgres") as sky:
        while not calm.wait(pause):
            sky.execute(gust)
            report.gusts += 1
            if kill_every and report.gusts % kill_every == 0:
                report.kills += len(sky.execute(KILL, [database]).fetchall())


@contextmanager
def _sea() -> Iterator[tuple[str, list[str]]]:
    """A database with a few schools in it, each with its role and one row that says whose it is."""
    database = f"mektep_storm_{secrets.token_hex(3)}"
    schemas = [f"s_storm{number:05d}" for number in range(SCHOOLS)]
    with _connect("postgres") as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(database)))
    try:
        with _connect(database) as owner:
            for schema in ["public", *schemas]:
                owner.execute(
                    sql.SQL(
                        "CREATE SCHEMA IF NOT EXISTS {s};"
                        "CREATE TABLE {s}.canary (id int PRIMARY KEY, school text, visits int DEFAULT 0);"
                        "INSERT INTO {s}.canary VALUES (1, {name})"
                    ).format(s=sql.Identifier(schema), name=sql.Literal(schema))
                )
        code = (
            "import django, sys; django.setup()\n"
            "from kernel import tenancy\nfrom tenants import roles\n"
            "roles.prepare_database()\n"
            "with tenancy.owner():\n"
            "    for schema in sys.argv[1:]:\n        roles.create(schema); roles.grant(schema)\n"
        )
        subprocess.run(
            [sys.executable, "-c", code, *schemas], cwd=ROOT, env=_environment(database), check=True
        )
        yield database, schemas
    finally:
        with _connect("postgres") as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))
            for (role,) in admin.execute(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [database + r"\_%"]
            ).fetchall():
                admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def _environment(database: str) -> dict[str, str]:
    here = settings.DATABASES["default"]
    return {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MEKTEP_MODE": "test",
        "MEKTEP_DB_HOST": here["HOST"],
        "MEKTEP_DB_PORT": here["PORT"],
        "MEKTEP_DB_NAME": database,
        "MEKTEP_DB_ROLE_PREFIX": database,
        "MEKTEP_DB_OWNER_USER": settings.DB_OWNER_USER,
        "MEKTEP_DB_OWNER_PASSWORD": settings.DB_OWNER_PASSWORD,
        "MEKTEP_CELL_KEY": settings.CELL_KEY,
        "MEKTEP_KEYS_ROOT": str(settings.KEYS_ROOT),
        "MEKTEP_REDIS_URL": "",
        "MEKTEP_LOG_LEVEL": "CRITICAL",
    }


def _connect(database: str) -> psycopg.Connection:
    here = settings.DATABASES["default"]
    return psycopg.connect(
        host=here["HOST"],
        port=here["PORT"],
        user=settings.DB_OWNER_USER,
        password=settings.DB_OWNER_PASSWORD,
        dbname=database,
        autocommit=True,
        application_name="weather",
    )
