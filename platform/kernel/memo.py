"""What one process remembers for a while: bounded, per tenant, and only under a key that changes with the truth.

A memo is for things that are costly to work out and cheap to recognise as outdated (a stamp, a version in the key).
It is not shared between processes; kernel.cache is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar, cast

from kernel.tenancy import current_or_none

T = TypeVar("T")


class Memo(Generic[T]):
    """At most `size` things, the oldest leave first; none is believed longer than `seconds`."""

    def __init__(self, *, size: int, seconds: float) -> None:
        self._size = size
        self._seconds = seconds
        self._kept: dict[Hashable, tuple[float, T]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The current tenant's thing under the key, made now unless it is remembered."""
        tenant = current_or_none()
        full = (tenant.id if tenant else None, tenant.schema if tenant else "", key)
        found = self._kept.get(full)
        now = time.monotonic()
        if found is not None and now - found[0] < self._seconds:
            return found[1]
        made = make()
        with self._lock:
            self._kept.pop(full, None)
            self._kept[full] = (now, made)
            while len(self._kept) > self._size:
                if self._kept.pop(next(iter(self._kept)), None) is None:
                    # A key whose hash has changed since (words not yet translated) can't be found any more.
                    self._kept.clear()
        return made

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


ALL: list[Memo[object]] = []


def memo(*, size: int, seconds: float) -> Memo[T]:
    """A memo that `clear_all` knows."""
    made: Memo[T] = Memo(size=size, seconds=seconds)
    ALL.append(cast("Memo[object]", made))
    return made


def clear_all() -> None:
    """Forget everything: tests, whose databases come and go under the same stamps."""
    for one in ALL:
        one.clear()
