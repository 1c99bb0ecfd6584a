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
        # A program just begun has no command line for a moment.
        deadline = time.monotonic() + 2
        while not (command := process.cmdline()) and time.monotonic() < deadline:
            time.sleep(0.01)
        note = {"pid": process.pid, "started": process.create_time(), "command": command}
        write_private(self.folder / f"{name}.pid", json.dumps(note))

    def find(self, name: str) -> psutil.Process | None:
        """The running program of that name, None when it is gone or its number belongs to a stranger."""
        try:
            note = json.loads((self.folder / f"{name}.pid").read_text())
            process = psutil.Process(note["pid"])
            same = (
                abs(process.create_time() - note["started"]) < START_TIME_TOLERANCE
                and process.cmdline() == note["command"]
                and lives(process)
            )
        except (OSError, ValueError, KeyError, TypeError, psutil.Error):
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
    """Ask the leader, who sends its own children home; then see to those it left behind."""
    family = [process, *_children(process)]
    process.terminate()
    remaining = still_alive([process], patience)
    for left_behind in {*still_alive(family, 0), *_session(process.pid)} - set(remaining):
        _signal(left_behind, signal.SIGTERM)
    for survivor in still_alive([*family, *_session(process.pid)], 3):
        _signal(survivor, signal.SIGKILL)
    still_alive(family, 5)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def still_alive(processes: Sequence[psutil.Process], patience: float) -> list[psutil.Process]:
    """Who is still at work after waiting. A zombie is not: it is dead, its init only has not buried it yet."""
    deadline = time.monotonic() + patience
    while True:
        alive = [process for process in processes if lives(process)]
        if not alive or time.monotonic() >= deadline:
            return alive
        time.sleep(0.02)


def lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


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
        if not lives(process):
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
