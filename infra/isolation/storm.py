"""The storm: schools are switched at random while statements are cancelled, time out and connections are killed.

Every read says as whom, where and whose row; one wrong row in any number of switches is a broken wall.
`tools/storm.py` runs as many as one likes.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql

from infra.isolation import scratch
from infra.pgbouncer import running
from infra.pgbouncer.configuration import Pooler

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
    with _sea() as (database, schemas, environment):
        report = Report()
        calm = threading.Event()
        weather = threading.Thread(target=_blow, args=(database, report, calm, gap, pause, kill_every))
        weather.start()
        plan = {"backend": backend, "schemas": schemas, "threads": threads, "until_wrong": until_wrong}
        try:
            _sail(report, plan, switches, processes, seed, environment)
        finally:
            calm.set()
            weather.join()
        return report


def run_through_pooler(
    *, backend: str = "ours", switches: int, connections: int, until_wrong: bool = False, seed: str = ""
) -> Report:
    """The same acts without the weather, by four threads for each of the pooler's connections to the server."""
    processes, threads = 2, 2 * connections
    with _sea() as (_database, schemas, environment):
        report = Report()
        here = Pooler(
            server=f"host={environment['MEKTEP_DB_HOST']} port={environment['MEKTEP_DB_PORT']}",
            database=environment["MEKTEP_DB_NAME"],
            connections=connections,
            per_role=max(1, connections // 2),
        )
        with running.running(here, _logins(schemas, environment)) as port:
            plan = {"backend": backend, "schemas": schemas, "threads": threads, "until_wrong": until_wrong}
            pooled = {"MEKTEP_DB_HOST": "127.0.0.1", "MEKTEP_DB_PORT": str(port), "MEKTEP_DB_POOLER": "1"}
            _sail(report, plan, switches, processes, seed, {**environment, **pooled})
        return report


def _logins(schemas: list[str], environment: dict[str, str]) -> dict[str, str]:
    """The storm's roles with their passwords, and the owner, whom the stock backend signs in as."""
    code = (
        "import django, json, sys; django.setup()\n"
        "from kernel import tenancy\n"
        "roles = [tenancy.role_name(schema) for schema in sys.argv[1:]]\n"
        "print(json.dumps({role: tenancy.role_password(role) for role in roles}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *schemas],
        cwd=scratch.ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    owner = {environment["MEKTEP_DB_OWNER_USER"]: environment["MEKTEP_DB_OWNER_PASSWORD"]}
    return json.loads(done.stdout) | owner


def _sail(
    report: Report,
    plan: dict[str, Any],
    switches: int,
    processes: int,
    seed: str,
    environment: dict[str, str],
) -> None:
    """So many processes at once; what they saw is added to the report."""
    seed = seed or secrets.token_hex(4)
    plan = {**plan, "switches": -(-switches // (processes * plan["threads"]))}
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "infra.isolation.storm_worker",
                json.dumps({**plan, "seed": f"{seed}/{number}"}),
            ],
            cwd=scratch.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
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
        for worker in workers:
            if worker.poll() is None:
                worker.kill()


def _blow(
    database: str, report: Report, calm: threading.Event, gap: float, pause: float, kill_every: int
) -> None:
    """Cancel in gusts, kill now and then, until it is calm."""
    gust = GUST.format(database=database, strikes=6, gap=gap)
    with scratch.connect("postgres", application_name="weather") as sky:
        while not calm.wait(pause):
            sky.execute(gust)
            report.gusts += 1
            if kill_every and report.gusts % kill_every == 0:
                report.kills += len(sky.execute(KILL, [database]).fetchall())


@contextmanager
def _sea() -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """A database with a few schools in it, each with its role and one row that says whose it is."""
    schemas = [f"s_storm{number:05d}" for number in range(SCHOOLS)]
    with scratch.database("storm") as database:
        environment = scratch.environment(database)
        with scratch.connect(database) as owner:
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
        subprocess.run([sys.executable, "-c", code, *schemas], cwd=scratch.ROOT, env=environment, check=True)
        yield database, schemas, environment
