"""A PostgreSQL server of our own on loopback: made, started, found again and stopped.

`ensure` may be called at any time and by several at once: it mends what an interrupted run left behind and
gives back a server that has answered.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from stack import binaries, ports
from stack.errors import StackError
from stack.homes import Account, Home, as_user
from stack.processes import die_with_parent, lives, still_alive

logger = logging.getLogger(__name__)

SUPERUSER = "mektep"
ATTEMPTS = 5
PATIENCE = 60.0
LONGEST_SOCKET_FOLDER = 90

SHARED = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "128MB",
    # Cloning and dropping a school's schema locks all its tables in one transaction.
    "max_locks_per_transaction": "512",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
DURABLE = {**SHARED, "max_connections": "300", "max_wal_size": "2GB"}
SETTINGS = {
    "demo": DURABLE,
    # Every commit waits for the disk, as in production: a benchmark of writes says nothing otherwise.
    "bench": {**DURABLE, "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"},
    # As docs/scale.md wants a cell of a thousand schools to be: their catalogue stays in memory.
    "scale": {
        **DURABLE,
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "shared_buffers": "4GB",
        "max_locks_per_transaction": "1024",
        "max_wal_size": "16GB",
        "checkpoint_timeout": "30min",
        "wal_compression": "lz4",
    },
    # A cell that can be restored to a moment: its WAL goes to an archive, which `mektep cell configure` names.
    "cell": {
        **DURABLE,
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_level": "replica",
        "max_wal_senders": "4",
        "archive_mode": "on",
        "archive_timeout": "60",
    },
    "test": {
        **SHARED,
        "max_connections": "300",
        "max_wal_size": "4GB",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    },
}


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server that answers, and the account that may do everything on it."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    bin_dir: Path | None = None
    """Its programs; None when the server is not ours."""

    @property
    def ours(self) -> bool:
        return self.bin_dir is not None

    def dsn(self, database: str = "postgres") -> str:
        account = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"postgresql://{account}@{self.host}:{self.port}/{quote(database, safe='')}"


def ensure(home: Path, profile: str) -> Server:
    """A running server for the profile: the one DATABASE_URL names, or our own."""
    url = os.environ.get("DATABASE_URL")
    if url:
        return _external(url)
    house = Home.at(home, profile)
    with house.lock("postgres"):
        return Cluster(house).ensure()


def stop(home: Path, profile: str) -> bool:
    """Stop our own server; False when there was none running."""
    house = Home.at(home, profile)
    with house.lock("postgres"):
        return Cluster(house).stop()


def status(home: Path, profile: str) -> str:
    """One line about our own server."""
    postmaster = Cluster(Home.at(home, profile)).postmaster()
    return f"running (process {postmaster.pid})" if postmaster else "stopped"


def create_database(server: Server, name: str) -> bool:
    """Make an empty database unless it exists; True when made."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    return True


