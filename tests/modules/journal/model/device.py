"""A teacher's device as islands/journal/queue.ts works: what is typed waits in a queue until it is answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from modules.journal.services import Operation, Result
from tests.modules.journal.model.book import Cell, cell_of


@dataclass
class Device:
    shown: dict[Cell, Any] = field(default_factory=dict)
    queue: list[Operation] = field(default_factory=list)
    tried: set[Any] = field(default_factory=set)
    strip: list[tuple[Operation, Result]] = field(default_factory=list)
    steps: list[tuple[Operation, Any]] = field(default_factory=list)
    sent: list[list[Operation]] = field(default_factory=list)

    def type(self, blank: Operation, new: Any, *, is_undo: bool = False) -> None:
        """Put a value into a cell; what still waits untried for the same cell is replaced."""
        cell = cell_of(blank)
        old = self.shown.get(cell)
        if not is_undo:
            self.steps.append((replace(blank, new=new), old))
        earlier = [one for one in self.queue if cell_of(one) == cell and one.id not in self.tried]
        started = earlier[0].old if earlier else old
        self.queue = [one for one in self.queue if one not in earlier]
        self.strip = [pair for pair in self.strip if cell_of(pair[0]) != cell]
        self.queue.append(replace(blank, id=uuid4(), old=started, new=new))
        self.shown[cell] = new

    def undo(self) -> None:
        """Put the last step back, unless the cell holds something else by now."""
        if self.steps:
            blank, before = self.steps.pop()
            if self.shown.get(cell_of(blank)) == blank.new:
                self.type(blank, before, is_undo=True)

    def decide(self, mine: bool) -> None:
        """Answer the first question of the strip."""
        if self.strip:
            one, __ = self.strip.pop(0)
            if mine:
                self.type(one, one.new)

    def reload(self, standing: Iterable[tuple[Cell, Any]]) -> None:
        """The page is loaded again: what stands, and over it what waits on the device."""
        self.shown = dict(standing)
        for one in self.queue:
            self.shown[cell_of(one)] = one.new

    def batch(self) -> list[Operation]:
        """The next request: each cell once."""
        chosen: dict[Cell, Operation] = {}
        for one in self.queue:
            chosen.setdefault(cell_of(one), one)
        self.tried |= {one.id for one in chosen.values()}
        batch = list(chosen.values())
        if batch:
            self.sent.append(batch)
        return batch

    def answered(self, batch: list[Operation], results: list[Result] | None) -> None:
        for one, result in zip(
            batch, results or [Result(one.id, "refused", one.new) for one in batch], strict=True
        ):
            if one not in self.queue:
                continue
            self.queue.remove(one)
            waits = any(cell_of(other) == cell_of(one) for other in self.queue)
            if not waits:
                self.shown[cell_of(one)] = result.value
            if result.status != "ok" and not waits:
                self.strip.append((one, result))
