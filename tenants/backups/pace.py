"""Restoring so that the schools that work meanwhile hardly notice it: a steady little instead of all at once.

Measured by `tools/moment.py`. Rests are by bytes and not by the clock: what is written waits in the socket, so the time that
it takes the server is not seen from here.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

WRITTEN, READ = 2_000_000, 8_000_000  # bytes of COPY text, after which a second is rested in all
PIECE = 32 * 1024
NICE = 10


@contextmanager
def in_background(is_wanted: bool) -> Iterator[None]:
    """This thread, and the programs that it starts, take what the others leave of this machine's processors."""
    if not is_wanted:
        yield
        return
    thread = threading.get_native_id()
    before = os.getpriority(os.PRIO_PROCESS, thread)
    os.setpriority(os.PRIO_PROCESS, thread, max(before, NICE))
    try:
        yield
    finally:
        # Only the administrator may go forward again; a command ends here anyway.
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, thread, before)


class Pace:
    """Rests after every piece as long as its bytes would take at the rate; None never rests."""

    def __init__(self, rate: float | None, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.rate, self._sleep = rate, sleep
        self._since = 0  # bytes since the last rest

    def pieces(self, part: bytes) -> Iterator[bytes | memoryview]:
        """The part in small pieces, with a rest after each."""
        if self.rate is None:
            yield part
            return
        view = memoryview(part)
        for start in range(0, len(view), PIECE):
            piece = view[start : start + PIECE]
            yield piece
            self.passed(len(piece))

    def passed(self, size: int) -> None:
        """So many bytes went by."""
        self._since += size
        if self.rate is not None and self._since >= PIECE:
            self._sleep(self._since / self.rate)
            self._since = 0
