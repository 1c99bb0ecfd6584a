"""The product's own processes: the web server, and the worker of events and jobs with its clock."""

from __future__ import annotations

import contextlib
import http.client
import sys
from functools import partial
from pathlib import Path

from celery import Celery
from celery.app.control import Control
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from stack import environment
from stack.homes import PROJECT, Home, made
from stack.processes import Program, Supervisor, wait_for

WEB = "web"
WORKER = "worker"
# One process that loads the product once and forks: events are held up only when three jobs are long at once.
QUEUES, CONCURRENCY = "events,work", 3
THREADS = 4
# Where config.settings puts the queue; with another number the workers would seem never to be ready.
BROKER_DATABASE = 1
PATIENCE = 90.0


def start(home: Home, values: dict[str, str], port: int) -> None:
    """Start both unless they run, and wait until the one serves a page and the other takes tasks."""
    supervisor = Supervisor(home.state / "run")
    programs = [_web(home, values, port), _worker(home, values)]
    running = {program.name: supervisor.start(program) for program in programs}
    (home.state / "web.port").write_text(str(port))
    control = Celery(broker=f"{values['MEKTEP_REDIS_URL']}/{BROKER_DATABASE}").control
    for program in programs:
        if program.name == WEB:
            ready = partial(healthy, port)
        else:
            ready = partial(_takes_tasks, control, f"{program.name}@{_node(home)}")
        what = f"{program.name} process"
        wait_for(running[program.name], ready, what=what, log=program.log, patience=PATIENCE)


def stop(home: Home) -> bool:
    supervisor = Supervisor(home.state / "run")
    stopped = [supervisor.stop(name) for name in (WEB, WORKER)]
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
    argv += [
        "--preload",
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        str(THREADS),
        "--timeout",
        "60",
    ]
    argv += ["--graceful-timeout", "10", "--worker-tmp-dir", str(made(home.state / "tmp", 0o700))]
    return _program(home, WEB, argv, values)


def _worker(home: Home, values: dict[str, str]) -> Program:
    argv = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--queues", QUEUES]
    argv += ["--concurrency", str(CONCURRENCY), "--loglevel", "INFO", "--hostname", f"{WORKER}@{_node(home)}"]
    argv += ["--beat", "--schedule", str(home.state / "beat-schedule")]
    argv += ["--without-mingle", "--without-gossip"]
    return _program(home, WORKER, argv, values)


def _node(home: Home) -> str:
    return home.displaced_path().name


def _program(home: Home, name: str, argv: list[str], values: dict[str, str]) -> Program:
    log: Path = home.logs / f"demo-{name}.log"
    return Program(name, argv, environment.for_child(values), PROJECT, log)


def _takes_tasks(control: Control, node: str) -> bool:
    try:
        return bool(control.ping(destination=[node], timeout=0.5))
    except (OSError, RedisError, KombuError):  # the broker is not there, or has just begun
        return False
