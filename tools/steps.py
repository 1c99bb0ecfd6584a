"""Steps of a long command: each named and timed, the first that fails ends the run with a clear line."""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(sys.executable).parent


class Failed(Exception):
    """A step did not succeed; its own output has said why."""


class Skipped(Exception):
    """A step could not be done here, for the reason given."""


def step(title: str, work: Callable[[], None]) -> None:
    """Do one step. A skipped one is said aloud: silence would look like success."""
    print(f"── {title}", flush=True)
    began = time.monotonic()
    try:
        work()
    except Skipped as reason:
        print(f"–  {title}: SKIPPED, {reason}", flush=True)
    except Failed as reason:
        print(f"✗  {title}: FAILED after {time.monotonic() - began:.1f} s. {reason}", flush=True)
        raise
    else:
        print(f"✓  {title} ({time.monotonic() - began:.1f} s)", flush=True)


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
    """Run a command in the project, with its output shown; Failed unless it succeeds."""
    done = subprocess.run(command, check=False, cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Failed(f"(exit {done.returncode}) again alone: {_shown(command)}")


def _shown(command: Sequence[str]) -> str:
    return " ".join(part.removeprefix(f"{ROOT}/") for part in command)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock, waiting for another run to end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another test run is at work here; waiting for its end …", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
