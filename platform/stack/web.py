"""The product's own processes: the web server, the worker of jobs, the worker of events with the clock."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import sys
from functools import partial
from pathlib import Path

from stack import environment
from stack.homes import PROJECT, Home, made
from stack.processes import Program, Supervisor, wait_for

WEB = "web"
WORKER, EVENTS = "worker", "events"
# A long job must not hold up the events from which the figures follow: a process for each.
QUEUES = {EVENTS: "events", WORKER: "work"}
THREADS = 4
PATIENCE = 90.0


def start(home: Home, values: dict[str, str], port: int) -> None:
    """Start all unless they run, and wait until the one serves a page and the others take tasks."""
    supervisor = Supervisor(home.state / "run")
    programs = [_web(home, values, port), *(_worker(home, name, values) for name in QUEUES)]
    running = {program.name: supervisor.start(program) for program in programs}
    (home.state / "web.port").write_text(str(port))
    for program in programs:
        process = running[program.name]
        if program.name == WEB:
            ready = partial(healthy, port)
        else:
            ready = partial(_takes_tasks, f"{program.name}@{_node(home)}", values)
        wait_for(process, ready, what=f"{program.name} process", log=program.log, patience=PATIENCE)


def stop(home: Home) -> bool:
    supervisor = Supervisor(home.state / "run")
    stopped = [supervisor.stop(name) for name in (WEB, *QUEUES)]
    return any(stopped)


def port_in_use(home: Home) -> int | None:
    """The port our own running web server has, None when it does not run."""
    if Supervisor(home.state / "run").find(WEB) is None:
        return None
    with contextlib.suppress(OSError, ValueError):
        return int((home.state / "web.port").read_text())
    return None


def healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "mektep.localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _web(home: Home, values: dict[str, str], port: int) -> Program:
    argv = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    argv += ["--worker-class", "gthread", "--workers", "2", "--threads", str(THREADS), "--timeout", "60"]
    argv += ["--graceful-timeout", "10", "--worker-tmp-dir", str(made(home.state / "tmp", 0o700))]
    return _program(home, WEB, argv, values)


def _worker(home: Home, name: str, values: dict[str, str]) -> Program:
    argv = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--queues", QUEUES[name]]
    argv += ["--concurrency", "1", "--loglevel", "INFO", "--hostname", f"{name}@{_node(home)}"]
    if name == EVENTS:
        argv += ["--beat", "--schedule", str(home.state / "beat-schedule")]
    return _program(home, name, argv, values)


def _node(home: Home) -> str:
    return home.displaced_path().name


def _program(home: Home, name: str, argv: list[str], values: dict[str, str]) -> Program:
    log: Path = home.logs / f"demo-{name}.log"
    return Program(name, argv, environment.for_child(values), PROJECT, log)


def _takes_tasks(node: str, values: dict[str, str]) -> bool:
    asked = subprocess.run(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config.celery",
            "inspect",
            "ping",
            "--timeout",
            "2",
            "--destination",
            node,
        ],
        check=False,
        capture_output=True,
        cwd=PROJECT,
        env=environment.for_child(values),
        stdin=subprocess.DEVNULL,
    )
    return asked.returncode == 0
