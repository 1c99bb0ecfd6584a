"""ЭЦП for the demo: a made-up authority, and programs that speak as NCALayer and NCANode do, on loopback.

Never started where schools are live: it stands in for what a teacher has on the own computer.
"""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from pathlib import Path

from stack import environment, ports
from stack.homes import PROJECT, Home, made
from stack.processes import Program, Supervisor, wait_for

NAME = "eds"
PATIENCE = 30.0


def variables(home: Home) -> dict[str, str]:
    """Where the product finds them: the ports of the last time when they are free or ours."""
    known = home.state / "eds.ports"
    before = [int(one) for one in known.read_text().split()] if known.exists() else [None, None]
    if Supervisor(home.state / "run").find(NAME) is None:
        before = [ports.free_port(one) for one in before]
        known.write_text(" ".join(map(str, before)))
    ncalayer, ncanode = before
    return {
        "MEKTEP_SIGNATURE_TRUST": str(_folder(home) / "trust"),
        "MEKTEP_NCALAYER_URL": f"ws://127.0.0.1:{ncalayer}",
        "MEKTEP_NCANODE_URL": f"http://127.0.0.1:{ncanode}",
    }


def start(home: Home, values: dict[str, str]) -> None:
    """Start it unless it runs, and wait until it listens."""
    layer, node = (values[f"MEKTEP_{name}_URL"].rpartition(":")[2] for name in ("NCALAYER", "NCANODE"))
    argv = [sys.executable, "-m", "integrations.eds_simulator", "--folder", str(_folder(home))]
    argv += ["--ncalayer", layer, "--ncanode", node]
    log = home.logs / "demo-eds.log"
    program = Program(NAME, argv, environment.for_child(values), PROJECT, log)
    running = Supervisor(home.state / "run").start(program)
    wait_for(running, lambda: _listens(int(layer)), what="simulator of ЭЦП", log=log, patience=PATIENCE)


def stop(home: Home) -> bool:
    return Supervisor(home.state / "run").stop(NAME)


def _folder(home: Home) -> Path:
    return made(home.state / "eds", 0o700)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
