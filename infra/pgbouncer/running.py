"""PgBouncer for tests, on loopback, in a folder of its own; found where the system has it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from infra.pgbouncer import configuration
from infra.pgbouncer.configuration import Pooler

_PLACES = "/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin"
_NOBODY = 65534
PATIENCE = 10  # seconds


def find() -> str | None:
    """The program, where it is installed (Debian: pgbouncer)."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path=_PLACES)


@contextmanager
def running(pooler: Pooler, roles: dict[str, str]) -> Iterator[int]:
    """Serve the roles; answers the port."""
    program = find()
    if program is None:
        raise FileNotFoundError("pgbouncer is not installed")
    with tempfile.TemporaryDirectory(prefix="mektep-pooler-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        configuration.write(replace(pooler, port=port, folder=Path(folder)), roles)
        is_root = os.geteuid() == 0
        if is_root:  # it refuses to run as root
            for path in (Path(folder), *Path(folder).iterdir()):
                os.chown(path, _NOBODY, _NOBODY)
        process = subprocess.Popen(
            [program, "-q", str(Path(folder) / "pgbouncer.ini")],
            user=_NOBODY if is_root else None,
            group=_NOBODY if is_root else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(process, port, Path(folder) / "pgbouncer.log")
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    said = log.read_text(encoding="utf-8")[-600:] if log.exists() else ""
    raise RuntimeError(f"pgbouncer did not start: {said}")
