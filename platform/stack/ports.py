"""Loopback ports: which are free, and who sits on one that is not."""

from __future__ import annotations

import socket
from pathlib import Path

import psutil


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # Without this a port in TIME_WAIT counts as taken; a listening one is refused all the same.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """The preferred port when nobody has it, any free one otherwise."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def remembered(file: Path) -> int | None:
    """The port that was written there; a run that was killed while it wrote leaves an empty file."""
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return None


def holder(port: int) -> str:
    """Who listens on the port, in words; empty when the system does not tell us."""
    try:
        listening = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return ""
    for connection in listening:
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
            try:
                command = " ".join(psutil.Process(connection.pid).cmdline())
            except psutil.Error:
                return f"process {connection.pid}"
            return f"process {connection.pid}: {command[:90]}"
    return ""
