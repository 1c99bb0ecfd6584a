"""A server for an hour: the cell as it was at a moment, on a port of its own, gone at the end.

It opens to the owner of the database alone, on loopback. What it is made of lies readable on the disk while it lives, as the
cell's own data do.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from django.conf import settings

from kernel import tenancy
from kernel.tenancy import Server
from stack import ports
from tenants.moments import programs
from tenants.moments.ports import Archive, Report

PATIENCE = 3600  # seconds of recovery
# A server that recovers may have no less of these than the one that wrote the WAL had.
_CONTROLLED = {
    "max_connections": "max_connections",
    "max_worker_processes": "max_worker_processes",
    "max_wal_senders": "max_wal_senders",
    "max_prepared_xacts": "max_prepared_transactions",
    "max_locks_per_xact": "max_locks_per_transaction",
}
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "archive_mode": "off",
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "hot_standby": "off",  # it answers when it has arrived, not on the way
    "ssl": "off",
    "shared_preload_libraries": "",
    "jit": "off",
    "timezone": "UTC",
}


@contextmanager
def instance(archive: Archive, at: datetime, report: Report = lambda _: None) -> Iterator[Server]:
    """The cell as it was at the moment. Raises NoBase, and ToolFailed when the archive does not reach the moment."""
    with _room() as room:
        data = room / "data"
        data.mkdir(mode=0o700)
        _give(data)
        wanted = archive.lay_out(data, at)
        report("the copy is laid out")
        major = int((data / "PG_VERSION").read_text())
        port = ports.free_port()
        _configure(room, wanted | _controlled(data, major) | {"port": str(port)})
        server = Server("127.0.0.1", port, str(settings.DATABASES["default"]["NAME"]))
        control = programs.program("pg_ctl", major=major)
        options = f"-c config_file={room}/server.conf"
        # It counts as started at once, and answers when it has arrived.
        start = [control, "start", "-s", "-w", "-D", str(data), "-l", str(room / "log"), "-o", options]
        try:
            programs.run(["/usr/bin/nice", "-n", "10", *start])
        except programs.ToolFailed:
            raise _ended(room) from None
        try:
            _arrived(server, room)
            report(f"recovered to {at:%d.%m.%Y %H:%M:%S}")
            yield server
        finally:
            tenancy.forget(server=server)
            if (data / "postmaster.pid").exists():
                programs.run([control, "stop", "-s", "-w", "-m", "immediate", "-D", str(data)])


def _arrived(server: Server, room: Path) -> None:
    """Wait until the recovery is over. Raises ToolFailed with the server's last words when it ends before the moment."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and (room / "data" / "postmaster.pid").exists():
        try:
            psycopg.connect(
                host=server.host,
                port=server.port,
                dbname=server.database,
                user=settings.DB_OWNER_USER,
                password=settings.DB_OWNER_PASSWORD,
                connect_timeout=5,
            ).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise _ended(room)


def _ended(room: Path) -> programs.ToolFailed:
    log = room / "log"
    said = log.read_text(errors="replace").splitlines()[-6:] if log.exists() else ["it did not begin"]
    return programs.ToolFailed(tool="the recovery", said="\n".join(said))


@contextmanager
def _room() -> Iterator[Path]:
    """A folder of the server's account, removed whatever happens."""
    parent = str(settings.ARCHIVE["scratch"] or "/var/tmp")  # noqa: S108 - the folder in it is ours alone
    room = Path(tempfile.mkdtemp(prefix="mektep-moment-", dir=parent))
    _give(room)
    try:
        yield room
    finally:
        shutil.rmtree(room)


def _give(path: Path) -> None:
    if (owner := programs.account()) is not None:
        os.chown(path, owner.uid, owner.gid)


def _configure(room: Path, wanted: dict[str, str]) -> None:
    """Settings and ways in of its own: those of the cell may lie elsewhere, and open to more."""
    (room / "hba.conf").write_text(f'host all "{settings.DB_OWNER_USER}" 127.0.0.1/32 scram-sha-256\n')
    (room / "ident.conf").touch()
    values = {
        "data_directory": room / "data",
        "hba_file": room / "hba.conf",
        "ident_file": room / "ident.conf",
    }
    lines = [
        f"{name} = '{str(value).replace(chr(39), chr(39) * 2)}'"
        for name, value in {**values, **_SETTINGS, **wanted}.items()
    ]
    (room / "server.conf").write_text("\n".join(lines) + "\n")
    # What ALTER SYSTEM said of the cell counts for more than a file of settings; of it only recovery's words stay.
    automatic = room / "data" / "postgresql.auto.conf"
    kept = [line for line in automatic.read_text().splitlines() if line.startswith(("restore_", "recovery_"))]
    automatic.write_text("\n".join(kept) + "\n")
    for path in (*room.glob("*.conf"), automatic, *(room / "data").glob("recovery.signal")):
        _give(path)


def _controlled(data: Path, major: int) -> dict[str, str]:
    told = programs.run([programs.program("pg_controldata", major=major), str(data)])
    return {
        setting: found[1]
        for name, setting in _CONTROLLED.items()
        if (found := re.search(rf"^{name} setting:\s+(\d+)$", told, re.MULTILINE))
    }
