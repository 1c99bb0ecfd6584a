"""How far a check or a load has come, told every few hundred rows and at each part of it to whoever waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

EVERY = 250
One = TypeVar("One")


class Progress(Protocol):
    """Takes what is told; `kernel.jobs.JobContext.progress` is one. Raises to stop the work."""

    def __call__(self, done: int, total: int, message: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Steps:
    """The way through `total` rows. Without `progress` nobody waits and nothing is told."""

    progress: Progress | None
    total: int

    def tell(self, share: float, what: Any) -> None:
        """A part begins: what is done in it, and what share of the whole is behind."""
        if self.progress is not None:
            self.progress(round(self.total * share), self.total, str(what))

    def each(self, rows: Sequence[One], what: Any, *, start: float = 0.0, end: float = 1.0) -> Iterator[One]:
        """The rows one after another, with a word at the first of them and every few hundred: from share to share."""
        for place, row in enumerate(rows):
            if place % EVERY == 0:
                self.tell(start + (end - start) * place / len(rows), what)
            yield row
