"""The antivirus of the demo: a program on loopback that speaks as clamd does and knows one harmless virus."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress

from stack import environment, ports
from stack.homes import PROJECT, Home
from stack.processes import Program, Supervisor, wait_for

NAME = "antivirus"
PATIENCE = 30.0


def variables(home: Home) -> dict[str, str]:
    """Where the product finds it: the port of the last time when it is free or ours."""
    known = home.state / "antivirus.port"
    port = int(known.read_text()) if known.exists() else None
    if port is None or Supervisor(home.state / "run").find(NAME) is None:
        port = ports.free_port(port)
        known.write_text(str(port))
    return {"MEKTEP_ANTIVIRUS": "sim", "MEKTEP_CLAMD_URL": f"tcp://127.0.0.1:{port}"}


def start(home: Home, values: dict[str, str]) -> None:
    """Start it unless it runs, and wait until it listens."""
    port = values["MEKTEP_CLAMD_URL"].rpartition(":")[2]
    argv = [sys.executable, "-m", "integrations.clamav", "--port", port]
    log = home.logs / "demo-antivirus.log"
    program = Program(NAME, argv, environment.for_child(values), PROJECT, log)
    running = Supervisor(home.state / "run").start(program)
    wait_for(running, lambda: _listens(int(port)), what="antivirus of the demo", log=log, patience=PATIENCE)


def stop(home: Home) -> bool:
    return Supervisor(home.state / "run").stop(NAME)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
