"""Long-running programs of ours: started apart from the terminal, found again, stopped with their children.

A pid file alone proves nothing, since numbers are used again: it also holds the start time and the command,
and a process that differs in either is a stranger and is left in peace.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from stack.errors import StackError
from stack.homes import Account, as_user, made, write_private

START_TIME_TOLERANCE = 5.0
LARGEST_LOG = 20 * 1024 * 1024
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """A program to keep running."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    log: Path
    account: Account | None = None


class Supervisor:
    """The programs whose pid files lie in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = made(folder, 0o700)

    def start(self, program: Program) -> psutil.Process:
        """Start the program unless it runs already."""
        running = self.find(program.name)
        if running is not None:
            return running
        if program.log.exists() and program.log.stat().st_size > LARGEST_LOG:
            program.log.replace(program.log.with_suffix(".log.1"))
        made(program.log.parent)
        with program.log.open("ab") as log:
            child = subprocess.Popen(
                list(program.argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=program.folder,
                env=dict(program.environment),
                start_new_session=True,
                **as_user(program.account),
            )
        process = psutil.Process(child.pid)
        self.record(program.name, process)
        return process

    def record(self, name: str, process: psutil.Process) -> None:
        note = {"pid": process.pid, "started": process.create_time(), "command": process.cmdline()}
        write_private(self.folder / f"{name}.pid", json.dumps(note))

    def find(self, name: str) -> psutil.Process | None:
        """The running program of that name, None when it is gone or its number belongs to a stranger."""
        try:
            note = json.loads((self.folder / f"{name}.pid").read_text())
            process = psutil.Process(note["pid"])
            same = (
                abs(process.create_time() - note["started"]) < START_TIME_TOLERANCE
                and process.cmdline() == note["command"]
                and process.status() != psutil.STATUS_ZOMBIE
            )
        except (OSError, ValueError, KeyError, psutil.Error):
            return None
        return process if same else None

    def stop(self, name: str, *, patience: float = 20.0) -> bool:
        """End the program and everything it started; False when it was not running."""
        process = self.find(name)
        if process is not None:
            _end(process, patience)
        (self.folder / f"{name}.pid").unlink(missing_ok=True)
        return process is not None


def _end(process: psutil.Process, patience: float) -> None:
    family = [process, *_children(process)]
    process.terminate()
    _gone, alive = psutil.wait_procs(family, timeout=patience)
    # Those that did not listen, and any that were started meanwhile in the same session.
    for survivor in {*alive, *_session(process.pid)}:
        try:
            survivor.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(alive, timeout=5)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        found: list[psutil.Process] = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return found


def _session(leader: int) -> list[psutil.Process]:
    """Processes of the session that we opened with `start_new_session`."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader:
                found.append(process)
        except (ProcessLookupError, PermissionError):
            continue
    return found


def wait_for(
    process: psutil.Process, ready: Callable[[], bool], *, what: str, log: Path, patience: float = 60.0
) -> None:
    """Wait until `ready`, and say what the program said when it dies or never gets there."""
    deadline = time.monotonic() + patience
    while not ready():
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            raise StackError(f"The {what} ended at once.", f"{tail(log)}\n(the whole log: {log})")
        if time.monotonic() > deadline:
            raise StackError(f"The {what} is not ready after {patience:.0f} s.", f"{tail(log)}\n(log: {log})")
        time.sleep(0.15)


def tail(log: Path, lines: int = 15) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def die_with_parent() -> None:
    """Ask the kernel to end this child when the run that started it is killed."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except (OSError, AttributeError):
        return
