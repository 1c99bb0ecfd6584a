"""`make demo`, `make stop`, `make clean-demo`: from nothing to a district at work, and back.

Every step may be interrupted at any moment, even by SIGKILL. What is done is written down after it is done;
what was begun and not finished is done again, the filling from an empty database.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from rich.console import Console

from stack import antivirus, eds, environment, ports, postgres, processes, redis, web
from stack.errors import StackError
from stack.homes import PROJECT, Home
from stack.journal import Journal, Progress, single_run
from stack.logins import show

PRODUCT = [sys.executable, "-m", "tenants.cli"]
WATCHED = ("platform", "tenants", "modules", "integrations", "locale")
WATCHED_SUFFIXES = {".py", ".yaml", ".po", ".html", ".md"}


class Demo:
    """One run over the demo profile of a home."""

    def __init__(self, root: Path, console: Console) -> None:
        self.root = root
        self.home = Home.at(root, "demo")
        self.console = console
        self.journal = Journal(self.home.state / "state.json")
        self.progress = Progress(console)
        self.values: dict[str, str] = {}

    def start(self) -> None:
        began = time.monotonic()
        with single_run(self.home, "demo") as lock:
            self.lock = lock
            self._claim_port()
            sources = fingerprint(PROJECT)
            self._step("servers", "PostgreSQL and Redis", self._servers)
            self._start_over_if_filling_broke()
            if not self.journal.done("migrate", sources):
                self._step("messages", "Messages compiled", self._messages)
                self._step("migrate", "Tables", lambda: self._mektep("migrate", "migrate"), mark=sources)
            if not self.journal.done("fill"):
                self._step(
                    "fill", "District, schools, pupils, marks", lambda: self._mektep("fill", "demo", "fill")
                )
            self._step("web", "Web and worker", lambda: self._web(sources), mark=sources)
            if not self.journal.done("timetable", sources):
                self._step(
                    "timetable",
                    "Search for timetables compiled",
                    lambda: self._mektep("timetable", "timetable", "prepare"),
                    mark=sources,
                )
        show(self.home.state / "logins.json", self.console, port=environment.web_port())
        self.console.print(
            f"\nReady in {time.monotonic() - began:.1f} s. "
            "`make stop` stops it and keeps the data, `make clean-demo` removes everything."
        )

    def stop(self) -> None:
        patience = self._end_step()
        with single_run(self.home, "stop", patience=patience):
            stopped = self._stop_all()
        self.console.print(
            "The demo is stopped; its data is kept." if stopped else "The demo was not running."
        )

    def clean(self) -> None:
        patience = self._end_step()
        with single_run(self.home, "clean-demo", patience=patience):
            self._stop_all()
            self.home.remove()
            for log in self.home.logs.glob("demo-*"):
                log.unlink()
        self.console.print(f"The demo's data in {self.root} is removed.")
        if os.environ.get("DATABASE_URL"):
            self.console.print(
                f"The database '{environment.DATABASE}' on the server of DATABASE_URL is left alone."
            )

    def _end_step(self) -> float:
        """End the step of a run that is still at work; gives how long that run may take to notice."""
        if processes.Supervisor(self.home.state / "run").stop("step"):
            self.console.print("The step at work is ended; its run will say so.")
            return 10
        return 0

    def _stop_all(self) -> bool:
        stopped = [
            web.stop(self.home),
            eds.stop(self.home),
            antivirus.stop(self.home),
            environment.down(self.root, "demo"),
        ]
        return any(stopped)

    def _claim_port(self) -> None:
        """Refuse before any work when somebody else has the port."""
        port = environment.web_port()
        if web.port_in_use(self.home) != port and not ports.is_free(port):
            holder = ports.holder(port)
            raise StackError(
                f"Port {port} is taken{f' by {holder}' if holder else ''}.",
                f"Stop that program, or choose another port: MEKTEP_PORT={port + 1} make demo",
                exit_code=2,
            )

    def _step(self, key: str, title: str, work: Callable[[], None], *, mark: str = "") -> None:
        self.journal.begin(key)
        with self.progress.step(title):
            work()
        self.journal.finish(key, mark)

    def _servers(self) -> None:
        database = postgres.ensure(self.root, "demo")
        broker = redis.ensure(self.root, "demo")
        more = eds.variables(self.home) | antivirus.variables(self.home)
        self.values = environment.write(self.root, "demo", database, broker, more)
        eds.start(self.home, self.values)
        antivirus.start(self.home, self.values)
        if postgres.create_database(database, environment.DATABASE):
            # A new database knows nothing of what an earlier one had.
            self.journal.forget("migrate", "fill")

    def _start_over_if_filling_broke(self) -> None:
        if self.journal.begun("fill"):
            self.console.print(
                "  The filling was not finished last time: starting again from an empty database."
            )
            web.stop(self.home)
            database = postgres.ensure(self.root, "demo")
            # The queue speaks of schools that are about to vanish.
            redis.stop(self.root, "demo")
            if database.ours:
                postgres.stop(self.root, "demo")
                shutil.rmtree(self.home.servers / "postgres")
            else:
                postgres.drop_database(database, environment.DATABASE)
            self.journal.forget("migrate", "fill")
            self._servers()

    def _messages(self) -> None:
        self._run("messages", [sys.executable, str(PROJECT / "tools" / "messages.py"), "--compile"])

    def _mektep(self, key: str, *arguments: str) -> None:
        self._run(key, [*PRODUCT, *arguments])

    def _run(self, key: str, argv: list[str]) -> None:
        """Run one step's command, show how it goes, and keep what it said in a log of its own."""
        log = self.home.logs / f"demo-{key}.log"
        supervisor = processes.Supervisor(self.home.state / "run")
        child = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=PROJECT,
            env=environment.for_child(self.values),
            # While the step lives, nobody else may begin: it holds the run's lock too, and dies with the run.
            pass_fds=[self.lock],
            preexec_fn=processes.die_with_parent,
        )
        supervisor.record("step", psutil.Process(child.pid))
        with log.open("w") as written:
            for line in child.stdout or ():
                written.write(line)
                written.flush()
                self.progress.say(line.rstrip())
        code = child.wait()
        (supervisor.folder / "step.pid").unlink(missing_ok=True)
        if code:
            raise StackError(
                f"The step '{key}' failed (exit {code}).",
                # Elsewhere than on a terminal its lines have been shown already.
                (f"{processes.tail(log, 20)}\n" if self.console.is_terminal else "")
                + f"What it said: {log}\nMend it and run `make demo` again.",
            )

    def _web(self, sources: str) -> None:
        port = environment.web_port()
        if web.port_in_use(self.home) not in (None, port) or not self.journal.done(
            "web", sources, even_if_begun=True
        ):
            web.stop(self.home)
        web.start(self.home, self.values, port)


def fingerprint(project: Path) -> str:
    """A mark of the sources: another one means that tables, messages and processes must be renewed."""
    digest = hashlib.sha256()
    for name in WATCHED:
        for file in sorted((project / name).rglob("*")):
            if file.suffix in WATCHED_SUFFIXES and "node_modules" not in file.parts:
                found = file.stat()
                digest.update(f"{file} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
