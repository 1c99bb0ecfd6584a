"""What a demo run has done so far, how it shows its progress, and that there is only one at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from stack.errors import StackError
from stack.homes import Home, made, write_private


class Journal:
    """The steps of the demo in `state.json`: begun, and done with which mark."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.steps: dict[str, dict[str, Any]] = {}
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            self.steps = dict(json.loads(path.read_text())["steps"])

    def done(self, key: str, mark: str = "", *, even_if_begun: bool = False) -> bool:
        step = self.steps.get(key, {})
        finished = bool(step.get("done_at")) and (even_if_begun or not step.get("begun"))
        return finished and (not mark or step.get("mark") == mark)

    def begun(self, key: str) -> bool:
        """Begun and never finished: the run was killed, or the step failed."""
        return bool(self.steps.get(key, {}).get("begun"))

    def begin(self, key: str) -> None:
        self.steps.setdefault(key, {})["begun"] = True
        self._write()

    def finish(self, key: str, mark: str = "") -> None:
        self.steps[key] = {"done_at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "mark": mark}
        self._write()

    def forget(self, *keys: str) -> None:
        for key in keys:
            self.steps.pop(key, None)
        self._write()

    def _write(self) -> None:
        write_private(self.path, json.dumps({"steps": self.steps}, indent=1))


class Progress:
    """Each step on a line with its time; a spinner on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.status: Status | None = None

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        began = time.monotonic()
        if self.console.is_terminal:
            self.status = self.console.status(title)
            self.status.start()
        try:
            yield
        except BaseException:
            self._end()
            self.console.print(f"[red]✗[/] {title} ({time.monotonic() - began:.1f} s)")
            raise
        self._end()
        self.console.print(f"[green]✓[/] {title} [dim]({time.monotonic() - began:.1f} s)[/]", highlight=False)

    def say(self, line: str) -> None:
        """A line of the step's own output."""
        if self.status is not None:
            self.status.update(f"[dim]{escape(line[:100])}[/]")
        elif line:
            self.console.print(f"    {escape(line)}", highlight=False)

    def _end(self) -> None:
        if self.status is not None:
            self.status.stop()
            self.status = None


@contextmanager
def single_run(home: Home, what: str, *, patience: float = 0) -> Iterator[int]:
    """Hold the profile's run lock, or say who holds it. Gives the lock, to be passed on to the steps."""
    deadline = time.monotonic() + patience
    path = made(home.root / "locks") / f"{home.profile}-run"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _locked(descriptor):
            if time.monotonic() >= deadline:
                raise StackError(
                    f"Another run is at work: {os.pread(descriptor, 200, 0).decode() or 'unknown'}.",
                    "Wait until it is done; a second run would gain nothing.",
                    exit_code=2,
                )
            time.sleep(0.1)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{what}, process {os.getpid()}, since {time.strftime('%H:%M:%S')}".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