def drop_database(server: Server, name: str) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class Cluster:
    """The data directory of one profile and the server upon it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.account: Account | None = home.account
        self.folder = home.owned("postgres")
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"

    def ensure(self) -> Server:
        self._drop_remains()
        password = self.home.secret("postgres.password")
        postmaster = self.postmaster()
        if postmaster is None:
            programs = binaries.find(self.home, major=self._major())
            if not self.data.exists():
                self._initialise(programs, password)
            self._start(programs)
        port = self._port()
        server = Server("127.0.0.1", port, SUPERUSER, password, self._bin_dir())
        self._wait_until_it_answers(server)
        return server

    def stop(self) -> bool:
        postmaster = self.postmaster()
        if postmaster is None:
            return False
        # SIGINT is the fast shutdown: sessions are ended, data is written. SIGQUIT only when it hangs.
        for request in (signal.SIGINT, signal.SIGQUIT):
            postmaster.send_signal(request)
            if not still_alive([postmaster], PATIENCE / 2):
                return True
        raise StackError(f"PostgreSQL (process {postmaster.pid}) does not stop.", f"Look at {self.log}")

    def postmaster(self) -> psutil.Process | None:
        """Our running server; a stranger who got the number in a stale pid file is not it."""
        lines = self._pid_file()
        if not lines:
            return None
        try:
            process = psutil.Process(int(lines[0]))
            # The postmaster and its children work in its data directory, and nobody else does.
            return process if lives(process) and self._works_here(process) else None
        except (psutil.Error, ValueError):
            return None

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _port(self) -> int:
        """The port the running server has written down; it does so a moment after its start."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            lines = self._pid_file()
            if len(lines) > 3 and lines[3].strip().isdigit():
                return int(lines[3])
            time.sleep(0.05)
        raise StackError("PostgreSQL has not told its port.", f"Look at {self.log}")

    def _bin_dir(self) -> Path:
        options = (self.data / "postmaster.opts").read_text()
        return Path(options.split()[0]).parent

    def _major(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text().strip())
        except OSError:
            return None

    def _drop_remains(self) -> None:
        """Remove a half-made data directory, and data whose password went with a removed home."""
        for remains in self.folder.glob("new-*"):
            shutil.rmtree(remains, ignore_errors=True)
        if self.data.exists() and not self.home.secret_path("postgres.password").exists():
            logger.warning(
                "The data in %s has lost its password with the folder it belonged to: removed.", self.data
            )
            self.stop()
            shutil.rmtree(self.data)

    def _initialise(self, programs: binaries.Binaries, password: str) -> None:
        """Make the data directory beside its place and move it there when it is whole."""
        new = self.folder / f"new-{os.getpid()}"
        new.mkdir(mode=0o700)
        password_file = new / "password"
        password_file.write_text(password)
        password_file.chmod(0o600)
        if self.account is not None:
            os.chown(new, self.account.uid, self.account.gid)
            os.chown(password_file, self.account.uid, self.account.gid)
        locale = ["--locale=C.UTF-8"]
        if programs.major >= 17:
            locale += ["--locale-provider=builtin"]
        durability = ["--no-sync"] if self.home.profile == "test" else []
        made = subprocess.run(
            [
                programs.program("initdb"),
                "-D",
                str(new / "data"),
                "-U",
                SUPERUSER,
                "--encoding=UTF8",
                "--auth=scram-sha-256",
                f"--pwfile={password_file}",
                "--data-checksums",
                *locale,
                *durability,
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env=self._environment(),
            preexec_fn=die_with_parent,
            **as_user(self.account),
        )
        if made.returncode:
            raise StackError("PostgreSQL could not make its data directory.", made.stderr[-800:].strip())
        password_file.unlink()
        (new / "data").rename(self.data)
        new.rmdir()

    def _start(self, programs: binaries.Binaries) -> None:
        self._wait_for_orphans()
        # Nobody runs on this data (we hold the lock and have looked), so these files are a dead server's. Its number
        # may be another's by now, or that of a zombie: the new server would believe that the old one lives.
        for left_behind in (self.data / "postmaster.pid", *self.data.glob(".s.PGSQL.*")):
            left_behind.unlink(missing_ok=True)
        remembered = self.home.state / "postgres.port"
        preferred = ports.remembered(remembered)
        for _attempt in range(ATTEMPTS):
            port = ports.free_port(preferred)
            self.log.unlink(missing_ok=True)
            started = subprocess.run(
                [
                    programs.program("pg_ctl"),
                    "start",
                    "-w",
                    "-s",
                    "-D",
                    str(self.data),
                    "-t",
                    str(int(PATIENCE)),
                    "-l",
                    str(self.log),
                    "-o",
                    self._options(port),
                ],
                check=False,
                capture_output=True,
                text=True,
                cwd="/",
                env=self._environment(),
                **as_user(self.account),
            )
            if started.returncode == 0:
                remembered.write_text(str(port))
                return
            said = self.log.read_text(errors="replace") if self.log.exists() else started.stderr
            if "Address already in use" not in said:
                raise StackError(
                    "PostgreSQL did not start.", f"{said[-800:].strip()}\n(the whole log: {self.log})"
                )
            preferred = None
        raise StackError("PostgreSQL found no free port on loopback.", f"Look at {self.log}")

    def _wait_for_orphans(self) -> None:
        """A killed server's sessions end by themselves, a moment later; beside them another server spoils the data."""
        left = still_alive([one for one in psutil.process_iter() if self._works_here(one)], PATIENCE)
        if left:
            numbers = ", ".join(str(one.pid) for one in left)
            raise StackError(
                f"A dead PostgreSQL has left processes at work on {self.data}: {numbers}.", "End them."
            )

    def _works_here(self, process: psutil.Process) -> bool:
        try:
            return Path(process.cwd()) == self.data.resolve()
        except psutil.Error:
            return False

    def _options(self, port: int) -> str:
        fits = len(str(self.data)) <= LONGEST_SOCKET_FOLDER
        settings = {
            **SETTINGS[self.home.profile],
            "port": str(port),
            "unix_socket_directories": str(self.data) if fits and " " not in str(self.data) else "",
        }
        return " ".join(f"-c {name}='{value}'" for name, value in settings.items())

    def _environment(self) -> dict[str, str]:
        # Nothing of ours: PGDATA, PGPORT or a Kazakh locale of the shell would change what initdb makes.
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}

    def _wait_until_it_answers(self, server: Server) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(server.dsn(), connect_timeout=5) as connection:
                    row = connection.execute("SHOW data_directory").fetchone()
            except psycopg.OperationalError as refusal:
                if time.monotonic() > deadline or "authentication" in str(refusal):
                    raise StackError(
                        "PostgreSQL runs but refuses us.", f"{refusal}\nLook at {self.log}"
                    ) from refusal
                time.sleep(0.1)
                continue
            if row is None or Path(row[0]).resolve() != self.data.resolve():
                raise StackError(
                    f"Port {server.port} belongs to another PostgreSQL.", "Stop it and try again."
                )
            return


def _external(url: str) -> Server:
    """The server that DATABASE_URL names, after a look at whether it will do."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as refusal:
        raise StackError(f"DATABASE_URL is not a PostgreSQL address: {refusal}", exit_code=2) from refusal
    server = Server(
        host=str(parts.get("host") or "127.0.0.1"),
        port=int(parts.get("port") or 5432),
        user=str(parts.get("user") or "postgres"),
        password=str(parts.get("password") or ""),
    )
    try:
        with psycopg.connect(
            server.dsn(str(parts.get("dbname") or "postgres")), connect_timeout=10
        ) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version_num')::int / 10000,"
                " (SELECT rolsuper OR rolcreatedb AND rolcreaterole FROM pg_roles WHERE rolname = user),"
                " EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm'),"
                " EXISTS (SELECT FROM pg_collation WHERE collname = 'kk-x-icu')"
            ).fetchone()
    except psycopg.OperationalError as refusal:
        raise StackError(f"The server of DATABASE_URL does not answer: {refusal}", exit_code=2) from refusal
    major, may_create, has_contrib, has_icu = row or (0, False, False, False)
    wrong = [
        text
        for text, good in (
            (f"version {major} is older than {binaries.OLDEST}", major >= binaries.OLDEST),
            (f"{server.user} may not create databases and roles", may_create),
            ("the contrib extensions are missing", has_contrib),
            ("it was built without ICU", has_icu),
        )
        if not good
    ]
    if wrong:
        raise StackError(f"The server of DATABASE_URL will not do: {'; '.join(wrong)}.", exit_code=2)
    return server
